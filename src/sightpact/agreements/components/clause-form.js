/* <clause-form>: the form of one section, made from its schema. Tells "changed" with the clause as the form now has it. */

import { el } from "./el.js";
import { group } from "./fields.js";

/** What is folded away is opened before it is shown or has the focus. */
const unfold = (node) => node?.closest("details.short")?.setAttribute("open", "");

class ClauseForm extends HTMLElement {
  #made = null;
  #kind = "";

  connectedCallback() {
    this.addEventListener("input", (event) => {
      const at = event.target.closest("[data-path]")?.dataset.path ?? "";
      this.dispatchEvent(new CustomEvent("changed", { detail: { clause: this.read(), at } }));
    });
  }

  /** @param schema of an object @param clause its value @param context see `fields.field` @param was the same section in the base */
  show(schema, clause, context, was) {
    this.#kind = clause?.kind ?? "";
    this.#made = group(schema, clause, { path: "", context, was });
    this.replaceChildren(this.#made.node);
  }

  read() {
    const value = this.#made.read();
    return this.#kind ? { kind: this.#kind, ...value } : value;
  }

  /** Puts each fault beside its field, or beside the nearest thing that is shown. */
  faults(list) {
    for (const place of this.querySelectorAll(".fault")) { place.hidden = true; place.replaceChildren(); }
    for (const control of this.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    for (const fault of list) {
      const field = this.#at(fault.field);
      const place = field && [...field.children].find((child) => child.classList.contains("fault"));
      if (!place) continue;
      place.hidden = false;
      unfold(field);
      place.append(el("span", {}, `${fault.what} ${fault.remedy}`), " ");
      field.querySelector("input, select, textarea")?.setAttribute("aria-invalid", "true");
    }
  }

  /** Brings the reader to a field. */
  go(path) {
    const field = this.#at(path) ?? this;
    const control = field.querySelector("input:not([disabled]), select, textarea, button");
    unfold(control);
    control?.focus();
    (control ?? field).scrollIntoView({ block: "center" });
  }

  /** Which field has the focus, so that it can have it again. */
  get place() {
    const here = document.activeElement;
    if (!this.contains(here)) return null;
    const path = here.closest("[data-path]")?.dataset.path ?? "";
    const all = [...(this.#at(path) ?? this).querySelectorAll("input, select, textarea, button")];
    return { path, index: all.indexOf(here), at: here.selectionStart ?? null };
  }

  back(place) {
    if (!place) return;
    const control = [...(this.#at(place.path) ?? this).querySelectorAll("input, select, textarea, button")][place.index];
    unfold(control);
    control?.focus();
    if (place.at !== null && control?.type === "text") control.setSelectionRange(place.at, place.at);
  }

  #at(path) {
    const fields = new Map([...this.querySelectorAll("[data-path]")].map((node) => [node.dataset.path, node]));
    for (let rest = path; rest; rest = rest.replace(/(\.[^.[\]]*|\[[^\]]*\]|^[^.[\]]*)$/, "")) {
      const node = fields.get(rest);
      if (node && [...node.children].some((child) => child.classList.contains("fault"))) return node;
      if (!/[.[]/.test(rest)) break;
    }
    return null;
  }
}

customElements.define("clause-form", ClauseForm);
