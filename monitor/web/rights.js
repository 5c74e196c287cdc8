// @ts-check
/**
 * Who may give which order: only what is offered on a page. The hub decides again by its own table
 * (`monitor/rights.py`), and a test holds the two together.
 *
 *   may("viewer", "accept")  -> false
 */

const DOCTORS = ["physician", "backup"];
const BEDSIDE = [...DOCTORS, "companion"];

/** @type {Record<string, string[]>} */
export const RIGHTS = {
  open: [...DOCTORS, "admin"],
  gate: BEDSIDE,
  gate_answer: [...BEDSIDE, "patient"],
  override: DOCTORS,
  dose: BEDSIDE,
  extra_dose: BEDSIDE,
  check_in: BEDSIDE,
  correct: BEDSIDE,
  reading: BEDSIDE,
  cuff_started: BEDSIDE,
  cuff_failed: BEDSIDE,
  pulse_count: BEDSIDE,
  ok: ["patient"],
  notice: [...BEDSIDE, "patient"],
  acknowledge: BEDSIDE,
  accept: BEDSIDE,
  reject: BEDSIDE,
  reset: BEDSIDE,
  answer: BEDSIDE,
  called_back: DOCTORS,
  judge_alarm: DOCTORS,
  tailor: DOCTORS,
  help: [...BEDSIDE, "patient"],
  cancel_help: [...BEDSIDE, "patient"],
  annotate: [...BEDSIDE, "admin"],
  hand_over: BEDSIDE,
  close_emergency: DOCTORS,
  end_peak: DOCTORS,
  discharge: BEDSIDE,
  rehearse: [...BEDSIDE, "admin"],
  sound_test: [...BEDSIDE, "admin"],
  heard: ["companion"],
  all_well: [...BEDSIDE, "patient"],
  next_day: [...BEDSIDE, "patient"],
  end: [...BEDSIDE, "admin"],
};

/** Who may ask for what is not for a wall. @type {Record<string, string[]>} */
export const ASKS = { sheet: BEDSIDE };

/**
 * @param {string | undefined} role
 * @param {string} what
 */
export function asks(role, what) {
  return role !== undefined && (ASKS[what] ?? [role]).includes(role);
}

/**
 * @param {string | undefined} role
 * @param {string} order
 */
export function may(role, order) {
  return role !== undefined && (RIGHTS[order] ?? []).includes(role);
}
