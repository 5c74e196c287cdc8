// @ts-check
/**
 * The three bands of every trend: the scale that each has as a rule, its colour, and whose limits
 * are drawn in it.
 *
 *   SCALES.spo2.low    -> 80
 */

/** @type {Record<string, {low: number, high: number, colour: string, metric: string}>} */
export const SCALES = {
  spo2: { low: 80, high: 100, colour: "#22d3ee", metric: "spo2" },
  pulse: { low: 40, high: 140, colour: "#4ade80", metric: "pulse" },
  nibp: { low: 40, high: 200, colour: "#f5f5f5", metric: "sbp" },
};
