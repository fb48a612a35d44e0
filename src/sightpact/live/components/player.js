/* The player: which cameras are open, and for each its decoder, its lease and its tile. One rule above all:
   no lease, no picture; no socket, no picture. Clearing happens in the task that learns of it. */

import { GatewayClock } from "./age.js";
import { Connection } from "./connection.js";
import { TileDecoder } from "./decoder.js";
import { LeaseKeeper } from "./lease.js";

const ASK_AGAIN_MS = 5000; // after an end or a refusal
const PASSING = new Set(["ground_changed", "lease_lapsed", "gate_restarted"]); // ends that ask to be asked again at once

export class Player {
  #connection; #on;
  #clock = new GatewayClock();
  #slots = new Map(); // tile number -> {camera, view, decoder, channel, closedAt, code}
  #channels = new Map(); // channel -> tile number
  #leases = new LeaseKeeper((tile) => this.#lapse(tile));
  #next = 1;
  #mark = "";

  /** @param {{ticketUrl: string, csrf: string, words: object,
   *   on: {ended: (tile: object) => void, lost: (why: object) => void, ready: () => void}}} options */
  constructor({ ticketUrl, csrf, words, on }) {
    this.#on = on;
    this.words = words;
    this.#connection = new Connection({
      ticketUrl, csrf,
      on: {
        ready: (message, tripMs) => this.#ready(message, tripMs),
        message: (message) => this.#take(message),
        frame: (channel, isKey, arrivalUs, payload) => this.#slots.get(this.#channels.get(channel))?.decoder.feed(isKey, arrivalUs, payload),
        lost: (why) => this.#lost(why),
      },
    });
    addEventListener("pagehide", () => this.#darken());
    document.addEventListener("freeze", () => this.#darken());
  }

  get clock() { return this.#clock; }

  start() { this.#connection.start(); }

  /**
   * Show exactly these cameras. Those that are open stay open; others are closed; a tile that ended or was refused is
   * asked for again, but not in circles: each asking is in the record.
   * @param {{camera: string, view: import("./live-tile.js").LiveTile}[]} wanted
   */
  show(wanted) {
    const cameras = new Set(wanted.map((item) => item.camera));
    const gone = [...this.#slots].filter(([, slot]) => !cameras.has(slot.camera)).map(([tile]) => tile);
    for (const tile of gone) this.#remove(tile);
    if (gone.length) this.#connection.send({ t: "close", tiles: gone });
    const open = new Map([...this.#slots].map(([tile, slot]) => [slot.camera, tile]));
    const fresh = [];
    for (const { camera, view } of wanted) {
      const tile = open.get(camera);
      if (tile !== undefined && !(view.isClosed && this.#mayAskAgain(this.#slots.get(tile)))) continue;
      if (tile !== undefined) this.#remove(tile);
      fresh.push(this.#add(camera, view));
    }
    if (fresh.length) this.#connection.send({ t: "open", tiles: fresh });
  }

  /** The tile that is looked at closely: it is not held back to be sent together with others. */
  focus(camera) {
    const found = [...this.#slots].find(([, slot]) => slot.camera === camera);
    this.#connection.send({ t: "focus", tile: found ? found[0] : 0 });
  }

  #add(camera, view) {
    const tile = this.#next++;
    view.reset();
    const decoder = new TileDecoder(view.canvas, {
      mayDraw: () => this.#leases.good(tile),
      drawn: (arrivalMs) => view.drawn(arrivalMs, this.#clock.now()),
      failed: (reason) => { view.source = { state: "unsupported", text: this.words[reason] }; },
    });
    view.watermark = this.#mark;
    this.#slots.set(tile, { camera, view, decoder, channel: null, closedAt: 0, code: "" });
    return { tile, camera };
  }

  #mayAskAgain({ closedAt, code }) {
    return PASSING.has(code) || performance.now() - closedAt > ASK_AGAIN_MS;
  }

  #remove(tile) {
    const slot = this.#slots.get(tile);
    this.#slots.delete(tile);
    this.#leases.drop(tile);
    if (slot.channel !== null) this.#channels.delete(slot.channel);
    slot.decoder.close();
    slot.view.forget();
  }

  #ready(message, tripMs) {
    this.#clock.set(message.now + tripMs / 2);
    this.#mark = message.watermark;
    const again = [...this.#slots].filter(([, slot]) => !slot.view.isClosed).map(([tile, slot]) => ({ tile, camera: slot.camera }));
    for (const slot of this.#slots.values()) slot.view.watermark = this.#mark;
    if (again.length) this.#connection.send({ t: "open", tiles: again });
    this.#on.ready();
  }

  #take(message) {
    if (message.t === "lease") {
      for (const [tile, ms] of message.tiles) if (this.#slots.has(tile)) this.#leases.renew(tile, ms);
      return;
    }
    const slot = this.#slots.get(message.tile);
    if (!slot) return;
    const now = this.#clock.now();
    switch (message.t) {
      case "opened":
        slot.channel = message.channel;
        slot.view.dataset.clause = message.clause;
        this.#channels.set(message.channel, message.tile);
        this.#leases.renew(message.tile, message.lease_ms);
        break;
      case "config":
        slot.decoder.configure(message);
        break;
      case "state":
        slot.view.source = message;
        if (message.state === "lost" || message.state === "unsupported") this.#clear(slot);
        slot.view.tick(now);
        break;
      case "refused":
        this.#shut(message, slot, "refused", now);
        break;
      case "end":
        this.#shut(message, slot, "ended", now);
        break;
      default:
    }
  }

  #shut(message, slot, kind, now) {
    slot.decoder.close();
    this.#leases.drop(message.tile);
    if (slot.channel !== null) this.#channels.delete(slot.channel);
    slot.closedAt = performance.now();
    slot.code = message.code;
    slot.view.close(kind, message.text);
    slot.view.tick(now);
    this.#on.ended({ kind, camera: slot.camera, code: message.code, text: message.text });
  }

  #clear(slot) {
    slot.decoder.clear();
    slot.view.forget();
  }

  #lapse(tile) {
    const slot = this.#slots.get(tile);
    if (!slot) return;
    this.#clear(slot);
    slot.view.lapse();
    slot.view.tick(this.#clock.now());
  }

  #lost(why) {
    this.#darken();
    this.#channels.clear();
    for (const slot of this.#slots.values()) {
      slot.channel = null;
      if (slot.view.isClosed) continue;
      slot.view.source = { state: why.ended ? "lost" : "connecting", text: why.text || this.words.no_connection, next_try: why.retryMs === null ? null : this.#clock.now() + why.retryMs };
      slot.view.tick(this.#clock.now());
    }
    this.#on.lost(why);
  }

  /** No picture anywhere, now. A page that lives on is lit again by the next beat and key frame. */
  #darken() {
    for (const [tile, slot] of this.#slots) {
      this.#leases.drop(tile);
      this.#clear(slot);
    }
  }
}
