/* <live-tile>: one camera on the wall, as it looks. State in word, shape and age; never an old picture as a live one.
   It draws what it is told and asks nobody: `player.js` owns the connection, the decoder and the lease. */

import { seconds, showsPicture, tileState } from "./age.js";

export class LiveTile extends HTMLElement {
  #parts = null;
  #clockText = null;
  #closed = null; // {kind, text}
  #source = { state: "connecting", text: "", next_try: null, since: null };
  #lapsed = false;
  #lostSince = null;
  #arrival = null; // of the picture on the canvas, gateway's UTC milliseconds
  #frames = 0;
  #ratio = 0; // of the picture, width to height: the watermark stands on it
  #words = {};

  /** Build it once. @param {HTMLTemplateElement} template @param {object} words the page's sentences */
  build(template, words) {
    if (this.#parts) return;
    this.#words = words;
    this.append(template.content.cloneNode(true));
    const part = (name) => this.querySelector(name);
    this.#parts = {
      canvas: part("canvas"), mark: part(".wm"), none: part(".nopic"), noneTitle: part(".nopic b"), noneText: part(".nopic span"),
      stamp: part(".stamp"), stampTitle: part(".stamp b"), stampText: part(".stamp span"), word: part(".state .w"), age: part(".state time"),
      number: part(".n"), name: part(".nm"), place: part(".rm"), drill: part(".tag--drill"),
    };
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.reset();
  }

  get canvas() { return this.#parts.canvas; }
  get state() { return this.dataset.state; }
  get isClosed() { return this.#closed !== null; }

  /** @param {{id: string, name: string, place: string, school: string, zone: string, inside: boolean}} camera */
  set camera(camera) {
    this.dataset.camera = camera.id;
    this.dataset.inside = String(camera.inside);
    this.toggleAttribute("data-drill", camera.drill === true);
    if (this.#parts.drill) this.#parts.drill.hidden = camera.drill !== true;
    this.#parts.name.textContent = camera.name;
    this.#parts.place.textContent = [camera.school, camera.place].filter(Boolean).join(", ");
    this.#clockText = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: camera.zone || "UTC" });
    this.#label();
  }

  set number(number) { this.#parts.number.textContent = number; this.#label(); }

  /** Begin anew: nothing known, nothing shown. */
  reset() {
    this.#closed = null;
    this.#lapsed = false;
    this.#source = { state: "connecting", text: "", next_try: null };
    this.forget();
    this.tick(Date.now());
  }

  /** The canvas was cleared: no picture, no age. */
  forget() {
    this.#arrival = null;
    this.dataset.age = "";
  }

  /** A picture was drawn. @param {number} arrivalMs @param {number} now both on the gateway's clock */
  drawn(arrivalMs, now) {
    const { width, height } = this.#parts.canvas;
    if (width / height !== this.#ratio) this.style.setProperty("--ratio", this.#ratio = width / height);
    this.#arrival = arrivalMs;
    this.#lapsed = false;
    if (this.#source.state !== "live") this.#source = { state: "live", text: "", next_try: null };
    this.#frames += 1;
    this.dataset.frames = this.#frames;
    if (this.#frames === 1) this.dispatchEvent(new CustomEvent("first-picture", { bubbles: true }));
    if (this.dataset.state !== "live") this.tick(now);
  }

  /** What the gateway says about the camera. */
  set source(message) { this.#source = message; if (message.state === "lost") this.#lostSince = message.since; }

  lapse() { this.#lapsed = true; this.forget(); }

  /** @param {"ended" | "refused"} kind @param {string} text why, for the person who looks */
  close(kind, text) { this.#closed = { kind, text }; this.forget(); }

  set watermark(text) { this.dataset.mark = text; }

  /** Say what is true now. Returns the state when it changed. @param {number} now gateway's UTC milliseconds */
  tick(now) {
    const age = this.#arrival === null ? Infinity : Math.max(0, now - this.#arrival);
    const state = tileState({
      closed: this.#closed?.kind ?? null, lapsed: this.#lapsed, source: this.#source.state, picture: this.#arrival !== null, age,
    });
    const changed = this.dataset.state !== state;
    const picture = showsPicture(state);
    this.dataset.state = state;
    this.dataset.age = picture ? Math.round(age) : "";
    const { canvas, mark, none, stamp, word } = this.#parts;
    canvas.hidden = !picture;
    none.hidden = picture;
    stamp.hidden = state !== "still" && state !== "stalled";
    mark.hidden = !picture;
    if (picture && this.#clockText) mark.textContent = [this.hasAttribute("data-drill") && this.#words.drill, this.dataset.mark, this.#clockText.format(now)].filter(Boolean).join(" · ");
    word.textContent = this.hasAttribute("data-drill") && picture ? this.#words.simulated : this.#words.state[state];
    this.#parts.age.textContent = this.#ageText(state, age, now);
    if (!stamp.hidden) {
      this.#parts.stampTitle.textContent = this.#say("stale_title", { age: seconds(age) });
      this.#parts.stampText.textContent = this.#source.text || this.#words.stale_text;
    }
    if (!none.hidden) this.#sayNone(state, now);
    if (changed) this.#label();
    return changed ? state : null;
  }

  #sayNone(state, now) {
    this.#parts.noneTitle.textContent = this.#words.none[state];
    let text = this.#closed?.text || this.#source.text || "";
    if (this.#lapsed && !this.#closed) text = this.#words.lapsed;
    if (!this.#closed && this.#source.next_try) {
      text += ` ${this.#say("next_try", { seconds: Math.max(0, Math.ceil((this.#source.next_try - now) / 1000)) })}`;
    }
    this.#parts.noneText.textContent = text.trim();
  }

  #ageText(state, age, now) {
    if (state === "live" || state === "slow") return this.#say("age", { age: seconds(age) });
    if (state === "still" || state === "stalled") return this.#say("ago", { age: seconds(age) });
    if (state === "lost" && this.#lostSince) return this.#say("ago", { age: seconds(now - this.#lostSince) });
    return "";
  }

  #say(key, values) { return this.#words[key].replace(/\{(\w+)\}/g, (_all, name) => values[name]); }

  #label() {
    if (!this.#parts) return;
    const { number, name, place } = this.#parts;
    this.setAttribute("aria-label", `${number.textContent} ${name.textContent}, ${place.textContent}. ${this.#words.state[this.dataset.state] ?? ""}`);
  }
}

customElements.define("live-tile", LiveTile);
