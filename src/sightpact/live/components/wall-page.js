/* The wall's page: hears news, asks for the state, puts the server's words in their places and the cameras on the wall.
   It decides nothing: what may be seen is the gate's, this page only stops showing. */

import "./video-wall.js";

const wall = document.querySelector("video-wall");
const root = document.getElementById("wall-page");
const announce = document.getElementById("announce");
let current = null; // the last state as JSON text, so that nothing is swapped that did not change
let asking = false;
let again = false;
let mode = root.dataset.mode;

/** Ask for the state, once at a time; news that arrives meanwhile asks once more. */
async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const response = await fetch(root.dataset.state, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.redirected || response.status === 401 || response.status === 403) { location.reload(); return; }
    if (response.ok) take(await response.json());
  } catch { /* the line below the wall says since when nothing was heard */ } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

/** @param {{mode: string, tiles: object[], announce: string, untold: string[], html: Record<string, string>}} state */
function take(state) {
  const text = JSON.stringify(state);
  if (text === current) return;
  current = text;
  const before = mode;
  mode = state.mode;
  root.dataset.mode = mode;
  const had = document.activeElement?.id;
  for (const [id, html] of Object.entries(state.html)) swap(id, html);
  if (had && !document.getElementById(had)?.matches(":focus")) document.getElementById(had)?.focus();
  const dark = mode === "ended" || mode === "nothing";
  wall.hidden = dark;
  wall.show(dark ? [] : chosen(state), mode === "quiet");
  wall.resume();
  if (state.announce !== announce.textContent) announce.textContent = state.announce;
  if (mode !== before) arrive();
  for (const activation of state.untold) tell(activation);
}

/** The switch's third tick: this screen has shown it. */
function tell(activation) {
  const body = new FormData();
  body.set("activation", activation);
  fetch(root.dataset.told, { method: "POST", body, headers: { "X-CSRFToken": root.dataset.csrf, Accept: "application/json" } }).catch(() => {});
}

function swap(id, html) {
  const place = document.getElementById(id);
  if (!place || place.dataset.html === html) return;
  place.innerHTML = html;
  place.dataset.html = html;
}

/** A change of mode moves the focus to what matters now: the notice, or the one action. */
function arrive() {
  if (mode === "ended" || mode === "nothing") document.getElementById("ended")?.focus();
  if (mode === "emergency") {
    document.querySelector("[data-take]")?.focus();
    document.querySelector("wall-tone")?.sound();
  }
}

let school = ""; // the school whose outside cameras are asked for; all when empty
let latest = null;

function chosen(state) {
  latest = state;
  if (mode !== "quiet" || !school) return state.tiles;
  return state.tiles.filter((tile) => tile.school_id === school);
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-school]");
  if (!button || !latest) return;
  school = school === button.dataset.school ? "" : button.dataset.school;
  for (const each of root.querySelectorAll("[data-school]")) each.setAttribute("aria-pressed", String(each.dataset.school === school));
  wall.show(chosen(latest), mode === "quiet");
});

root.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (!response.ok) announce.textContent = (await response.json().catch(() => ({}))).text ?? root.dataset.failed;
  } catch {
    announce.textContent = root.dataset.failed;
  } finally {
    button.disabled = false;
    refresh();
  }
});

document.addEventListener("news", refresh);
wall.addEventListener("tile-ended", refresh);
wall.addEventListener("viewer-lost", refresh);
refresh();
