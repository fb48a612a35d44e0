/* The single controls of a form: words, numbers, choices, days, ticks. Each gives { node, read, control }.
   `read` gives what the JSON will hold; undefined: not said. What cannot be a value is handed on as typed, so that the
   fault names it and nothing that was typed is lost. */

import { el, fill, same, sign } from "./el.js";

let count = 0;
export const freshId = () => `c${(count += 1)}`;

/** The frame of one field: label, hint, what the base says, and a place for faults. */
export function framed(place, schema, control, read, { group = false } = {}) {
  const id = control.id || (control.id = freshId());
  const { words } = place.context;
  const hint = schema.hint ? el("p", { class: "hint", id: `${id}-h` }, schema.hint) : null;
  const was = el("p", { class: "hint was", hidden: true });
  const fault = el("p", { class: "fault", id: `${id}-f`, hidden: true });
  const title = [schema.title, schema.unit && !group && !schema.title.toLowerCase().includes(schema.unit.toLowerCase()) ? el("span", { class: "quiet" }, ` ${schema.unit}`) : null];
  const node = group
    ? el("fieldset", { class: "fld" }, el("legend", {}, schema.title), hint, control, was, fault)
    : el("div", { class: "fld" }, el("label", { for: id }, title), hint, control, was, fault);
  node.dataset.path = place.path;
  if (hint) control.setAttribute("aria-describedby", `${id}-h ${id}-f`);
  else control.setAttribute("aria-describedby", `${id}-f`);
  const compare = () => {
    if (place.was === undefined || !place.context.base) return;
    const now = read();
    const said = place.was === null ? words.none : place.shown ? place.shown(place.was) : String(place.was);
    was.hidden = same(now ?? null, place.was ?? null) || said.length > 80;
    was.textContent = fill(words.was, { n: place.context.base, value: said });
  };
  node.addEventListener("input", compare);
  compare();
  return { node, read, control };
}

export function text(schema, value, place) {
  const input = el("input", { type: "text", class: "inp", value: shown(value), autocomplete: "off", spellcheck: schema.maxLength > 60 });
  if (schema.pattern) input.spellcheck = false;
  return framed(place, schema, input, () => (input.value === "" && (schema.minLength ?? 1) > 0 ? undefined : input.value));
}

export function words(schema, value, place) {
  const area = el("textarea", { rows: 9, value: shown(value) });
  return framed(place, schema, area, () => (area.value.trim() === "" ? undefined : area.value));
}

export function list(schema, value, place) {
  const area = el("textarea", { rows: 4, value: (Array.isArray(value) ? value : []).join("\n") });
  const hint = schema.hint || place.context.words.one_a_line;
  return framed(place, { ...schema, hint }, area, () => area.value.split("\n").map((line) => line.trim()).filter(Boolean));
}

export function number(schema, value, place) {
  const { words: said } = place.context;
  const step = schema.maximum >= 120 ? 5 : 1;
  const input = el("input", { class: "inp", type: "text", inputMode: "numeric", autocomplete: "off", value: shown(value) });
  const turn = (way) => () => {
    const now = /^\d+$/.test(input.value.trim()) ? Number(input.value) : schema.minimum;
    const next = way > 0 ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
    input.value = Math.min(schema.maximum, Math.max(schema.minimum, next));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") { event.preventDefault(); turn(event.key === "ArrowUp" ? 1 : -1)(); }
  });
  const box = el("div", { class: "step" },
    el("button", { type: "button", onclick: turn(-1), "aria-label": fill(said.fewer, { what: schema.title }) }, "\u2212"), input,
    el("button", { type: "button", onclick: turn(1), "aria-label": fill(said.more, { what: schema.title }) }, "+"));
  const read = () => {
    const typed = input.value.trim();
    if (typed === "") return schema.empty ? null : undefined;
    return /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
  };
  input.id = freshId();
  const field = framed(place, schema, input, read);
  field.node.insertBefore(box, input.nextSibling ?? null);
  box.insertBefore(input, box.lastChild);
  return field;
}

export function day(schema, value, place) {
  const input = el("input", { type: "date", value: shown(value) });
  return framed(place, schema, input, () => input.value || (schema.empty ? null : undefined));
}

export function flag(schema, value, place) {
  const { words: said } = place.context;
  const input = el("input", { type: "checkbox", checked: value === true, id: freshId() });
  const shownAs = { ...place, was: place.was ?? undefined, shown: (old) => (old ? said.yes : said.no) };
  const field = framed(shownAs, { hint: schema.hint }, input, () => input.checked);
  field.node.querySelector("label")?.remove();
  field.node.insertBefore(el("label", { class: "tick", for: input.id }, input, el("span", {}, schema.title)), field.node.firstChild);
  return field;
}

