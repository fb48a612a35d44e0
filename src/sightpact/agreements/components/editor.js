/* The editor's page: brings the list, the form, the text and the draft together. */

import "./clause-form.js";
import "./live-text.js";
import "./section-list.js";
import { DraftStore } from "./draft-store.js";
import { copy, el, fill, same } from "./el.js";
import { Preview } from "./preview.js";
import * as sections from "./sections.js";

const page = document.getElementById("editor");
const settings = JSON.parse(document.getElementById("editor-settings").textContent);
const { words, forms, base } = settings;
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const [list, form, live] = ["section-list", "clause-form", "live-text"].map((name) => page.querySelector(name));
const [title, saved, news, notices] = ["ed-title", "ed-saved", "ed-news", "ed-notices"].map((id) => document.getElementById(id));
const byKind = new Map(forms.map((each) => [each.kind, each]));
const baseNumber = base && !base.key.startsWith("draft-") ? base.key : "";

const store = new DraftStore({ document: settings.document, ...settings.draft, url: settings.save, token });
const preview = new Preview({ url: settings.preview, token, base: base && { agreement: settings.slug, key: base.key } });
let chosen = -1;
let answer = settings.answer;
let access = answer.sound ? "coming" : null;

const clauses = () => store.document.clauses ?? [];
const partiesClause = () => clauses().find((each) => each?.kind === "parties");
const context = {
  words, areas: settings.areas, never: settings.never, base: baseNumber,
  parties: () => [].concat(partiesClause()?.parties ?? []).map((each) => ({ ...each, roles: [].concat(each?.roles ?? []) })),
  emergencies: () => clauses().filter((each) => each?.kind === "emergency_view").flatMap((each) => [].concat(each.emergencies ?? [])).filter((each) => each?.kind).map((each) => ({ kind: each.kind, title: each.label || each.kind })),
  schools: () => {
    const listed = clauses().filter((each) => ["schools", "places"].includes(each?.kind)).flatMap((each) => [].concat(each[each.kind] ?? []));
    return [...new Map([...settings.schools, ...listed.filter((each) => each?.slug)].map((each) => [each.slug, each])).values()];
  },
};
const WHOLE = {
  type: "object", is: "group", required: ["title"],
  properties: {
    title: { is: "text", title: words.title, maxLength: 200 },
    parts: { is: "rows", title: words.parts, items: { is: "group", required: ["number", "heading"], properties: { number: { is: "text", title: settings.names.number, pattern: "." }, heading: { is: "text", title: settings.names.heading, maxLength: 120 } } } },
  },
};
const whole = (text) => ({ title: text.title, parts: Object.entries(text.parts ?? {}).map(([number, heading]) => ({ number, heading })) });
const wasOf = (clause) => base?.document.clauses.find((each) => each.number === clause?.number && each.kind === clause?.kind) ?? base?.document.clauses.find((each) => each.kind === clause?.kind && each.heading === clause?.heading);

function draw(focus = null) {
  const clause = clauses()[chosen];
  const known = byKind.get(clause?.kind);
  title.textContent = clause ? `${fill(words.section, { n: clause.number ?? "?" })}: ${clause.heading || known?.title || ""}` : words.whole;
  if (chosen < 0) form.show(WHOLE, whole(store.document), context, base && whole(base.document));
  else if (known) form.show({ ...known.schema, hint: known.hint }, clause, context, wasOf(clause));
  else form.show({ is: "group", required: [], properties: {} }, clause ?? {}, context);
  form.back(focus);
  page.querySelector("#ed-about").textContent = clause ? [known?.about ?? words.unknown_kind, known?.hint ?? ""].join(" ") : "";
  around();
}

