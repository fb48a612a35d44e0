/* Times that run: countdowns (`<time data-countdown="utc ms">`), ages (`<time data-since="utc ms">`), the clock of the console.
   Digits change, nothing else moves. Server and reader may disagree about the time: the server's counts. */

/** Server's clock minus this machine's, milliseconds: the page carries the instant at which it was made. */
const made = Number(document.querySelector("meta[name=server-now]")?.content);
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
const offset = Number.isFinite(made) && Math.abs(made - arrived) > 2000 ? made - arrived : 0; // less is the journey's time

export const serverNow = () => Date.now() + offset;

/** 41:20, 1:00:00 */
export function face(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value) => String(value).padStart(2, "0");
  return parts[0] ? `${parts[0]}:${two(parts[1])}:${two(parts[2])}` : `${parts[1]}:${two(parts[2])}`;
}

function run() {
  const now = serverNow();
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const left = Math.max(0, Math.ceil((Number(time.dataset.countdown) - now) / 1000));
    const text = face(left);
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("near-end", left <= 300);
  }
  for (const part of document.querySelectorAll("[data-show-at]")) part.hidden = now < Number(part.dataset.showAt);
  for (const part of document.querySelectorAll("[data-hide-at]")) part.hidden = now >= Number(part.dataset.hideAt);
  for (const time of document.querySelectorAll("time[data-left]")) {
    const left = Math.max(0, Math.ceil((Number(time.dataset.left) - now) / 1000));
    if (time.textContent !== String(left)) time.textContent = String(left);
    if (left === 0) time.closest("[data-until-zero]")?.remove();
  }
}

class WallClock extends HTMLElement {
  connectedCallback() {
    const zone = this.dataset.zone || "UTC";
    const day = new Intl.DateTimeFormat(this.dataset.lang || "en", { weekday: "short", day: "numeric", month: "short", timeZone: zone });
    const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: zone });
    this.innerHTML = "<span></span><b></b>";
    const show = () => {
      this.firstChild.textContent = day.format(serverNow());
      this.lastChild.textContent = time.format(serverNow());
    };
    show();
    setInterval(show, 250);
  }
}

customElements.define("wall-clock", WallClock);
setInterval(run, 250);
document.addEventListener("refreshed", run);
run();
