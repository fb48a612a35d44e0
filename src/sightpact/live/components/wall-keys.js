/* The wall's keys. They can be turned off (WCAG 2.1.4) and never fire while somebody types. */

const REMEMBERED = "sightpact-wall-keys";
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export class WallKeys {
  #wall; #box; #help;

  constructor(wall, bar) {
    this.#wall = wall;
    this.#box = bar.querySelector("[data-keys]");
    this.#help = document.getElementById("wall-help");
    this.#box.checked = this.#stored() !== "off";
    this.#box.addEventListener("change", () => {
      try { localStorage.setItem(REMEMBERED, this.#box.checked ? "on" : "off"); } catch { /* for this page only */ }
    });
    document.addEventListener("keydown", (event) => this.#press(event));
    bar.querySelector("[data-help]").addEventListener("click", () => this.#help?.showModal());
  }

  #stored() { try { return localStorage.getItem(REMEMBERED); } catch { return null; } }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#help?.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const tile = document.activeElement?.closest?.("live-tile") ?? null;
    const onTile = tile !== null && document.activeElement === tile;
    if (event.key === "Escape" && this.#wall.large) return this.#done(event, () => this.#wall.enlarge(null));
    if (onTile && event.key === "Enter") return this.#done(event, () => this.#wall.enlarge(this.#wall.large ? null : tile.dataset.camera));
    if (onTile && STEPS[event.key]) return this.#done(event, () => this.#step(tile, ...STEPS[event.key]));
    if (!this.#box.checked) return undefined;
    if (/^[1-9]$/.test(event.key)) return this.#done(event, () => this.#wall.visible[Number(event.key) - 1]?.focus());
    switch (event.key.toLowerCase()) {
      case "0": return this.#done(event, () => (this.#wall.large ? this.#wall.enlarge(null) : this.#wall.visible[0]?.focus()));
      case "f": return this.#done(event, () => this.#wall.fullScreen());
      case "?": return this.#done(event, () => this.#help?.showModal());
      case "t": return this.#done(event, () => document.querySelector("[data-take]")?.click());
      default: return undefined;
    }
  }

  #done(event, act) {
    event.preventDefault();
    act();
  }

  /** The nearest tile in that direction, by where tiles really stand: columns differ with the screen. */
  #step(from, dx, dy) {
    const middle = (tile) => { const box = tile.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
    const [x, y] = middle(from);
    let best = null;
    for (const tile of this.#wall.visible) {
      if (tile === from) continue;
      const [tx, ty] = middle(tile);
      const along = (tx - x) * dx + (ty - y) * dy;
      const aside = Math.abs((tx - x) * dy) + Math.abs((ty - y) * dx);
      if (along > 1 && (best === null || along + 2 * aside < best.far)) best = { tile, far: along + 2 * aside };
    }
    best?.tile.focus();
  }
}
