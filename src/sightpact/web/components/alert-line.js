/* <alert-line>: cries out the sharings that the news named, until the page itself shows them. Names and times as the server
   words them, put in as text. It stands over the place where the page says what is open, so that nothing moves.

   data-more  what stands before the others' names, when there are many */

let running = []; // as the news had them last, less what the page shows
let count = 0; // how often the news named any
const PATIENCE_MS = 500; // on a page that already shows an emergency, the whole state may come first

/** The news named what runs. @param {{mark: string, level: string, label: string, schools: string, at: string, state: string}[]} list @param {number} askMs when the page asks */
export function heard(list, askMs = 0) {
  const known = new Set(running.map((each) => each.mark));
  count += 1;
  running = list.filter((each) => !shown.has(each.mark));
  const fresh = running.filter((each) => !known.has(each.mark));
  for (const line of document.querySelectorAll("alert-line")) line.say(running, askMs < PATIENCE_MS ? PATIENCE_MS : 0);
  if (fresh.length && askMs >= PATIENCE_MS) document.dispatchEvent(new CustomEvent(fresh.some((each) => each.level !== "notice") ? "emergency" : "look"));
}

let shown = new Set(); // marks that the page's whole state had

/** The page asks for its whole state now. Give what this returns to `answered`. */
export const asks = () => ({ count, marks: running.map((each) => each.mark) });

/** The page shows its whole state: what was named before it asked stands there. @param {{count: number, marks: string[]}} asked */
export function answered(asked) {
  for (const mark of asked.marks) shown.add(mark);
  running = asked.count === count ? [] : running.filter((each) => !shown.has(each.mark));
  for (const line of document.querySelectorAll("alert-line")) line.say(running, 0);
}

class AlertLine extends HTMLElement {
  #later = 0;

  connectedCallback() { this.hidden = true; }

  /** @param {object[]} list @param {number} patience ms to wait where an emergency stands already: the ordinary answer is faster */
  say(list, patience) {
    clearTimeout(this.#later);
    if (!list.length) { this.hidden = true; this.replaceChildren(); return; }
    if (this.hidden && patience && this.#isBusy()) { this.#later = setTimeout(() => this.#show(list), patience); return; }
    this.#show(list);
  }

  #isBusy() {
    return Boolean(document.querySelector('#wall-page:not([data-mode="quiet"]), .now.alarm, .grp--alarm'));
  }

  #show(list) {
    this.dataset.level = list.some((each) => each.level !== "notice") ? "loud" : "notice";
    this.replaceChildren(...list.map((each) => {
      const item = document.createElement("p");
      for (const [tag, text] of [["b", `${each.label}.`], ["span", `${each.schools}.`], ["time", each.at], ["small", each.state]]) {
        const part = document.createElement(tag);
        part.textContent = text;
        item.append(part, " ");
      }
      return item;
    }));
    this.hidden = false;
  }
}

customElements.define("alert-line", AlertLine);
