/* The wall's page: hears news, asks for the state, puts the server's words in their places and the cameras on the wall.
   It decides nothing: what may be seen is the gate's, this page only stops showing. */

import { answered, asks } from "../web/alert-line.js";
import { reload } from "../web/reload.js";
import { swap } from "../web/swap.js";
import "./video-wall.js";

const wall = document.querySelector("video-wall");
const root = document.getElementById("wall-page");
const announce = document.getElementById("announce");
let asking = false;
let again = false;
let mode = root.dataset.mode;
let known = null; // marks of the sharings that this page has alerted to; a widened one gets a new mark
let dark = wall.hidden; // nothing to show: the notice stands in the wall's place

/** Ask for the state, once at a time; news that arrives meanwhile asks once more. */
async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  const asked = asks();
  try {
    const response = await fetch(root.dataset.state, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.redirected || response.status === 401 || response.status === 403) { reload(); return; }
    if (response.ok) { take(await response.json()); answered(asked); }
  } catch { /* the line below the wall says since when nothing was heard */ } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

/** @param {{mode: string, tiles: object[], announce: string, title: string, alerts: string[], loud: boolean, untold: string[], html: Record<string, string>}} state */
function take(state) {
  const before = mode;
  const wasDark = dark;
  mode = state.mode;
  dark = mode === "ended" || state.tiles.length === 0;
  root.dataset.mode = mode;
  const asked = questions();
  for (const [id, html] of Object.entries(state.html)) swap(document.getElementById(id), html);
  if (questions() > asked) document.dispatchEvent(new CustomEvent("emergency")); // an alarm that nobody could place sounds too
  wall.hidden = dark;
  wall.show(dark ? [] : chosen(state), mode === "quiet");
  wall.resume();
  if (state.announce !== announce.textContent) announce.textContent = state.announce;
  document.title = document.title.replace(/^.*(?= · )/, () => state.title);
  root.toggleAttribute("data-untaken", Boolean(root.querySelector("[data-take]:not([data-take=drill])")));
  const isNew = known !== null && state.alerts.some((mark) => !known.has(mark));
  if (mode !== before || dark !== wasDark || isNew) arrive(state.loud);
  known = new Set(state.alerts);
  for (const activation of state.untold) tell(activation);
  practise(state.drill);
}

/** A drill's steps: this screen has shown it; and, once a simulated picture moves, that. */
let pictured = "";
function practise(drill) {
  pictured = drill?.pictured ?? "";
  if (drill?.told) post(drill.told);
  if (pictured && wall.querySelector("live-tile[data-drill][data-frames]")) sayPictured();
}

function sayPictured() {
  if (!pictured) return;
  post(pictured);
  pictured = "";
}

function post(path) {
  fetch(path, { method: "POST", headers: { "X-CSRFToken": root.dataset.csrf, Accept: "application/json" } }).catch(() => {});
}

wall.addEventListener("first-picture", (event) => { if (event.target.hasAttribute("data-drill")) sayPictured(); });

/** How many alarms wait for a person to say which school it is. */
function questions() {
  return root.querySelectorAll(".whichschool").length;
}

/** The switch's third tick: this screen has shown it. */
function tell(activation) {
  const body = new FormData();
  body.set("activation", activation);
  fetch(root.dataset.told, { method: "POST", body, headers: { "X-CSRFToken": root.dataset.csrf, Accept: "application/json" } }).catch(() => {});
}

/** A change of mode, a second emergency or a higher kind moves the focus to what matters now: the notice, or the one action. */
function arrive(loud) {
  if (dark) document.getElementById("ended")?.focus();
  else if (mode === "emergency") {
    document.querySelector("[data-take]")?.focus();
    document.dispatchEvent(new CustomEvent(loud ? "emergency" : "look"));
  } else if (mode === "drill") document.querySelector("[data-take]")?.focus();
  else if (mode === "look") document.dispatchEvent(new CustomEvent("look"));
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
    const body = new FormData(form);
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) announce.textContent = (await response.json().catch(() => ({}))).text ?? root.dataset.failed;
  } catch {
    announce.textContent = root.dataset.failed;
  } finally {
    button.disabled = false;
    refresh();
  }
});

document.addEventListener("news", refresh);

/* A picture that ended is asked for at once where that may help, and once more a little later: what refused it (a record
   that could not be written, facts that were away) passes without news. */
const ONCE_MORE_MS = 5500; // the player asks again after 5 s, not sooner
let onceMore = 0;
const HEALTH_MS = 1500; // so long after a picture came or went, the gateway knows it too
let health = 0;
wall.addEventListener("cameras-changed", () => {
  clearTimeout(health);
  health = setTimeout(refresh, HEALTH_MS);
});
wall.addEventListener("tile-ended", () => {
  clearTimeout(onceMore);
  onceMore = setTimeout(refresh, ONCE_MORE_MS);
  refresh();
});
wall.addEventListener("viewer-lost", refresh);
refresh();
