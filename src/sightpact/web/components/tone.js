/* <wall-tone>: says whether a tone is on, and turns it on. Browsers allow sound only after a touch, so it is off until then.
   The tone itself belongs to the page: it sounds at the "emergency" and (once) the "look" event, also when this element was swapped away. */

let context = null;
const isOn = () => context !== null && context.state === "running";

/** Two tones, so many times. Silent when nobody has turned it on. */
function sound(times) {
  if (!isOn()) return;
  for (let i = 0; i < times; i += 1) {
    beep(880, i * 0.9);
    beep(660, i * 0.9 + 0.35);
  }
}

function beep(pitch, after) {
  const from = context.currentTime + after;
  const gain = context.createGain();
  const source = context.createOscillator();
  source.frequency.value = pitch;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.4, from + 0.02);
  gain.gain.linearRampToValueAtTime(0, from + 0.3);
  source.connect(gain).connect(context.destination);
  source.start(from);
  source.stop(from + 0.32);
}

class WallTone extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async () => {
      context ??= new AudioContext();
      await context.resume();
      this.#say();
      sound(1);
    });
    this.#say();
  }

  #say() {
    this.dataset.state = isOn() ? "on" : "off";
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== this.dataset.state;
  }
}

customElements.define("wall-tone", WallTone);
document.addEventListener("emergency", () => sound(3));
document.addEventListener("look", () => sound(1)); // police are invited, or a request was approved
