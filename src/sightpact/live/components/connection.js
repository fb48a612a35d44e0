/* One viewer's socket to the edge: ticket, hello, messages, and coming back after a break.
   It knows the protocol of docs/design/0001 and nothing of tiles or pictures. Tickets are posted for, never kept. */

const PROTOCOL = "sightpact.v1";
const HEADER = 16; // bytes before the fragment
const PAYLOAD = HEADER + 108; // the NAL units stand at a fixed offset in the fragment
const WAITS_MS = [250, 500, 1000, 2000, 4000, 8000];
const REST_MS = 3000; // after the gateway ended a viewer
const ENDED = 4402; // the gateway closed this viewer, with a reason
const FRESH_TICKET = new Set([4401, 4409]); // ticket too old or used; gateway restarted

export class Connection {
  #on; #ticketUrl; #csrf;
  #socket = null;
  #timer = 0;
  #tries = 0;
  #running = false;
  #ready = false;
  #helloAt = 0;
  #endedAt = -Infinity;

  /**
   * @param {{ticketUrl: string, csrf: string, on: {
   *   ready: (message: object, tripMs: number) => void, message: (message: object) => void,
   *   frame: (channel: number, isKey: boolean, arrivalUs: number, payload: Uint8Array) => void,
   *   lost: (why: {ended: boolean, text: string, retryMs: number | null}) => void}}} options
   */
  constructor({ ticketUrl, csrf, on }) {
    this.#ticketUrl = ticketUrl;
    this.#csrf = csrf;
    this.#on = on;
    addEventListener("online", () => { if (this.#running && !this.#socket) this.#connect(); });
  }

  get isReady() { return this.#ready; }

  /** Begin, or begin again after the gateway ended this viewer: then not at once, or a refusal would be asked for in circles. */
  start() {
    if (this.#running) return;
    const wait = this.#endedAt + REST_MS - performance.now();
    if (wait > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.start(), wait);
      return;
    }
    this.#running = true;
    this.#tries = 0;
    this.#connect();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** @param {object} message one of the browser's messages; dropped while there is no socket, since `ready` opens anew */
  send(message) {
    if (this.#ready) this.#socket.send(JSON.stringify(message));
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#drop();
    let answer;
    try {
      answer = await this.#ticket();
    } catch (fault) {
      this.#again({ text: fault.text ?? "", ended: fault.final === true });
      return;
    }
    if (!this.#running) return;
    const socket = new WebSocket(answer.url, PROTOCOL);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.#helloAt = performance.now();
      socket.send(JSON.stringify({ t: "hello", ticket: answer.ticket }));
    };
    socket.onmessage = ({ data }) => { if (socket === this.#socket) this.#receive(data); };
    socket.onclose = ({ code, reason }) => { if (socket === this.#socket) this.#closed(code, reason); };
  }

  async #ticket() {
    const response = await fetch(this.#ticketUrl, {
      method: "POST", headers: { "X-CSRFToken": this.#csrf, Accept: "application/json" }, credentials: "same-origin",
    });
    if (response.ok && !response.redirected) return response.json();
    const said = await response.json().catch(() => ({}));
    // 401 and 403: whoever sits here is signed out or not named any more; asking again would not help.
    throw Object.assign(new Error("no ticket"), { text: said.text ?? "", final: [401, 403].includes(response.status) || response.redirected });
  }

  #receive(data) {
    if (typeof data !== "string") {
      const head = new DataView(data, 0, HEADER);
      const arrivalUs = Number(head.getBigUint64(8));
      this.#on.frame(head.getUint32(0), (head.getUint8(4) & 1) === 1, arrivalUs, new Uint8Array(data, PAYLOAD));
      return;
    }
    const message = JSON.parse(data);
    if (message.t === "ready") {
      this.#ready = true;
      this.#tries = 0;
      this.#on.ready(message, performance.now() - this.#helloAt);
    } else {
      this.#on.message(message);
    }
  }

  #closed(code, reason) {
    this.#socket = null;
    this.#ready = false;
    if (FRESH_TICKET.has(code) && this.#tries === 0) {
      this.#tries = 1;
      this.#on.lost({ ended: false, text: reason, retryMs: 0 });
      if (this.#running) this.#connect();
      return;
    }
    this.#again({ text: reason, ended: code === ENDED });
  }

  #again({ text, ended }) {
    if (ended) {
      this.#running = false;
      this.#endedAt = performance.now();
    }
    const retryMs = this.#running ? WAITS_MS[Math.min(this.#tries, WAITS_MS.length - 1)] * (0.75 + Math.random() / 2) : null;
    this.#tries += 1;
    this.#on.lost({ ended, text, retryMs });
    if (retryMs !== null) this.#timer = setTimeout(() => this.#connect(), retryMs);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    if (socket) socket.close(1000);
  }
}
