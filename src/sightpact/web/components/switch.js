/* The switch: sends the second tap, says NOT SENT when it did not arrive, and lets the ticks run.
   The same key goes with each try, so that a start that did arrive is not made twice. Without script the forms work too. */

import { face } from "./age.js";
import { swap } from "./swap.js";

const TRY_MS = 4000; // one try may take so long
const PAUSE_MS = 5000;
const GIVE_UP_MS = 180000;
const POLL_MS = 1000;
const clockTime = () => new Date().toTimeString().slice(0, 8);

const form = document.getElementById("start");
if (form) form.addEventListener("submit", (event) => { event.preventDefault(); new Sending(form); });

class Sending {
  #form; #began = Date.now(); #tries = 0; #timer = 0; #screen = null; #stopped = false; #busy = false; #renewed = false;

  constructor(form) {
    this.#form = form;
    if (document.body.dataset.kept) form.elements.key.value = crypto.randomUUID(); // a kept page may be older than the last start
    form.querySelector("button").disabled = true;
    sessionStorage.setItem("sightpact-sent", new Date().toISOString());
    this.#try();
    setInterval(() => { if (this.#screen && !this.#stopped && Date.now() - this.#began >= GIVE_UP_MS) this.#stop(); else this.#show(); }, 500);
    addEventListener("online", () => this.#try());
  }

  async #try() {
    if (this.#busy || this.#stopped) return;
    if (Date.now() - this.#began >= GIVE_UP_MS) { this.#stop(); return; } // the phone slept: what it would say now is old
    this.#busy = true;
    clearTimeout(this.#timer);
    this.#tries += 1;
    try {
      let response = await this.#post();
      if (response.status === 403 && !this.#renewed && (await this.#renew())) response = await this.#post();
      const said = await response.json().catch(() => ({}));
      if (response.ok && said.url) { location.replace(said.url); return; }
      if (response.status === 409) this.#stopped = true; // an answer, not a missing connection: trying again would not help
      this.#fail(response.status, said.text);
    } catch (fault) {
      this.#fail(fault.name === "TimeoutError" ? "slow" : "none");
    } finally {
      this.#busy = false;
    }
    if (!this.#stopped && Date.now() - this.#began < GIVE_UP_MS) this.#timer = setTimeout(() => this.#try(), PAUSE_MS);
    else this.#stop();
  }

  #post() {
    return fetch(this.#form.action, {
      method: "POST", body: new FormData(this.#form), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TRY_MS),
    });
  }

  /* The page's token was too old: take that of a fresh page, once. The key stays, so that nothing is started twice. */
  async #renew() {
    this.#renewed = true;
    const response = await fetch(location.href, { signal: AbortSignal.timeout(TRY_MS) });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#start [name=csrfmiddlewaretoken]");
    if (fresh) this.#form.elements.csrfmiddlewaretoken.value = fresh.value;
    return Boolean(fresh);
  }

  /* `what` is a status, or that there was none: "none", "slow". */
  #fail(what, said) {
    if (!this.#screen) {
      this.#screen = document.getElementById("switch");
      this.#screen.replaceChildren(document.getElementById("not-sent").content.cloneNode(true));
      this.#screen.append(this.#form);
      this.#form.hidden = true;
      this.#screen.querySelector("[data-again]").addEventListener("click", () => { this.#began = Date.now(); this.#stopped = false; this.#show(); this.#try(); });
      this.#screen.querySelector("[data-stop]").addEventListener("click", () => this.#stop());
      this.#screen.querySelector(".notsent").focus();
      document.title = this.#screen.querySelector(".notsent h1").textContent;
    }
    const why = this.#screen.querySelector("[data-why]");
    why.textContent = said || why.dataset[{ 403: "old", 429: "busy", none: "none", slow: "slow" }[what] || "fault"];
    this.#screen.querySelector("[data-back]").hidden = what !== 409 && what !== 403;
    this.#screen.querySelector("[data-tries]").textContent = this.#tries;
    this.#screen.querySelector("[data-last]").textContent = clockTime();
    this.#show();
  }

  #stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#show();
  }

  #show() {
    if (!this.#screen) return;
    this.#screen.querySelector("[data-trying]").hidden = this.#stopped;
    this.#screen.querySelector("[data-asks]").hidden = !this.#stopped;
    this.#screen.querySelector("[data-rest]").textContent = face(Math.max(0, Math.ceil((GIVE_UP_MS - (Date.now() - this.#began)) / 1000)));
  }
}

const running = document.getElementById("running");
if (running) {
  const sent = sessionStorage.getItem("sightpact-sent");
  let failures = 0;
  const show = () => {
    const place = running.querySelector("[data-sent]");
    if (place && sent) { const at = new Date(sent); place.textContent = `${at.toLocaleTimeString("en-GB", { timeZone: running.dataset.zone })}.${Math.floor(at.getMilliseconds() / 100)}`; }
    const notice = running.querySelector("[data-offline]");
    if (notice) { notice.hidden = failures < 3; notice.textContent = failures < 3 ? "" : running.dataset.gone; }
  };
  const ask = async () => {
    try {
      const response = await fetch(running.dataset.from, { signal: AbortSignal.timeout(TRY_MS) });
      if (!response.ok) throw new Error("no state");
      const html = await response.text();
      failures = 0;
      swap(running, html);
    } catch { failures += 1; }
    show();
    if (!running.querySelector("[data-over]")) setTimeout(ask, POLL_MS);
  };
  show();
  setTimeout(ask, POLL_MS);
}
