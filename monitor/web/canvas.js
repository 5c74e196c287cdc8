// @ts-check
/**
 * What every drawing stands on: the curve, the marks and the lines of all charts; for those of the
 * session page also a canvas of the size that the page gives it, sharp on every screen, and one
 * common way from a time to a place.
 *
 *   class Graph extends Canvas { paint(scene) { ... this.pen ... } }
 */

/** @typedef {{startMs: number, binMs: number, x100: (number | null)[]}} Bins */

/** The room for the numbers of the scale, in CSS pixels. */
export const LEFT = 40;

/** @type {Record<string, string>} */
const SHADES = { high: "#7f1d1d", medium: "#4a3f00", low: "#2e2a10" };

/** @param {string} priority */
export function shadeOf(priority) {
  return SHADES[priority] ?? SHADES.low;
}

/** @template T */
export class Canvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {CanvasRenderingContext2D | null} */
    this.pen = null;
    this.width = 0;
    this.height = 0;
    /** @type {any} */
    this.scene = null;
    // Told by the browser, because asking for the size costs a layout.
    new ResizeObserver(([entry]) => {
      this.width = entry.contentRect.width;
      this.height = entry.contentRect.height;
      if (this.scene !== null) this.draw(this.scene);
    }).observe(canvas);
  }

  /** @param {any} scene */
  draw(scene) {
    this.scene = scene;
    if (this.width === 0 || this.height === 0) return;
    const scale = window.devicePixelRatio || 1;
    const wide = Math.round(this.width * scale);
    const high = Math.round(this.height * scale);
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
    this.pen = this.canvas.getContext("2d");
    if (this.pen === null) return;
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.pen.clearRect(0, 0, this.width, this.height);
    this.paint(scene);
  }

  /** @param {any} _scene */
  paint(_scene) {}
}

/**
 * From a time to a place on the canvas.
 * @param {{fromMs: number, toMs: number}} scene
 * @param {number} width
 * @returns {(ms: number) => number}
 */
export function xOf(scene, width) {
  return (ms) => LEFT + ((ms - scene.fromMs) / (scene.toMs - scene.fromMs)) * (width - LEFT);
}

/**
 * A dashed line over the whole height.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} height
 * @param {string} colour
 * @param {number} [left] nothing is drawn left of it
 */
export function vertical(pen, x, height, colour, left = LEFT) {
  if (x < left) return;
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.setLineDash([3, 4]);
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x, height);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * A line through what was measured; it breaks where nothing was.
 * @param {CanvasRenderingContext2D} pen
 * @param {Bins} bins
 * @param {{fromMs: number, toMs: number}} scene
 * @param {(ms: number) => number} x
 * @param {(value: number) => number} y
 */
export function curve(pen, bins, scene, x, y) {
  const first = Math.max(Math.floor((scene.fromMs - bins.startMs) / bins.binMs) - 1, 0);
  const last = Math.min(
    Math.ceil((scene.toMs - bins.startMs) / bins.binMs) + 1,
    bins.x100.length - 1,
  );
  let joined = false;
  let missing = 0;
  pen.beginPath();
  for (let at = first; at <= last; at += 1) {
    const x100 = bins.x100[at];
    if (x100 === null) {
      // One empty bin is the jitter of a 1 Hz device; two are a gap that must be seen.
      missing += 1;
      if (missing > 1) joined = false;
      continue;
    }
    missing = 0;
    const left = x(bins.startMs + at * bins.binMs);
    if (joined) pen.lineTo(left, y(x100 / 100));
    else {
      pen.moveTo(left, y(x100 / 100));
      pen.lineTo(left + 1, y(x100 / 100));
    }
    joined = true;
  }
  pen.stroke();
}

/**
 * One end of a cuff reading.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} down
 */
export function chevron(pen, x, y, down) {
  pen.beginPath();
  pen.moveTo(x - 5, y - 4 * down);
  pen.lineTo(x, y);
  pen.lineTo(x + 5, y - 4 * down);
  pen.stroke();
}
