// @ts-check
/**
 * The private card (thoughts of suicide, `docs/rows.md` SI-1 and SI-2): which alarms are only that.
 *
 * Such an alarm never sounds, buzzes or flashes on a page beside the patient, is not read aloud,
 * and has no words there but those of its card: please stay. Who may read more is the physician.
 *
 *   isPrivate(alarm)   -> true when every row of it is a private one
 */

const ROWS = ["SI-1", "SI-2"];

/** @param {any} alarm */
export function isPrivate(alarm) {
  const rows = alarm.rows.map((/** @type {any} */ one) => one.row);
  return rows.length > 0 && rows.every((/** @type {string} */ row) => ROWS.includes(row));
}
