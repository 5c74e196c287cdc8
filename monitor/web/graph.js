// @ts-check
/**
 * One value over time with everything that explains it: its alarms as shades, its limits at their
 * values with their numbers, a scale that never cuts what was measured, gaps that are seen.
 *
 * Curves break where nothing was measured; cuff readings are marks and never a line. It draws what
 * it is given and knows nothing of sessions.
 *
 *   const graph = new Graph(canvas);
 *   graph.draw({ fromMs, toMs, low: 80, high: 100, colour, limits, spans, bins, cursorMs });
 */

import { Canvas, chevron, curve, LEFT, shadeOf, vertical, xOf } from "./canvas.js";

/** @typedef {{value: number, priority: string, changed: boolean}} Line */
/** @typedef {import("./canvas.js").Bins} Bins */
/**
 * @typedef {{fromMs: number, toMs: number, low: number, high: number, colour: string,
 *   limits: Line[], spans: import("./drawn.js").Span[], zeroMs: number | null, faded: boolean,
 *   cursorMs: number | null, bins?: Bins, cuff?: [number, number, number][], doses: number[],
 *   say: (value: number) => string}} Scene
 */

const GRID = "#27313d";
const AXIS = "#a7b4c2";
const DOSE = "#e9b8ff";
/** @type {Record<string, string>} */
const LIMITS = { high: "#ff9d9d", medium: "#ffd60a", low: "#d8c264" };
const LABEL_PX = 13;

export class Graph extends Canvas {
  /** @param {Scene} scene */
  paint(scene) {
    const { pen, width, height } = this;
    if (pen === null) return;
    const x = xOf(scene, width);
    /** @param {number} value */
    const y = (value) =>
      height - 3 - ((value - scene.low) / (scene.high - scene.low)) * (height - 6);
    pen.fillStyle = "#0f161d";
    pen.fillRect(LEFT, 0, width - LEFT, height);
    for (const span of scene.spans) {
      const from = Math.max(x(span.from_ms), LEFT);
      const to = x(span.to_ms ?? scene.toMs);
      if (to < LEFT || from > width) continue;
      pen.fillStyle = shadeOf(span.priority);
      pen.fillRect(from, 0, Math.max(to - from, 2), height);
    }
    this.#grid(scene, x, y);
    for (const atMs of scene.doses) vertical(pen, x(atMs), height, DOSE);
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT, height);
    pen.clip();
    this.#limits(scene, y);
    pen.save();
    pen.globalAlpha = scene.faded ? 0.55 : 1;
    pen.strokeStyle = scene.colour;
    pen.lineWidth = 1.5;
    if (scene.bins !== undefined) curve(pen, scene.bins, scene, x, y);
    for (const [atMs, sbp, dbp] of scene.cuff ?? []) {
      chevron(pen, x(atMs), y(sbp / 100), 1);
      chevron(pen, x(atMs), y(dbp / 100), -1);
    }
    pen.restore();
    this.#labels(scene, y);
    pen.restore();
    if (scene.cursorMs !== null) vertical(pen, x(scene.cursorMs), height, "#f1f5f9");
  }

  /**
   * Lines of time and of value, and the numbers of the scale.
   * @param {Scene} scene
   * @param {(ms: number) => number} x
   * @param {(value: number) => number} y
   */
  #grid(scene, x, y) {
    const { pen, width, height } = this;
    if (pen === null) return;
    pen.strokeStyle = GRID;
    pen.lineWidth = 1;
    for (const at of ticks(scene)) {
      const left = Math.round(x(at)) + 0.5;
      pen.beginPath();
      pen.moveTo(left, 0);
      pen.lineTo(left, height);
      pen.stroke();
    }
    pen.fillStyle = AXIS;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    const step = stepOf(scene.high - scene.low, height);
    for (let value = Math.ceil(scene.low / step) * step; value <= scene.high; value += step) {
      const top = Math.round(y(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(LEFT, top);
      pen.lineTo(width, top);
      pen.stroke();
      pen.fillText(scene.say(value), LEFT - 6, Math.min(Math.max(top, 7), height - 7));
    }
    pen.textBaseline = "alphabetic";
  }

  /**
   * The limits at their values.
   * @param {Scene} scene
   * @param {(value: number) => number} y
   */
  #limits(scene, y) {
    const { pen, width } = this;
    if (pen === null) return;
    pen.setLineDash([2, 4]);
    for (const line of scene.limits) {
      pen.strokeStyle = LIMITS[line.priority];
      pen.beginPath();
      pen.moveTo(LEFT, y(line.value));
      pen.lineTo(width, y(line.value));
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  /**
   * The number and the mark of each limit, over the curve; of two that would lie over each other
   * the second stands to the left.
   * @param {Scene} scene
   * @param {(value: number) => number} y
   */
  #labels(scene, y) {
    const { pen, width, height } = this;
    if (pen === null) return;
    /** @type {number[]} */
    const named = [];
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "right";
    for (const line of scene.limits) {
      const top = Math.min(Math.max(y(line.value), 8), height - 8);
      const beside = named.filter((other) => Math.abs(other - top) < LABEL_PX).length;
      named.push(top);
      const mark = line.priority === "high" ? "!!!" : line.priority === "medium" ? "!!" : "!";
      const words = `${mark} ${scene.say(line.value)}${line.changed ? " *" : ""}`;
      const right = width - 4 - beside * 64;
      const wide = pen.measureText(words).width;
      pen.fillStyle = "#0b0f14";
      pen.fillRect(right - wide - 3, top - 7, wide + 6, 14);
      pen.fillStyle = LIMITS[line.priority];
      pen.fillText(words, right, top + 4);
    }
  }
}

/**
 * A step of the scale that leaves room between its numbers.
 * @param {number} range
 * @param {number} height
 */
function stepOf(range, height) {
  const least = (range / Math.max(height, 1)) * 28;
  return [1, 2, 5, 10, 20, 50, 100].find((step) => step >= least) ?? 100;
}

/**
 * Where the lines of time stand: at round minutes from the dose, or back from now.
 * @param {{fromMs: number, toMs: number, zeroMs: number | null}} scene
 */
export function ticks(scene) {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 240];
  const span = scene.toMs - scene.fromMs;
  const step = (minutes.find((one) => span / (one * 60_000) <= 7) ?? 480) * 60_000;
  const zero = scene.zeroMs ?? scene.toMs;
  const found = [];
  for (let nth = Math.ceil((scene.fromMs - zero) / step); zero + nth * step <= scene.toMs; nth++) {
    found.push(zero + nth * step);
  }
  return found;
}
