/* The lease of each picture by the player's own clocks: when it passes, the picture goes, also with the cable pulled.
   Two clocks are asked and the earlier end counts: the steady one stands still in some machines' sleep, the other may be set.
   Nothing here touches a picture; whoever owns one is told through `lapsed`. */

export class Lease {
  #steady = -Infinity;
  #wall = -Infinity;

  /** @param {number} ms how much longer the picture may be shown, from now */
  renew(ms, steady = performance.now(), wall = Date.now()) {
    this.#steady = steady + ms;
    this.#wall = wall + ms;
  }

  end() { this.#steady = this.#wall = -Infinity; }

  /** Milliseconds left; not above zero when the lease has passed. */
  left(steady = performance.now(), wall = Date.now()) {
    return Math.min(this.#steady - steady, this.#wall - wall);
  }

  get good() { return this.left() > 0; }
}

export class LeaseKeeper {
  #leases = new Map();
  #timer = 0;
  #lapsed;

  /** @param {(tile: number) => void} lapsed called once, in the task that finds it, for each lease that has passed */
  constructor(lapsed) {
    this.#lapsed = lapsed;
    const look = () => this.look();
    for (const name of ["visibilitychange", "freeze", "resume"]) document.addEventListener(name, look);
    for (const name of ["pageshow", "focus", "online", "offline"]) addEventListener(name, look);
  }

  renew(tile, ms) {
    const lease = this.#leases.get(tile) ?? new Lease();
    lease.renew(ms);
    this.#leases.set(tile, lease);
    this.#arm();
  }

  drop(tile) { this.#leases.delete(tile); }

  good(tile) { return this.#leases.get(tile)?.good ?? false; }

  /** Find what has passed, now. */
  look() {
    for (const [tile, lease] of [...this.#leases]) {
      if (lease.good) continue;
      this.#leases.delete(tile);
      this.#lapsed(tile);
    }
    this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    let soonest = Infinity;
    for (const lease of this.#leases.values()) soonest = Math.min(soonest, lease.left());
    if (soonest < Infinity) this.#timer = setTimeout(() => this.look(), Math.max(0, soonest) + 1);
  }
}
