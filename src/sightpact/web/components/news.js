/* <page-news>: hears that something changed and says so to the page, when the server has a turn for it: at once while few
   pages ask. What goes with the news of sharings is shown at once, by alert-line.js.
   Server-sent events first; while that stream is down the page asks every 5 s. Says truly how long ago it last heard.

   data-topics   which news concern this page (space separated)
   data-refresh  + data-from: replace the inside of that element with what that address answers
   Emits "news" on document with {topics}. */

import { answered, asks, heard } from "./alert-line.js";
import { reload } from "./reload.js";
import { swap } from "./swap.js";

const SILENT_MS = 20000; // the server pings more often than this; longer silence means that the stream is dead
const POLL_MS = 5000;

class PageNews extends HTMLElement {
  #source = null;
  #heard = 0;
  #poll = 0;
  #dead = 0;
  #busy = false;
  #again = false; // news came while the page asked
  #turn = 0; // timer: until then the page holds all its news
  #due = 0; // when that is
  #held = new Set();

  connectedCallback() {
    this.#open();
    setInterval(() => this.#tick(), 1000);
    addEventListener("online", () => this.#open());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#tick(); });
    document.addEventListener("news", () => this.#refresh());
  }

  disconnectedCallback() { this.#source?.close(); }

  #open() {
    this.#source?.close();
    const source = new EventSource(this.dataset.news || "/news/");
    this.#source = source;
    this.#dead = performance.now();
    source.onopen = () => { this.#alive(); this.#tell(this.#topics()); };
    for (const name of ["ping", "sharing", "watching", "ready"]) {
      source.addEventListener(name, (event) => {
        this.#alive();
        const said = this.#said(event);
        const topics = name === "ping" ? said.topics ?? [] : [name];
        if (said.running) heard(said.running, said.ask_ms);
        if (topics.some((topic) => this.#topics().includes(topic))) this.#hold(topics, said.ask_ms ?? 0);
      });
    }
    source.addEventListener("signed_out", () => reload());
    source.onerror = () => { if (source.readyState === EventSource.CLOSED && this.#source === source) this.#source = null; };
  }

  #said(event) { try { return JSON.parse(event.data) ?? {}; } catch { return {}; } }

  /** Ask when the server has a turn for this page; what comes until then is asked for with it. */
  #hold(topics, ms) {
    for (const topic of topics) this.#held.add(topic);
    const due = performance.now() + ms;
    if (ms <= 0) { this.#ask(); return; }
    if (this.#turn && this.#due <= due) return;
    clearTimeout(this.#turn); // whoever may take an incident gets an earlier one
    this.#due = due;
    this.#turn = setTimeout(() => this.#ask(), ms);
  }

  #ask() {
    clearTimeout(this.#turn);
    this.#turn = 0;
    const topics = [...this.#held];
    this.#held.clear();
    this.#tell(topics);
  }

  #topics() { return (this.dataset.topics ?? "").split(" ").filter(Boolean); }

  #alive() {
    this.#heard = performance.now();
    this.dataset.state = "listening";
    clearInterval(this.#poll);
    this.#poll = 0;
  }

  #tick() {
    const now = performance.now();
    const since = now - Math.max(this.#heard, this.#dead);
    if (since > SILENT_MS || !this.#source || this.#source.readyState !== EventSource.OPEN) {
      if (this.#heard && this.dataset.state === "listening" && since > POLL_MS || !this.#heard && since > POLL_MS) this.dataset.state = "down";
      if (this.dataset.state === "down" && !this.#poll) this.#poll = setInterval(() => this.#tell(this.#topics()), POLL_MS);
      if (since > SILENT_MS || !this.#source) this.#open();
    }
    for (const place of document.querySelectorAll("[data-heard]")) this.#sayHeard(place, now);
  }

  #sayHeard(place, now) {
    const seconds = this.#heard ? Math.round((now - this.#heard) / 1000) : null;
    const down = this.dataset.state === "down";
    place.classList.toggle("warn-text", down);
    const text = down ? place.dataset.down : place.dataset.heard;
    place.textContent = seconds === null && !down ? place.dataset.waiting : text.replace("{seconds}", seconds ?? "–");
  }

  #tell(topics) { document.dispatchEvent(new CustomEvent("news", { detail: { topics } })); }

  /** Whether its place is the one that says what is open: other parts of a page hear news too. */
  #saysWhatRuns() { return this.dataset.refresh === "#state-line" || !document.getElementById("state-line"); }

  async #refresh() {
    if (!this.dataset.from) return;
    if (this.#busy) { this.#again = true; return; }
    this.#busy = true;
    const asked = asks();
    try {
      const response = await fetch(this.dataset.from, { headers: { Accept: "text/html", "X-Fragment": "1" }, credentials: "same-origin" });
      if (response.redirected) { reload(); return; }
      if (response.ok) {
        swap(document.querySelector(this.dataset.refresh), await response.text());
        if (this.#saysWhatRuns()) answered(asked);
      }
    } catch { /* said by the line that tells when something was last heard */ } finally {
      this.#busy = false;
      if (this.#again) { this.#again = false; this.#refresh(); }
    }
  }
}

customElements.define("page-news", PageNews);
