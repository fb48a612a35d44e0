/* <section-list>: the sections of a draft in order, with what each needs; and the buttons to add, move and take out.
   Tells "chosen", "moved", "removed", "added" and "renumbered"; changes nothing itself. */

import { el, fill, same, sign } from "./el.js";
import { partOf } from "./sections.js";

class SectionList extends HTMLElement {
  #list = el("ol", { class: "slist" });
  #tools = el("div", { class: "stools" });
  #kinds = el("select", { id: "add-kind" });
  #words = {};

  start(words, forms, once) {
    this.#words = words;
    const tell = (name, detail) => () => this.dispatchEvent(new CustomEvent(name, { detail }));
    const button = (label, name, detail) => el("button", { type: "button", class: "btn mid", onclick: tell(name, detail), "data-does": `${name}${detail ?? ""}` }, label);
    this.#tools.append(button(words.up, "moved", -1), button(words.down, "moved", 1), button(words.remove, "removed"), button(words.renumber, "renumbered"));
    const add = el("button", { type: "button", class: "btn mid", onclick: () => tell("added", this.#kinds.value)() }, words.add);
    const free = () => {
      const taken = once();
      const had = this.#kinds.value;
      const kinds = forms.filter((form) => !(form.once && taken.has(form.kind)));
      if (same(kinds.map((form) => form.kind), [...this.#kinds.options].map((each) => each.value))) return;
      this.#kinds.replaceChildren(...kinds.map((form) => el("option", { value: form.kind, selected: form.kind === had }, form.title)));
    };
    this.refreshKinds = free;
    free();
    this.replaceChildren(this.#list, this.#tools, el("div", { class: "sadd" }, el("label", { for: "add-kind" }, words.add_which), this.#kinds, add));
  }

  /** @param clauses of the draft @param chosen index, -1: title and parts @param state index -> { faults, mark } */
  show(document, chosen, state) {
    const words = this.#words;
    const line = (index, label, what, marks) => el("li", {}, el("button", {
      type: "button", "aria-current": index === chosen ? "true" : null, "data-section": index,
      onclick: () => this.dispatchEvent(new CustomEvent("chosen", { detail: index })),
    }, el("span", { class: "n" }, label), el("span", { class: "what" }, what, marks)));
    const lines = [line(-1, "", words.whole, this.#marks(state.get(-1)))];
    let part = null;
    (document.clauses ?? []).forEach((clause, index) => {
      const here = partOf(clause);
      if (here !== part && document.parts?.[here]) lines.push(el("li", { class: "spart" }, el("span", { class: "n" }, here), document.parts[here]));
      part = here;
      lines.push(line(index, clause?.number ?? "?", clause?.heading || clause?.kind || "?", this.#marks(state.get(index))));
    });
    const had = this.#list.contains(document_active()) ? document_active().dataset.section : null;
    this.#list.replaceChildren(...lines);
    if (had !== null) this.#list.querySelector(`[data-section="${had}"]`)?.focus();
    for (const button of this.#tools.children) button.disabled = chosen < 0 && button.dataset.does !== "renumbered";
    this.refreshKinds();
  }

  #marks(state) {
    if (!state) return [];
    const { faults, mark } = state;
    const words = this.#words;
    return [
      faults ? el("span", { class: "smark warn" }, sign("warn"), faults === 1 ? words.fault : fill(words.faults, { n: faults })) : null,
      mark ? el("span", { class: "smark" }, mark) : null,
    ];
  }
}

const document_active = () => globalThis.document.activeElement;

customElements.define("section-list", SectionList);
