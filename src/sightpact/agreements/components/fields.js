/* A form from a schema: what to show at each place, and how the places make up the value again.
   Nothing here knows a kind of clause; what a name refers to (a party, a role) is told by the schema's `is`. */

import * as controls from "./controls.js";
import { el, fill } from "./el.js";

/**
 * @param schema as `editor_fields.forms` has it @param value what is there, undefined: nothing
 * @param place { path, scope, was, context } : where it stands, the fields beside it, what the base says, what the page knows
 * @returns {{node: HTMLElement, read: () => any, control: HTMLElement}}
 */
export function field(schema, value, place) {
  const { context, scope } = place;
  const party = () => context.parties().find((each) => each.slug === scope?.party?.());
  const roles = () => (party()?.roles ?? []).map((each) => [each.role, each.called || each.role]);
  switch (schema.empty && ["group", "rows"].includes(schema.is) ? "maybe" : schema.is) {
    case "maybe": return maybe(schema, value, place);
    case "group": return group(schema, value, place);
    case "rows": return rows(schema, value, place);
    case "number": return controls.number(schema, value, place);
    case "flag": return controls.flag(schema, value, place);
    case "choice": return controls.choice(schema, value, place);
    case "day": return controls.day(schema, value, place);
    case "words": return controls.words(schema, value, place);
    case "areas": return controls.ticks(schema, value, place, areas(schema, context));
    case "picks": return controls.ticks(schema, value, place, [{ kinds: schema.choices.map(([kind, title]) => ({ kind, title })) }]);
    case "party": return controls.select(schema, value, place, () => context.parties().map((each) => [each.slug, each.called || each.slug]));
    case "role": return scope?.party ? fresh(scope, controls.select(schema, value, place, roles)) : controls.text(schema, value, place);
    case "roles": return scope?.party ? roleTicks(schema, value, place, roles) : controls.list(schema, value, place);
    case "partylist": return controls.ticks(schema, value, place, [{ kinds: context.parties().map((each) => ({ kind: each.slug, title: each.called || each.slug })) }]);
    case "schoollist": return context.schools().length ? controls.ticks(schema, value, place, [{ kinds: context.schools().map((each) => ({ kind: each.slug, title: each.name })) }]) : controls.list(schema, value, place);
    case "emergencylist": return context.emergencies().length ? controls.ticks(schema, value, place, [{ kinds: context.emergencies() }]) : controls.list(schema, value, place);
    case "school": return controls.select(schema, value, place, () => context.schools().map((each) => [each.slug, each.name]));
    case "list": return controls.list(schema, value, place);
    default: return controls.text(schema, value, place);
  }
}

function areas(schema, { areas: groups, words, never }) {
  const allowed = new Set(schema.items.enum);
  return groups.map(({ group, kinds }) => {
    const closed = !kinds.some((each) => allowed.has(each.kind));
    return { title: closed ? words.never : words[group], kinds, closed, note: closed ? never : "" };
  });
}

function fresh(scope, made) {
  scope.refresh.push(made.refresh);
  return made;
}

/** The roles of the party beside it; another party has other roles. */
function roleTicks(schema, value, place, roles) {
  const { words } = place.context;
  let inner;
  const holder = el("div", {});
  const build = (held) => {
    const kinds = roles().map(([kind, title]) => ({ kind, title }));
    const hint = kinds.length ? words.every_role : place.scope.party() ? words.nobody : words.party_first;
    inner = controls.ticks({ ...schema, hint }, held, place, [{ kinds }]);
    holder.replaceChildren(inner.node);
  };
  build(value);
  place.scope.refresh.push(() => build(inner.read()));
  return { node: holder, read: () => inner.read(), get control() { return inner.control; } };
}

/** Named values side by side. What does not belong there is shown, and can be taken out. */
export function group(schema, value, place) {
  const raw = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const { words } = place.context;
  const scope = { refresh: [] };
  const parts = {};
  const at = (key) => (place.path ? `${place.path}.${key}` : key);
  for (const [key, inner] of Object.entries(schema.properties)) {
    if (key === "party") scope.party = () => parts.party?.read() ?? raw.party;
  }
  for (const [key, inner] of Object.entries(schema.properties)) {
    parts[key] = field(inner, raw[key], { ...place, path: at(key), scope, was: place.was?.[key] });
  }
  named(schema, parts, raw);
  parts.party?.node.addEventListener("input", () => scope.refresh.forEach((refresh) => refresh()));
  const strange = new Map(Object.entries(raw).filter(([key]) => !(key in schema.properties) && !(place.path === "" && key === "kind")));
  const extra = [...strange.keys()].map((key) => {
    const line = el("p", { class: "fld strange" }, fill(words.unknown, { what: key }), " ",
      el("button", { type: "button", class: "linkbtn", onclick: () => { strange.delete(key); line.dispatchEvent(new Event("input", { bubbles: true })); line.remove(); } }, words.take_out));
    line.dataset.path = at(key);
    return line;
  });
  const node = el("div", { class: "group" }, ...Object.entries(parts).map(([key, part]) => { part.node.classList.add(`is-${schema.properties[key].is}`); return folded(key, schema.properties[key], part.node); }), extra);
  node.dataset.path = place.path;
  const read = () => {
    const found = {};
    for (const [key, part] of Object.entries(parts)) {
      const now = part.read();
      const left = now === undefined || (!schema.required.includes(key) && !(key in raw) && blank(now));
      if (!left) found[key] = now;
    }
    return { ...found, ...Object.fromEntries(strange) };
  };
  return { node, read, control: Object.values(parts)[0]?.control ?? node };
}