export function choice(schema, value, place) {
  const { words: said } = place.context;
  const name = freshId();
  const options = [...schema.choices];
  if (value !== undefined && value !== null && !options.some(([code]) => code === value)) options.push([value, String(value)]);
  if (schema.empty) options.push([null, said.none]);
  const radios = options.map(([code, title]) => [code, title, el("input", { type: "radio", name, checked: code === value || (code === null && value === undefined) })]);
  const box = el("ul", {}, radios.map(([, title, radio]) => el("li", {}, el("label", { class: "tick" }, radio, el("span", {}, title)))));
  const read = () => radios.find(([, , radio]) => radio.checked)?.[0];
  const title = (code) => options.find(([each]) => each === code)?.[1] ?? String(code);
  const field = framed({ ...place, shown: title }, schema, box, read, { group: true });
  const must = el("span", { class: "tag more" }, sign("warn"), said.choose_one);
  field.node.querySelector("legend").append(" ", must);
  const mark = () => { const open = read() === undefined; must.hidden = !open; field.node.classList.toggle("must", open); };
  field.node.addEventListener("input", mark);
  mark();
  field.control = radios[0][2];
  return field;
}

/** Ticks of a closed list. `groups`: [{ title, note, kinds: [{ kind, title, count }], closed }]. */
export function ticks(schema, value, place, groups) {
  const { words: said } = place.context;
  const held = Array.isArray(value) ? value : [];
  const boxes = new Map();
  const box = (kind, title, count, closed) => {
    const input = el("input", { type: "checkbox", checked: held.includes(kind), disabled: closed && !held.includes(kind) });
    boxes.set(kind, input);
    const was = Array.isArray(place.was) && place.context.base ? el("span", { class: "hint was" }) : null;
    const mark = () => {
      if (!was || closed) return;
      const before = place.was.includes(kind);
      was.hidden = before === input.checked;
      was.textContent = fill(before ? said.was_there : said.was_new, { n: place.context.base });
    };
    input.addEventListener("input", mark);
    mark();
    return el("li", {}, el("label", { class: "tick" }, input, el("span", {}, title, count === null || count === undefined ? null : el("span", { class: "quiet" }, ` ${count}`), was)));
  };
  const set = (kinds, on) => () => {
    for (const { kind } of kinds) boxes.get(kind).checked = on;
    for (const { kind } of kinds) boxes.get(kind).dispatchEvent(new Event("input", { bubbles: true }));
  };
  const parts = groups.map((group) => el("div", { class: "ticks" },
    group.title && el("p", { class: "ticks-head" }, el("b", {}, group.title),
      !group.closed && group.kinds.length > 2 ? [
        el("button", { type: "button", class: "linkbtn", onclick: set(group.kinds, true), "aria-label": `${said.all}: ${group.title}` }, said.all),
        el("button", { type: "button", class: "linkbtn", onclick: set(group.kinds, false), "aria-label": `${said.nothing}: ${group.title}` }, said.nothing)] : null),
    group.note && el("p", { class: "hint" }, group.note),
    el("ul", { class: "two-col" }, group.kinds.map((each) => box(each.kind, each.title, each.count, group.closed)))));
  const strange = held.filter((kind) => !boxes.has(kind));
  if (strange.length) parts.push(el("ul", {}, strange.map((kind) => box(kind, String(kind), null, false))));
  const read = () => {
    const on = [...boxes].filter(([, input]) => input.checked).map(([kind]) => kind);
    if (schema.empty && on.length === 0) return null;
    const kept = held.filter((kind) => on.includes(kind));
    return [...kept, ...on.filter((kind) => !kept.includes(kind))];
  };
  const whole = el("div", {}, parts);
  const field = framed({ ...place, was: undefined }, schema, whole, read, { group: true });
  field.control = boxes.values().next().value ?? whole;
  return field;
}

/** One of several, from a list that may grow: parties, roles, schools. `options` is asked anew by `refresh`. */
export function select(schema, value, place, options) {
  const { words: said } = place.context;
  const input = el("select", {});
  const refresh = () => {
    const now = input.options.length ? input.value : shown(value);
    const known = options();
    if (now && !known.some(([code]) => code === now)) known.push([now, now]);
    input.replaceChildren(el("option", { value: "" }, schema.empty ? said.none : said.choose), ...known.map(([code, title]) => el("option", { value: code, selected: code === now }, title)));
  };
  refresh();
  const title = (code) => options().find(([each]) => each === code)?.[1] ?? String(code);
  const field = framed({ ...place, shown: title }, schema, input, () => input.value || (schema.empty ? null : undefined));
  return { ...field, refresh };
}

const shown = (value) => (value === undefined || value === null ? "" : String(value));