/** Everything around the form: it never touches what is being typed in. */
function around() {
  const state = new Map();
  answer.sections.forEach((section, index) => {
    const clause = clauses()[index];
    const was = wasOf(clause);
    state.set(index, { faults: section.faults.length, mark: base && clause ? (was ? (same(copy(was), sorted(clause, was)) ? "" : words.differs) : words.new) : "" });
  });
  state.set(-1, { faults: answer.faults.length, mark: "" });
  list.show(store.document, chosen, state);
  if (answer.sections.length === clauses().length) {
    live.show(answer, chosen, access);
    form.faults((answer.sections[chosen] ?? answer).faults);
  }
  const count = answer.sections[chosen]?.faults.length ?? answer.count;
  document.getElementById("ed-short").textContent = count ? (count === 1 ? words.fault : fill(words.faults, { n: count })) : words.finished;
  undo.disabled = !store.canUndo;
  redo.disabled = !store.canRedo;
}

const sorted = (clause, like) => Object.fromEntries([...Object.keys(like).filter((key) => key in clause), ...Object.keys(clause).filter((key) => !(key in like))].map((key) => [key, clause[key]]));

function choose(index, focus = false) {
  chosen = Math.max(-1, Math.min(index, clauses().length - 1));
  history.replaceState(null, "", chosen < 0 ? location.pathname : `#s${clauses()[chosen]?.number ?? ""}`);
  draw();
  if (focus) title.focus();
}

/** A new list of sections; the answer for the old one is put in the same order, so that nothing jumps. */
function sectionsChanged(next, at, say) {
  const old = new Map(clauses().map((clause, index) => [clause, answer.sections[index]]));
  const blank = (clause) => ({ number: clause.number, was: "", heading: clause.heading ?? "", kind: clause.kind, enforced: byKind.get(clause.kind)?.enforced ?? true, said: false, paragraphs: [], explain: "", about: byKind.get(clause.kind)?.about ?? "", faults: [], warnings: [] });
  answer = { ...answer, sections: next.map((clause) => old.get(clause) ?? blank(clause)) };
  chosen = Math.min(at, next.length - 1);
  store.change({ ...store.document, clauses: next });
  news.textContent = say;
  choose(chosen);
}

form.addEventListener("changed", ({ detail: { clause, at } }) => {
  const now = chosen < 0
    ? { ...store.document, title: clause.title ?? "", parts: Object.fromEntries((clause.parts ?? []).map((each) => [each.number ?? "", each.heading ?? ""])) }
    : { ...store.document, clauses: clauses().with(chosen, clause) };
  quiet = true;
  store.change(now, `${chosen}:${at}`);
  quiet = false;
  if (chosen >= 0 && (at === "heading" || at === "number")) title.textContent = `${fill(words.section, { n: clause.number ?? "?" })}: ${clause.heading ?? ""}`;
  around();
});
let quiet = false; // the form has this change already

store.addEventListener("changed", () => {
  access = answer.sound ? "coming" : null;
  preview.ask(store.document);
  if (quiet) return;
  chosen = Math.min(chosen, clauses().length - 1);
  if (answer.sections.length !== clauses().length) answer = { ...answer, sections: clauses().map((clause, index) => answer.sections[index] ?? { faults: [], warnings: [], paragraphs: [], number: clause.number, heading: clause.heading ?? "", about: "" }) };
  draw(form.place);
});
store.addEventListener("state", ({ detail: { state, what, remedy } }) => {
  const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page.dataset.zone || undefined });
  saved.textContent = state === "refused" ? fill(words.refused, { what, remedy }) : fill(words[state], { at });
  saved.classList.toggle("bad", state === "refused" || state === "offline");
});
store.addEventListener("put-back", () => notice(el("p", {}, words.put_back)));
store.addEventListener("joined", ({ detail: { who, when, conflicts } }) => {
  if (!conflicts.length) { if (who) notice(el("p", {}, fill(words.merged, { who }))); return; }
  const at = when ? new Date(when).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page.dataset.zone || undefined }) : "";
  for (const { number, theirs } of conflicts) {
    const index = () => clauses().findIndex((each) => each.number === number);
    const take = () => {
      const next = index() < 0 ? (theirs ? [...clauses(), theirs] : clauses()) : theirs ? clauses().with(index(), theirs) : sections.remove(clauses(), index());
      sectionsChanged(next, index() < 0 ? chosen : index(), "");
      box.remove();
    };
    const shown = el("pre", { class: "theirs" }, theirs?.text ?? "\u2014");
    if (theirs && !theirs.text) saying(theirs).then((lines) => { shown.textContent = lines; });
    const box = notice(el("p", {}, fill(words.conflict, { who, number, at })), shown,
      el("p", { class: "btns" }, el("button", { type: "button", class: "btn mid", onclick: take }, words.take_theirs), el("button", { type: "button", class: "btn mid", onclick: () => box.remove() }, words.keep_mine)));
  }
});
/** What a section of somebody else would say in this draft. */
async function saying(clause) {
  const others = clauses().filter((each) => each.number !== clause.number);
  const document = { ...store.document, clauses: [...others, clause] };
  const said = await preview.once(document).catch(() => null);
  return said?.sections.at(-1).paragraphs.map((line) => line.map(([, text]) => text).join("")).join("\n") || JSON.stringify(clause, null, 1);
}
function notice(...inside) {
  const box = el("div", { class: "note warn", role: "status" }, inside);
  notices.append(box);
  return box;
}