/** A name that only machines use is folded away: people read what the field beside it calls the thing. */
function folded(key, schema, node) {
  if (!["kind", "slug", "purpose"].includes(key) || !schema.pattern || schema.is !== "text") return node;
  node.querySelector("label").classList.add("vh");
  return el("details", { class: "short" }, el("summary", {}, schema.title), node);
}

/** A new row's short name for the machine follows what people call it, until somebody writes another one. */
function named(schema, parts, raw) {
  const short = ["kind", "slug", "purpose", "role"].find((key) => schema.properties[key]?.pattern && schema.properties[key].is === "text");
  const long = ["label", "name", "called", "says"].find((key) => schema.properties[key]);
  if (!short || !long || raw[short]) return;
  const joiner = short === "slug" ? "-" : "_";
  let made = "";
  parts[long].node.addEventListener("input", () => {
    const input = parts[short].control;
    if (input.value !== made) return;
    made = parts[long].control.value.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, joiner).slice(0, 40).replace(/^[-_0-9]+|[-_]+$/g, "");
    input.value = made;
  });
}

const blank = (value) => value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0);

/** A group that may be left out as a whole. */
function maybe(schema, value, place) {
  const { words } = place.context;
  const input = el("input", { type: "checkbox", checked: value !== undefined && value !== null, id: controls.freshId() });
  const inner = field({ ...schema, empty: false }, value ?? undefined, place);
  const node = el("div", { class: "fld" }, el("label", { class: "tick", for: input.id }, input, el("span", {}, fill(words.only_when, { what: schema.title }))), inner.node);
  const show = () => { inner.node.hidden = !input.checked; };
  input.addEventListener("input", show);
  show();
  return { node, read: () => (input.checked ? inner.read() : null), control: input };
}

/** A list of rows of the same form: added, taken out, moved. One value may stand for a list of one. */
function rows(schema, value, place) {
  const { words } = place.context;
  const held = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  const before = place.was === undefined || place.was === null ? [] : [].concat(place.was);
  const list = el("div", { class: "rows" });
  let lines = [];
  const told = (node) => node.dispatchEvent(new Event("input", { bubbles: true }));
  const old = (row, index) => before.find((each) => ["kind", "slug", "role"].some((key) => each?.[key] && each[key] === row?.[key])) ?? (before.length === held.length ? before[index] : undefined);
  const draw = () => {
    lines = lines.map((line, index) => {
      const { value: row } = line;
      const made = field(schema.items, row, { ...place, path: `${place.path}[${index}]`, scope: undefined, was: old(row, index) });
      const what = `${schema.title} ${index + 1}`;
      const button = (label, act, off) => el("button", { type: "button", class: "linkbtn", onclick: act, disabled: off, "aria-label": `${label}: ${what}` }, label);
      const tools = el("p", { class: "row-tools" }, button(words.take_out, () => change(index, null)),
        lines.length > 1 && [button(words.line_up, () => change(index, -1), index === 0), button(words.line_down, () => change(index, 1), index === lines.length - 1)]);
      return { value: row, made, node: el("div", { role: "group", "aria-label": what }, made.node, tools) };
    });
    list.replaceChildren(...lines.map((line) => line.node));
  };
  const keep = () => { lines = lines.map((line) => ({ value: line.made.read() })); };
  const change = (index, step) => {
    keep();
    if (step === null) lines.splice(index, 1);
    else lines.splice(index + step, 0, ...lines.splice(index, 1));
    draw();
    told(list);
    (lines[Math.min(step === null ? index : index + step, lines.length - 1)]?.made.control ?? add).focus();
  };
  const add = el("button", { type: "button", class: "btn mid", "aria-label": `${words.add_row}: ${schema.title}`, onclick: () => {
    keep();
    lines.push({ value: {} });
    draw();
    told(list);
    lines.at(-1).made.control.focus();
  } }, words.add_row);
  lines = held.map((row) => ({ value: row }));
  draw();
  const made = controls.framed({ ...place, was: undefined }, schema, el("div", {}, list, add), () => lines.map((line) => line.made.read()), { group: true });
  return { ...made, get control() { return lines[0]?.made.control ?? add; } };
}
