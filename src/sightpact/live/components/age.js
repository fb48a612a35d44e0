/* How old a picture is, and what a tile may therefore say. Pure: times are arguments, in milliseconds. */

export const SLOW_MS = 1000;
export const STALE_MS = 2000; // older than this is greyed and stamped, never shown as live

/**
 * What a tile says.
 * @param {{closed: null | "ended" | "refused", lapsed: boolean, source: string, picture: boolean, age: number}} facts
 *   closed: the gateway ended or refused it. lapsed: its lease passed without word. source: the camera's state as the
 *   gateway tells it. picture: is there one on the canvas. age: of that picture.
 */
export function tileState({ closed, lapsed, source, picture, age }) {
  if (closed) return closed;
  if (source === "unsupported") return "unsupported";
  if (lapsed || source === "lost") return "lost";
  if (!picture) return source === "stalled" ? "lost" : "connecting";
  if (source === "stalled") return "stalled";
  if (age >= STALE_MS) return "still";
  return age >= SLOW_MS ? "slow" : "live";
}

/** May a picture stand on the canvas in this state? */
export const showsPicture = (state) => ["live", "slow", "still", "stalled"].includes(state);

/** 0.3, 1.6, 24: seconds as a tile says them. */
export function seconds(ms) {
  const value = Math.max(0, ms) / 1000;
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** The gateway's clock, as a page knows it: what `ready` said, carried on by the page's steady clock. */
export class GatewayClock {
  #offset = Date.now() - performance.now();

  set(utcMs, steady = performance.now()) { this.#offset = utcMs - steady; }

  now(steady = performance.now()) { return this.#offset + steady; }
}
