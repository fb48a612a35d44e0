/* One camera's pictures: encoded frames in, a picture on a canvas out. Keeps no frame, and never draws unless it may.
   The queue is bounded: a page that cannot keep up skips to the next key frame instead of falling behind. */

export const MOST_QUEUED = 8; // frames waiting for the decoder; at 15 fps half a second
const MOST_FAULTS = 5;

/** Browsers name the error of an unknown codec differently, so they are asked. */
async function isSupported(config) {
  try { return (await VideoDecoder.isConfigSupported(config)).supported; } catch { return false; }
}

export class TileDecoder {
  #canvas; #context; #told; #mayDraw;
  #decoder = null;
  #config = null;
  #needsKey = true;
  #faults = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{mayDraw: () => boolean, drawn: (arrivalMs: number) => void, failed: (reason: "unsupported" | "broken") => void}} told
   */
  constructor(canvas, told) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#told = told;
    this.#mayDraw = told.mayDraw;
  }

  /** @param {{codec: string, width: number, height: number, avcc: string}} message the edge's `config` */
  configure({ codec, width, height, avcc }) {
    this.#config = {
      codec, codedWidth: width, codedHeight: height, optimizeForLatency: true,
      ...(avcc ? { description: Uint8Array.from(atob(avcc), (letter) => letter.charCodeAt(0)) } : {}),
    };
    this.#faults = 0;
    this.#build();
  }

  /**
   * @param {boolean} isKey
   * @param {number} arrivalUs when the gateway received the frame, UTC microseconds: the picture's birth
   * @param {Uint8Array} payload length-prefixed NAL units
   */
  feed(isKey, arrivalUs, payload) {
    if (!this.#config || !this.#decoder || this.#decoder.state !== "configured") return;
    if (this.#decoder.decodeQueueSize >= MOST_QUEUED) {
      if (!isKey) { this.#needsKey = true; return; }
      this.#decoder.reset();
      this.#decoder.configure(this.#config);
    }
    if (this.#needsKey && !isKey) return;
    this.#needsKey = false;
    try {
      this.#decoder.decode(new EncodedVideoChunk({ type: isKey ? "key" : "delta", timestamp: arrivalUs, data: payload }));
    } catch {
      this.#fault();
    }
  }

  /** Nothing of a picture is left, and no frame that is still being decoded will be drawn. */
  clear() {
    if (this.#decoder && this.#decoder.state === "configured") {
      this.#decoder.reset();
      this.#decoder.configure(this.#config);
    }
    this.#needsKey = true;
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  close() {
    this.clear();
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = null;
    this.#config = null;
  }

  #build() {
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
    this.#needsKey = true;
    this.#decoder = new VideoDecoder({ output: (frame) => this.#draw(frame), error: () => this.#fault() });
    try {
      this.#decoder.configure(this.#config);
    } catch {
      this.#fault();
    }
  }

  #draw(frame) {
    try {
      if (!this.#mayDraw()) return;
      if (this.#canvas.width !== frame.displayWidth || this.#canvas.height !== frame.displayHeight) {
        this.#canvas.width = frame.displayWidth;
        this.#canvas.height = frame.displayHeight;
      }
      this.#context.drawImage(frame, 0, 0);
      this.#told.drawn(frame.timestamp / 1000);
    } finally {
      frame.close();
    }
  }

  async #fault() {
    const config = this.#config;
    if (!config) return;
    if (!(await isSupported(config))) {
      if (config === this.#config) this.#told.failed("unsupported");
      return;
    }
    if (config !== this.#config) return; // another picture meanwhile
    this.#faults += 1;
    if (this.#faults > MOST_FAULTS) this.#told.failed("broken");
    else this.#build();
  }
}
