/* <video-wall>: the tiles of one page, in their places. 1, 4, 9 or 16 at a time, by mouse, touch and keys.
   It is given cameras (`show`), keeps each tile where it is, and hands what is visible to the player. */

import "./live-tile.js";
import { Player } from "./player.js";
import { WallKeys } from "./wall-keys.js";

const TICK_MS = 200;
const REMEMBERED = "sightpact-wall-size";

export class VideoWall extends HTMLElement {
  #player = null;
  #grid; #bar; #words; #template; #status;
  #cameras = [];
  #tiles = new Map(); // camera id -> live-tile
  #noted = new WeakMap(); // live-tile -> its state when last looked at
  #size = 9;
  #page = 0;
  #spare = false; // does the page's own panel take the last row
  #large = null;

  connectedCallback() {
    if (this.#grid) return;
    this.#grid = this.querySelector(".wall");
    this.#bar = document.getElementById("wall-bar");
    this.#status = this.querySelector("[data-say]");
    this.#template = document.getElementById("live-tile-template");
    this.#words = JSON.parse(document.getElementById("wall-words").textContent);
    this.#size = this.#remembered();
    for (const place of [this, this.#bar]) place.addEventListener("click", (event) => this.#click(event));
    this.#grid.addEventListener("focusin", (event) => this.#player?.focus(event.target.closest("live-tile")?.dataset.camera ?? ""));
    new WallKeys(this, this.#bar);
    if (!this.#canPlay()) return;
    this.#player = new Player({
      ticketUrl: this.dataset.ticketUrl, csrf: this.dataset.csrf, words: this.#words,
      on: {
        ended: (detail) => this.#tell("tile-ended", detail),
        lost: (why) => this.#tell("viewer-lost", why),
        ready: () => this.#tell("viewer-ready", {}),
      },
    });
    this.#player.start();
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Start again after the gateway ended this viewer: the page heard that something changed. */
  resume() { this.#player?.start(); }

  /**
   * These cameras, in this order, are what may be watched now. Tiles that stay keep their picture.
   * @param {object[]} cameras @param {boolean} spare does the page's own panel take the last row
   */
  show(cameras, spare) {
    const news = cameras.filter((camera) => camera.inside && !this.#cameras.some((old) => old.id === camera.id));
    this.#cameras = cameras;
    this.#spare = spare;
    if (news.length) this.#page = 0;
    if (this.#large && !cameras.some((camera) => camera.id === this.#large)) this.enlarge(null);
    this.#lay(new Set(news.map((camera) => camera.id)));
  }

  get visible() { return [...this.#grid.querySelectorAll("live-tile")]; }

  /** How many at a time. @param {1 | 4 | 9 | 16} size */
  set size(size) {
    this.#size = size;
    try { localStorage.setItem(REMEMBERED, String(size)); } catch { /* for this page only */ }
    this.#page = 0;
    this.enlarge(null);
    this.#lay(new Set());
  }

  turn(by) {
    this.#page = Math.min(Math.max(0, this.#page + by), this.#pages() - 1);
    this.enlarge(null);
    this.#lay(new Set());
  }

  /** One tile over the whole wall; null puts it back. The others stay open, as the record says. */
  enlarge(camera) {
    const before = this.#large;
    this.#large = camera;
    this.#grid.toggleAttribute("data-large", camera !== null);
    for (const [id, tile] of this.#tiles) tile.toggleAttribute("data-large", id === camera);
    (this.#tiles.get(camera ?? before))?.focus();
    this.#player?.focus(camera ?? "");
  }

  get large() { return this.#large; }

  #lay(news) {
    const places = this.#places();
    const shown = this.#cameras.slice(this.#page * places, (this.#page + 1) * places);
    const keep = new Set(shown.map((camera) => camera.id));
    for (const [id, tile] of this.#tiles) {
      if (keep.has(id)) continue;
      tile.remove();
      this.#tiles.delete(id);
    }
    const wanted = shown.map((camera, place) => {
      const tile = this.#tiles.get(camera.id) ?? this.#make(camera, news.has(camera.id));
      tile.camera = camera;
      tile.number = this.#page * places + place + 1;
      this.#put(tile, place);
      return { camera: camera.id, view: tile };
    });
    this.#grid.dataset.size = String(this.#size);
    this.#player?.show(wanted);
    this.#sayPlace();
  }

  #make(camera, isNews) {
    const tile = document.createElement("live-tile");
    tile.build(this.#template, this.#words);
    tile.toggleAttribute("data-news", isNews);
    this.#tiles.set(camera.id, tile);
    return tile;
  }

  #put(tile, place) {
    const at = this.visible[place] ?? this.#grid.querySelector("#schools, .wallnote");
    if (at === tile) return;
    if (tile.parentNode === this.#grid && this.#grid.moveBefore) this.#grid.moveBefore(tile, at ?? null);
    else this.#grid.insertBefore(tile, at ?? null);
  }

  #places() {
    const columns = Math.sqrt(this.#size);
    return Math.max(1, this.#size - (this.#spare ? columns : 0));
  }

  #pages() { return Math.max(1, Math.ceil(this.#cameras.length / this.#places())); }

  #sayPlace() {
    const pages = this.#pages();
    for (const button of this.#bar.querySelectorAll("[data-size-choice]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.sizeChoice) === this.#size));
    }
    for (const button of this.#bar.querySelectorAll("[data-turn]")) {
      button.disabled = Number(button.dataset.turn) < 0 ? this.#page === 0 : this.#page >= pages - 1;
    }
    const where = this.#bar.querySelector("[data-where]");
    const first = this.#page * this.#places();
    const text = this.#words.where.replace("{first}", this.#cameras.length ? first + 1 : 0)
      .replace("{last}", Math.min(first + this.#places(), this.#cameras.length)).replace("{all}", this.#cameras.length);
    where.textContent = text;
  }

  #click(event) {
    const size = event.target.closest("[data-size-choice]");
    const turn = event.target.closest("[data-turn]");
    const enlarge = event.target.closest(".enlarge");
    if (size) this.size = Number(size.dataset.sizeChoice);
    else if (turn) this.turn(Number(turn.dataset.turn));
    else if (enlarge) {
      const camera = enlarge.closest("live-tile").dataset.camera;
      this.enlarge(this.#large === camera ? null : camera);
    } else if (event.target.closest("[data-full-screen]")) this.fullScreen();
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen?.();
  }

  #tick() {
    const now = this.#player.clock.now();
    let changed = false;
    for (const tile of this.#tiles.values()) {
      tile.tick(now);
      const { state } = tile;
      if (this.#noted.get(tile) === state) continue; // whoever changed it: this tick, or the player when it heard
      this.#noted.set(tile, state);
      if (["lost", "still", "stalled", "refused", "unsupported"].includes(state)) this.#say(tile.getAttribute("aria-label"));
      if (["live", "lost", "stalled", "unsupported"].includes(state)) changed = true;
    }
    if (changed) this.#tell("cameras-changed", {});
  }

  #say(text) { if (this.#status) this.#status.textContent = text; }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true })); }

  #remembered() {
    try { return Number(localStorage.getItem(REMEMBERED)) || Number(this.dataset.size) || 9; } catch { return 9; }
  }

  /** No silent black: say which browser or connection is needed. */
  #canPlay() {
    const missing = !window.isSecureContext ? "insecure" : !("VideoDecoder" in window) ? "no_decoder" : null;
    if (!missing) return true;
    const note = this.querySelector(`[data-missing="${missing}"]`);
    note.hidden = false;
    this.dataset.state = "unsupported";
    return false;
  }
}

customElements.define("video-wall", VideoWall);
