// @ts-check
/**
 * What the trends of one session show in a window of time: each band with its own scale, its own
 * limits and the alarms of its own families; the lane has the rest.
 *
 * A scale grows until it holds every value of the window: nothing that was measured is cut.
 *
 *   graph.draw(bandScene(room, "spo2", window, { cursorMs, faded }))
 */

import { SCALES } from "./bands.js";
import { pressureLimit } from "./pressure.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {{fromMs: number, toMs: number}} Window */
/** @typedef {{cursorMs: number | null, faded: boolean}} Look */

/** Which alarms are shaded where, by the start of their family. @type {Record<string, string[]>} */
const FAMILIES = {
  spo2: ["oxygen", "no_signal"],
  pulse: ["pulse"],
  nibp: ["pressure"],
};
const OWN = Object.values(FAMILIES).flat();
const STEP = 10;
const MARK = 6;

/**
 * @param {string} band
 * @param {string} family
 */
function isOf(band, family) {
  return FAMILIES[band].some((start) => family.startsWith(start));
}

/**
 * @param {Room} room
 * @param {string} which
 * @param {Window} window
 * @param {Look} look
 * @returns {import("./graph.js").Scene}
 */
export function bandScene(room, which, window, look) {
  const { colour } = SCALES[which];
  const common = {
    ...window,
    ...look,
    ...rangeOf(room, which, window),
    colour,
    limits: limitLines(room.state.limits, which),
    spans: room.drawn.spans.filter((span) => isOf(which, span.family)),
    zeroMs: room.state.dose_ms,
    say: which === "nibp" ? pressureLimit : String,
    doses: room.drawn.marks.filter((one) => one.kind.endsWith("dose")).map((one) => one.at_ms),
  };
  if (which === "nibp") return { ...common, cuff: room.cuff };
  const x100 = room.bins[/** @type {"spo2" | "pulse"} */ (which)];
  return { ...common, bins: { startMs: room.startMs, binMs: room.binMs, x100 } };
}

/**
 * @param {Room} room
 * @param {Window} window
 * @param {number | null} cursorMs
 * @returns {import("./lane.js").Scene}
 */
export function laneScene(room, window, cursorMs) {
  return {
    ...window,
    cursorMs,
    zeroMs: room.state.dose_ms,
    marks: room.drawn.marks,
    spans: room.drawn.spans.filter((span) => !OWN.some((start) => span.family.startsWith(start))),
    cuff: room.cuff,
  };
}

/**
 * The scale of a band: as usual, or as wide as the values of the window are.
 * @param {Room} room
 * @param {string} which
 * @param {Window} window
 */
export function rangeOf(room, which, window) {
  let { low, high } = SCALES[which];
  // The mark of a cuff reading has a height of its own.
  const margin = which === "nibp" ? MARK : 0;
  /** @param {number | null} x100 */
  const hold = (x100) => {
    if (x100 === null) return;
    const value = x100 / 100;
    if (value - margin < low) low = Math.floor((value - margin) / STEP) * STEP;
    if (value + margin > high) high = Math.ceil((value + margin) / STEP) * STEP;
  };
  if (which === "nibp") {
    for (const [at, sbp, dbp] of room.cuff) {
      if (at < window.fromMs || at > window.toMs) continue;
      hold(sbp);
      hold(dbp);
    }
    return { low, high };
  }
  const bins = room.bins[/** @type {"spo2" | "pulse"} */ (which)];
  const first = Math.max(Math.floor((window.fromMs - room.startMs) / room.binMs), 0);
  const last = Math.min(Math.ceil((window.toMs - room.startMs) / room.binMs), bins.length - 1);
  for (let at = first; at <= last; at += 1) hold(bins[at]);
  return { low, high: which === "spo2" ? Math.min(high, 100) : high };
}

/**
 * The innermost limit of each side at which an alarm is medium, and at which it is high.
 * @param {any} limits
 * @param {string} which
 * @returns {import("./graph.js").Line[]}
 */
export function limitLines(limits, which) {
  const metrics = which === "nibp" ? ["sbp", "dbp"] : [which];
  /** @type {import("./graph.js").Line[]} */
  const lines = [];
  for (const metric of metrics) {
    for (const priority of ["high", "medium"]) {
      const rows = (limits?.[metric] ?? []).filter(
        (/** @type {any} */ one) => one.priority === priority,
      );
      for (const [side, sign] of /** @type {[string, number][]} */ ([
        ["low_x100", -1],
        ["high_x100", 1],
      ])) {
        const told = rows.filter((/** @type {any} */ one) => one[side] !== null);
        if (told.length === 0) continue;
        const first = told.reduce((/** @type {any} */ a, /** @type {any} */ b) =>
          sign * b[side] < sign * a[side] ? b : a,
        );
        const changed = first.tailored_by !== null;
        lines.push({ value: first[side] / 100, priority, changed });
      }
    }
  }
  return lines;
}
