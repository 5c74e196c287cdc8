// @ts-check
/**
 * The scales and colours of the three bands, and the picture of one session for the strip chart.
 *
 * Limits are those of the session's own plan when the hub tells them; nothing is drawn that nobody
 * told. The alarm that is open now is shaded from its beginning.
 *
 *   strip.draw(picture(room, nowMs, lost, ["spo2", "pulse"]))
 */

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./strip.js").Picture} Picture */
/** @typedef {import("./strip.js").Band} Band */

/** @type {Record<string, {low: number, high: number, colour: string, metric: string}>} */
export const SCALES = {
  spo2: { low: 80, high: 100, colour: "#22d3ee", metric: "spo2" },
  pulse: { low: 40, high: 140, colour: "#4ade80", metric: "pulse" },
  nibp: { low: 40, high: 200, colour: "#f5f5f5", metric: "sbp" },
};
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
 * The limits to draw: the innermost below and above at which an alarm is medium or high. More lines
 * than these cannot be told apart; the session page lists them all in words.
 * @param {any} limits
 * @param {string} name
 * @returns {number[]}
 */
export function limitsOf(limits, name) {
  const { metric, low, high } = SCALES[name];
  const told = /** @type {any[]} */ (limits?.[metric] ?? []).filter(
    (one) => one.priority !== "low",
  );
  const sides = [
    ["low_x100", Math.max],
    ["high_x100", Math.min],
  ];
  return /** @type {[string, (...all: number[]) => number][]} */ (sides)
    .map(([side, innermost]) => {
      const found = told.flatMap((one) => (one[side] === null ? [] : [one[side] / 100]));
      return found.length > 0 ? innermost(...found) : low;
    })
    .filter((limit) => limit > low && limit < high);
}

/**
 * The same limits in a few signs, for the space under a number; empty when nothing is told.
 * @param {any} limits
 * @param {string} name
 */
export function limitSigns(limits, name) {
  const found = limitsOf(limits, name);
  if (found.length === 2) return ` · ${found[0]}–${found[1]}`;
  return found.length === 1 ? ` · limit ${found[0]}` : "";
}