preview.addEventListener("answer", ({ detail }) => {
  if (detail.answer.sections.length !== clauses().length) return;
  ({ answer } = detail);
  access = detail.access;
  around();
  tell();
});
let telling = 0;
function tell() { // one sentence for who does not see the page, when it is calm
  clearTimeout(telling);
  telling = setTimeout(() => {
    const mine = answer.sections[chosen];
    const count = mine ? mine.faults.length : answer.count;
    const moved = access?.sections?.some((each) => mine && each.number === mine.number && each.opens.length) ? words.opens : "";
    news.textContent = [count ? fill(words.faults, { n: count }) : "", moved].filter(Boolean).join(". ");
  }, 1500);
}

list.start(words, forms, () => new Set(clauses().map((each) => each?.kind)));
list.addEventListener("chosen", ({ detail }) => { choose(detail, true); page.querySelector("#ed-list").open = wide.matches; });
list.addEventListener("added", ({ detail: kind }) => {
  const [next, at] = sections.add(clauses(), chosen, kind, byKind.get(kind)?.title ?? words.new_heading);
  sectionsChanged(next, at, fill(words.added, { number: next[at].number }));
  title.focus();
});
list.addEventListener("moved", ({ detail: step }) => {
  const [next, at] = sections.move(clauses(), chosen, step);
  if (next !== clauses()) sectionsChanged(next, at, fill(words.moved, { number: next[at].number }));
});
list.addEventListener("removed", () => {
  if (chosen < 0) return;
  const { number } = clauses()[chosen];
  sectionsChanged(sections.remove(clauses(), chosen), Math.max(-1, chosen - (chosen === clauses().length - 1 ? 1 : 0)), fill(words.removed, { number }));
});
list.addEventListener("renumbered", () => sectionsChanged(sections.renumbered(clauses()), chosen, words.renumbered));
live.addEventListener("wanted", ({ detail: { clause, field } }) => {
  if (clause !== null && clause !== chosen) choose(clause);
  form.go(field);
});

const [undo, redo] = ["ed-undo", "ed-redo"].map((id) => document.getElementById(id));
undo.addEventListener("click", () => { store.undo(); news.textContent = words.undone; });
redo.addEventListener("click", () => { store.redo(); news.textContent = words.redone; });
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") { event.preventDefault(); if (key === "y" || event.shiftKey) store.redo(); else store.undo(); }
  if (key === "s") { event.preventDefault(); store.save(); }
});
addEventListener("hashchange", () => { const at = clauses().findIndex((each) => `#s${each.number}` === decodeURIComponent(location.hash)); if (at >= 0 && at !== chosen) choose(at); });
const wide = matchMedia("(min-width: 60rem)");
const openList = () => { page.querySelector("#ed-list").open = wide.matches; };
wide.addEventListener("change", openList);
openList();

live.start(words, baseNumber);
document.getElementById("ed-plain").remove();
page.hidden = false;
const asked = clauses().findIndex((each) => `#s${each?.number}` === decodeURIComponent(location.hash));
chosen = asked >= 0 ? asked : -1;
draw();
store.restore();
preview.ask(store.document, true);
page.dataset.ready = "yes";
