/* <wall-tone>: a tone when an emergency arrives. Browsers allow sound only after a touch, so the page says whether it is on. */

class WallTone extends HTMLElement {
  #context = null;

  connectedCallback() {
    this.addEventListener("click", () => this.#turnOn());
    this.#say(false);
  }

  async #turnOn() {
    this.#context ??= new AudioContext();
    await this.#context.resume();
    this.#say(this.#context.state === "running");
    this.sound(1);
  }

  /** Two tones, so many times. Silent when nobody has turned it on. */
  sound(times = 3) {
    if (!this.#context || this.#context.state !== "running") return;
    for (let i = 0; i < times; i += 1) {
      this.#beep(880, i * 0.9);
      this.#beep(660, i * 0.9 + 0.35);
    }
  }

  #beep(pitch, after) {
    const from = this.#context.currentTime + after;
    const gain = this.#context.createGain();
    const source = this.#context.createOscillator();
    source.frequency.value = pitch;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.4, from + 0.02);
    gain.gain.linearRampToValueAtTime(0, from + 0.3);
    source.connect(gain).connect(this.#context.destination);
    source.start(from);
    source.stop(from + 0.32);
  }

  #say(on) {
    this.dataset.state = on ? "on" : "off";
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== this.dataset.state;
  }
}

customElements.define("wall-tone", WallTone);
