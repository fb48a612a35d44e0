/* Puts a part of a page that our own server rendered in the place of the older one. The only place that takes markup.
   Focus stays, what was unfolded stays unfolded, nothing is replaced that did not change, and never under a finger: a button acts on release. */

const waiting = new Map(); // place -> html that came while somebody was pressing
let pressing = false;

addEventListener("pointerdown", () => { pressing = true; }, true);
for (const name of ["pointerup", "pointercancel", "blur"]) addEventListener(name, () => { setTimeout(release); }, true);

function release() {
  pressing = false;
  for (const [place, html] of waiting) put(place, html);
  waiting.clear();
}

/** What of a part is worth a change: not a token, not the digits of a running clock. */
const plain = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/(<time data-(?:countdown|left)[^>]*>)[\d:]*/g, "$1");

/** @param {HTMLElement | null} place @param {string} html from our own server, same origin, escaped there */
export function swap(place, html) {
  if (!place) return;
  if (pressing) waiting.set(place, html);
  else put(place, html);
}

function put(place, html) {
  const next = plain(html);
  if (place.dataset.shown === next) return;
  place.dataset.shown = next;
  const had = place.contains(document.activeElement) ? document.activeElement.id : "";
  const known = new Set([...place.querySelectorAll("[data-row]")].map((row) => row.dataset.row));
  const open = [...place.querySelectorAll("details[open][id]")].map((part) => part.id);
  place.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (known.size) for (const row of place.querySelectorAll("[data-row]")) row.toggleAttribute("data-news", !known.has(row.dataset.row));
  if (had) document.getElementById(had)?.focus();
  document.dispatchEvent(new CustomEvent("refreshed"));
}
