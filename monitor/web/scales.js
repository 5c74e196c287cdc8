// @ts-check
/**
 * The scales and colours of the three bands, and the picture of one session for the strip chart.
 *
 * Limits are those of the session's own plan when the hub tells them; nothing is drawn that nobody
 * told. The alarm that is open now is shaded from its beginning.
 *
 *   strip.draw(picture(room, nowMs, lost, ["spo2", "pulse"]))
 */

import { SCALES } from "./bands.js";

export { SCALES };

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./strip.js").Picture} Picture */
/** @typedef {import("./strip.js").Band} Band */

const SHADES = { high: "#7f1d1d", medium: "#4a3f00", low: "#2e2a10" };
const DOSE = "#e9b8ff";

/**
 * @param {Room} room
 * @param {number} nowMs
 * @param {boolean} lost
 * @param {string[]} which
 * @returns {Picture}
 */
export function picture(room, nowMs, lost, which) {
  const { state } = room;
  const silent = room.reading("spo2", nowMs, { lost, graceMs: 1_000 }).stale;
  const top = room.top;
  return {
    fromMs: nowMs - room.windowMs(nowMs),
    toMs: nowMs,
    zeroMs: state.dose_ms,
    faded: lost || silent,
    lines: state.dose_ms === null ? [] : [{ atMs: state.dose_ms, colour: DOSE }],
    shades:
      top === null
        ? []
        : [
            {
              fromMs: top.raised_ms,
              toMs: nowMs,
              colour: SHADES[/** @type {keyof typeof SHADES} */ (top.priority)],
            },
          ],
    bands: which.map((name) => band(room, name)),
  };
}

/**
 * @param {Room} room
 * @param {string} name
 * @returns {Band}
 */
function band(room, name) {
  const { low, high, colour } = SCALES[name];
  const limits = limitsOf(room.state.limits, name);
  if (name === "nibp") return { low, high, colour, limits, cuff: room.cuff };
  const x100 = room.bins[/** @type {"spo2" | "pulse"} */ (name)];
  return { low, high, colour, limits, bins: { startMs: room.startMs, binMs: room.binMs, x100 } };
}

/**
 * The limits to draw: those told, as far as they lie inside the scale. More lines than these cannot
 * be told apart; the session page lists them all in words.
 * @param {any} limits
 * @param {string} name
 * @returns {number[]}
 */
export function limitsOf(limits, name) {
  const { metric, low, high } = SCALES[name];
  const told = limitsTold(limits, metric);
  return [told.low, told.high].flatMap((one) =>
    one !== null && one.value > low && one.value < high ? [one.value] : [],
  );
}

/** @typedef {{value: number, changed: boolean, reached: boolean}} Limit */

/**
 * The innermost limits below and above at which an alarm is medium or high. `changed`: a physician
 * has set it for this session; `reached`: the value itself is an alarm already.
 * @param {any} limits
 * @param {string} metric
 * @returns {{low: Limit | null, high: Limit | null}}
 */
export function limitsTold(limits, metric) {
  const told = /** @type {any[]} */ (limits?.[metric] ?? []).filter(
    (one) => one.priority !== "low",
  );
  return { low: innermost(told, "low_x100", -1), high: innermost(told, "high_x100", 1) };
}

/**
 * @param {any[]} told
 * @param {string} side
 * @param {number} sign  1: the smallest is the innermost, -1: the largest
 * @returns {Limit | null}
 */
function innermost(told, side, sign) {
  const found = told.filter((one) => one[side] !== null);
  if (found.length === 0) return null;
  const first = found.reduce((a, b) => (sign * b[side] < sign * a[side] ? b : a));
  return {
    value: first[side] / 100,
    changed: first.tailored_by !== null,
    reached: / or (more|less)/.test(first.words),
  };
}
