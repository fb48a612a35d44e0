// Reads the simulated cameras' timecode in a browser: the twin of timecode.py, same layout and check byte.
// For tests only. Use: readTimecode(context.getImageData(0, 0, canvas.width, canvas.height)) -> {camera, frame} or null.
// The ImageData must show the whole picture, at any size from about 200 px width.
const TIMECODE = {columns: 16, rows: 2, cellsPerWidth: 80, left: 63, top: 1, minContrast: 60, phases: 8};

function timecodeCheck(data) {
  let crc = 0x5a;
  for (const byte of [data >> 16 & 255, data >> 8 & 255, data & 255]) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 0x80 ? (crc << 1 ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

function readTimecode(image) {
  const {width, height, data} = image, t = TIMECODE, side = width / t.cellsPerWidth;
  if (width < 128 || height < (t.top + t.rows) * side) return null;
  const levels = [];
  for (let index = 0; index < t.columns * t.rows; index++) {
    const x = (t.left + index % t.columns) * side, y = (t.top + Math.floor(index / t.columns)) * side;
    const x0 = Math.floor(x + side * 0.3), x1 = Math.max(x0 + 1, Math.ceil(x + side * 0.7));
    const y0 = Math.floor(y + side * 0.3), y1 = Math.max(y0 + 1, Math.ceil(y + side * 0.7));
    let sum = 0;
    for (let row = y0; row < y1; row++) {
      for (let column = x0; column < x1; column++) {
        const at = (row * width + column) * 4;
        sum += data[at] + data[at + 1] + data[at + 2];
      }
    }
    levels.push(sum / (3 * (x1 - x0) * (y1 - y0)));
  }
  const white = (levels[0] + levels[31]) / 2, black = (levels[15] + levels[16]) / 2;
  if (white - black < t.minContrast) return null;
  const shares = levels.map(level => (level - black) / (white - black));
  if (shares.some(share => share > 0.4 && share < 0.6)) return null;
  const bits = shares.map(share => share > 0.5 ? 1 : 0);
  if (!bits[0] || !bits[31] || bits[15] || bits[16]) return null;
  const word = [...bits.slice(1, 15), ...bits.slice(17, 31)].reduce((value, bit) => value * 2 + bit, 0);
  const code = Math.floor(word / 256);
  if (timecodeCheck(code) !== word % 256) return null;
  return {camera: code >> 10, frame: code & 1023};
}

// The UTC millisecond at which the frame was taken: of all turns of the loop, the one nearest nearUtcMs.
function timecodeUtcMs(code, nearUtcMs, loopS, fps = 15) {
  const taken = 1000 * (code.frame / fps + code.camera % TIMECODE.phases / TIMECODE.phases / fps);
  return taken + Math.round((nearUtcMs - taken) / (loopS * 1000)) * loopS * 1000;
}
