/* The draft in this browser: its text, undo and redo, and its way to the server. Nothing typed is ever lost: what is not
   saved yet is kept in the browser's store, and two people's changes are put together. */

import { copy, same } from "./el.js";
import { merge } from "./merge.js";

const SAVE_MS = 1200; // after the last key
const AGAIN_MS = 5000;
const SITTING_MS = 1500; // changes of one field within this time are one step to undo
const MOST_STEPS = 200;

export class DraftStore extends EventTarget {
  #past = []; #future = []; #last = { at: "", when: 0 };
  #saved; #version; #timer = 0; #busy = false; #store; #url; #token;

  constructor({ document, id, version, url, token }) {
    super();
    this.document = document;
    this.#saved = copy(document);
    this.#version = version;
    this.#store = `sightpact-draft-${id}`;
    this.#url = url;
    this.#token = token;
    addEventListener("pagehide", () => this.#flush());
    addEventListener("online", () => this.save());
  }

  /** What was typed here and never saved: put back, with what others did since. */
  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.#store)); } catch { /* an unreadable copy is none */ }
    if (!kept || same(kept.document, this.document)) { this.#forget(); return; }
    if (kept.version === this.#version) this.document = kept.document;
    else this.#join(kept.saved, kept.document, this.document, "");
    this.#tell("changed");
    this.#tell("put-back");
    this.#later();
  }

  get dirty() { return !same(this.document, this.#saved); }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  /** @param at what was changed, so that typing in one field is one step */
  change(document, at = "") {
    if (same(document, this.document)) return;
    const now = Date.now();
    if (!(at && at === this.#last.at && now - this.#last.when < SITTING_MS)) {
      this.#past.push(this.document);
      if (this.#past.length > MOST_STEPS) this.#past.shift();
    }
    this.#last = { at, when: now };
    this.#future = [];
    this.#set(document);
  }

  undo() { this.#turn(this.#past, this.#future); }
  redo() { this.#turn(this.#future, this.#past); }

  #turn(from, to) {
    if (!from.length) return;
    to.push(this.document);
    this.#last = { at: "", when: 0 };
    this.#set(from.pop());
  }

  #set(document) {
    this.document = document;
    this.#keep();
    this.#tell("changed");
    this.#tell("state", { state: "unsaved" });
    this.#later();
  }

  #keep() {
    try { localStorage.setItem(this.#store, JSON.stringify({ document: this.document, version: this.#version, saved: this.#saved })); } catch { /* full or forbidden: the server has it in a second */ }
  }

  #forget() { try { localStorage.removeItem(this.#store); } catch { /* nothing to forget */ } }

  #later(ms = SAVE_MS) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), ms);
  }

  /** Saves now, if there is something to save. */
  async save() {
    clearTimeout(this.#timer);
    if (this.#busy) { this.#later(); return; }
    if (!this.dirty) { this.#forget(); this.#tell("state", { state: "saved" }); return; }
    this.#busy = true;
    this.#tell("state", { state: "saving" });
    const sent = this.document;
    try {
      let response = await fetch(this.#url, this.#post(sent));
      if (response.status === 403 && (await this.#renew())) response = await fetch(this.#url, this.#post(sent));
      const said = await response.json().catch(() => ({}));
      if (response.ok) {
        this.#version = said.version;
        this.#saved = copy(sent);
        if (this.dirty) { this.#keep(); this.#later(); } else this.#forget();
        this.#tell("state", { state: this.dirty ? "unsaved" : "saved" });
      } else if (response.status === 409) {
        this.#version = said.version;
        const base = this.#saved;
        this.#saved = said.document;
        this.#join(base, this.document, said.document, said.who, said.when);
        this.#keep();
        this.#tell("changed");
        this.#later(100);
      } else {
        this.#tell("state", said.what ? { state: "refused", what: said.what, remedy: said.remedy } : { state: "offline" });
        if (response.status !== 400 && response.status !== 413) this.#later(AGAIN_MS);
      }
    } catch {
      this.#tell("state", { state: "offline" });
      this.#later(AGAIN_MS);
    } finally {
      this.#busy = false;
    }
  }

  /* The page's token was too old, after another sign-in: take that of a fresh page. */
  async #renew() {
    const text = await (await fetch(location.pathname)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main [name=csrfmiddlewaretoken]");
    if (fresh) this.#token = fresh.value;
    return Boolean(fresh);
  }

  #post(document, keepalive = false) {
    return { method: "POST", keepalive, headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token }, body: JSON.stringify({ document, version: this.#version }) };
  }

  #flush() {
    if (this.dirty && !this.#busy) fetch(this.#url, this.#post(this.document, JSON.stringify(this.document).length < 60000)).catch(() => {});
  }

  #join(base, mine, theirs, who, when) {
    const { document, conflicts } = merge(base, mine, theirs);
    this.#past.push(mine);
    this.document = document;
    this.#tell("joined", { who, when, conflicts });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
