// @ts-check
/**
 * The strip chart: bands of one value each over a common time, on one canvas.
 *
 * Every band has its own scale, so that a limit of one value cannot be read as another's. Curves
 * break where nothing was measured and are never joined across; cuff readings are marks, never a
 * line. The chart draws what it is given and knows nothing of sessions.
 *
 *   const strip = new Strip(canvas, { axis: true });
 *   strip.draw({ fromMs, toMs, bands: [{ low: 80, high: 100, colour, bins, limits: [90] }] });
 */

import { chevron, curve, vertical } from "./canvas.js";
import { pressureLimit } from "./pressure.js";

/**
 * @typedef {{low: number, high: number, colour: string, limits?: number[], gap?: number,
 *   bins?: import("./canvas.js").Bins,
 *   cuff?: [number, number, number][]}} Band
 */
/**
 * @typedef {{fromMs: number, toMs: number, bands: Band[], faded?: boolean,
 *   lines?: {atMs: number, colour: string}[],
 *   shades?: {fromMs: number, toMs: number, colour: string}[],
 *   zeroMs?: number | null}} Picture
 */

const GRID = "#27313d";
const GROUND = "#0f161d";
const AXIS = "#a7b4c2";
const MINUTE_MS = 60_000;

export class Strip {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{axis?: boolean, left?: number}} [options]
   */
  constructor(canvas, options = {}) {
    this.canvas = canvas;
    this.axis = options.axis ?? false;
    this.left = options.left ?? 0;
    /** Where the person points, 0..1 of the width; null: nowhere. @type {number | null} */
    this.cursor = null;
    /** @type {Picture | null} */
    this.picture = null;
    /** The room in CSS pixels. Told by the browser, because asking it costs a layout. */
    this.size = { width: 0, height: 0 };
    new ResizeObserver(([entry]) => {
      this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
      this.resized();
    }).observe(canvas);
  }

  /** Called when the room has changed, before it is seen; draws the same picture into it. */
  resized() {
    if (this.picture !== null) this.draw(this.picture);
  }

  /** The time under the cursor in hub ms; null without one. */
  get cursorMs() {
    if (this.cursor === null || this.picture === null) return null;
    const { fromMs, toMs } = this.picture;
    return fromMs + this.cursor * (toMs - fromMs);
  }

  /** @param {Picture} picture */
  draw(picture) {
    this.picture = picture;
    const scale = window.devicePixelRatio || 1;
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const dots = { wide: Math.round(width * scale), high: Math.round(height * scale) };
    if (this.canvas.width !== dots.wide) this.canvas.width = dots.wide;
    if (this.canvas.height !== dots.high) this.canvas.height = dots.high;
    const pen = this.canvas.getContext("2d");
    if (pen === null) return;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const box = { left: this.left, width: width - this.left, bottom: this.axis ? 20 : 0 };
    const inner = height - box.bottom;
    /** @param {number} ms */
    const x = (ms) =>
      box.left + ((ms - picture.fromMs) / (picture.toMs - picture.fromMs)) * box.width;
    const gap = picture.bands.length > 1 ? 6 : 0;
    const each = (inner - gap * (picture.bands.length - 1)) / picture.bands.length;
    picture.bands.forEach((band, at) => {
      const top = at * (each + gap);
      this.#ground(pen, picture, x, box, top, each);
      this.#band(pen, band, picture, x, box, top, each);
    });
    for (const line of picture.lines ?? [])
      vertical(pen, x(line.atMs), inner, line.colour, box.left);
    if (this.axis) this.#times(pen, picture, x, inner);
    if (this.cursor !== null) {
      vertical(pen, box.left + this.cursor * box.width, inner, "#f1f5f9", box.left);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Picture} picture
   * @param {(ms: number) => number} x
   * @param {{left: number, width: number}} box
   * @param {number} top
   * @param {number} each
   */
  #ground(pen, picture, x, box, top, each) {
    pen.fillStyle = GROUND;
    pen.fillRect(box.left, top, box.width, each);
    for (const shade of picture.shades ?? []) {
      const from = Math.max(x(shade.fromMs), box.left);
      pen.fillStyle = shade.colour;
      pen.fillRect(from, top, Math.max(x(shade.toMs) - from, 2), each);
    }
    pen.strokeStyle = GRID;
    pen.lineWidth = 1;
    for (const at of ticks(picture)) {
      pen.beginPath();
      pen.moveTo(Math.round(x(at)) + 0.5, top);
      pen.lineTo(Math.round(x(at)) + 0.5, top + each);
      pen.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Band} band
   * @param {Picture} picture
   * @param {(ms: number) => number} x
   * @param {{left: number, width: number}} box
   * @param {number} top
   * @param {number} each
   */
  #band(pen, band, picture, x, box, top, each) {
    /** @param {number} value */
    const y = (value) => {
      const part = (value - band.low) / (band.high - band.low);
      return top + each - Math.min(Math.max(part, 0), 1) * (each - 4) - 2;
    };
    pen.save();
    pen.beginPath();
    pen.rect(box.left, top, box.width, each);
    pen.clip();
    pen.globalAlpha = picture.faded ? 0.55 : 1;
    pen.strokeStyle = band.colour;
    pen.setLineDash([2, 4]);
    for (const limit of band.limits ?? []) {
      pen.beginPath();
      pen.moveTo(box.left, y(limit));
      pen.lineTo(box.left + box.width, y(limit));
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.lineWidth = 1.5;
    if (band.bins !== undefined) curve(pen, band.bins, picture, x, y);
    for (const [atMs, sbp, dbp] of band.cuff ?? []) {
      chevron(pen, x(atMs), y(sbp / 100), 1);
      chevron(pen, x(atMs), y(dbp / 100), -1);
    }
    pen.restore();
    if (this.left > 0) {
      pen.fillStyle = AXIS;
      pen.font = "12px system-ui, sans-serif";
      pen.textAlign = "right";
      pen.fillText(axis(band, band.high), this.left - 6, top + 12);
      pen.fillText(axis(band, band.low), this.left - 6, top + each - 3);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Picture} picture
   * @param {(ms: number) => number} x
   * @param {number} inner
   */
  #times(pen, picture, x, inner) {
    pen.fillStyle = AXIS;
    pen.font = "12px system-ui, sans-serif";
    for (const at of ticks(picture)) {
      const minutes = Math.round((at - (picture.zeroMs ?? picture.toMs)) / MINUTE_MS);
      const words =
        picture.zeroMs === null || picture.zeroMs === undefined
          ? `${minutes} min`
          : minutes === 0
            ? "dose"
            : `T${minutes < 0 ? "-" : "+"}${Math.abs(minutes)}`;
      pen.textAlign = "center";
      pen.fillText(
        words,
        Math.min(Math.max(x(at), this.left + 20), this.size.width - 24),
        inner + 15,
      );
    }
  }
}

/**
 * @param {Band} band
 * @param {number} value
 */
function axis(band, value) {
  return band.cuff === undefined ? String(value) : pressureLimit(value);
}

/**
 * Where the grid stands: every half hour from the dose, or back from now.
 * @param {Picture} picture
 */
function ticks(picture) {
  const step = 30 * MINUTE_MS;
  const zero = picture.zeroMs ?? picture.toMs;
  const first = Math.ceil((picture.fromMs - zero) / step);
  const found = [];
  for (let nth = first; zero + nth * step <= picture.toMs; nth += 1) found.push(zero + nth * step);
  return found;
}
