/* Asks the server what the draft says and does: the words at once, the change in access when nothing is typed for a while. */

const WORDS_MS = 160;
const ACCESS_MS = 700;
const AGAIN_MS = 900;

export class Preview extends EventTarget {
  #url; #token; #base; #words = 0; #access = 0; #under = null; #turn = 0;

  constructor({ url, token, base }) {
    super();
    this.#url = url;
    this.#token = token;
    this.#base = base;
  }

  /** Tells "answer" with { answer, access }: twice, the second time with the change in access. */
  ask(document, soon = false) {
    clearTimeout(this.#words);
    clearTimeout(this.#access);
    this.#under?.abort();
    const turn = (this.#turn += 1);
    this.#words = setTimeout(() => this.#send(document, false, turn), soon ? 0 : WORDS_MS);
    this.#access = setTimeout(() => this.#send(document, true, turn), soon ? 0 : ACCESS_MS);
  }

  /** The words of some text, once, beside nothing. */
  async once(document) {
    return (await fetch(this.#url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token }, body: JSON.stringify({ document, base: null, access: false }) })).json();
  }

  async #send(document, access, turn) {
    if (turn !== this.#turn) return;
    const under = new AbortController();
    if (access) this.#under = under;
    try {
      const response = await fetch(this.#url, {
        method: "POST", signal: under.signal, headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
        body: JSON.stringify({ document, base: this.#base, access }),
      });
      const said = await response.json().catch(() => null);
      if (turn !== this.#turn) return;
      if (!response.ok || !said?.sections) { if (access) this.#access = setTimeout(() => this.#send(document, true, turn), AGAIN_MS * 5); return; }
      const coming = response.status === 202;
      this.dispatchEvent(new CustomEvent("answer", { detail: { answer: said, access: said.access ?? (coming || (!access && said.sound) ? "coming" : null) } }));
      if (coming) this.#access = setTimeout(() => this.#send(document, true, turn), AGAIN_MS);
    } catch (fault) {
      if (fault.name !== "AbortError" && turn === this.#turn) this.#access = setTimeout(() => this.#send(document, true, turn), AGAIN_MS * 5);
    }
  }
}
