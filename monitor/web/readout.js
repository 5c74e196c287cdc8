// @ts-check
/**
 * Everything that is known of one moment, in one sentence: the time, each value or that there is
 * none, the alarms that stood, and what people did around it.
 *
 *   readout(room, atMs)  -> "+0:45:12 · SpO₂ 86 % · pulse 91 /min · cuff 132/84, 4 min ago"
 */

import { pressure } from "./pressure.js";
import { t } from "./text.js";
import { age, checkWords, marks, number, plain, stamp } from "./words.js";

/** @typedef {import("./room.js").Room} Room */

/**
 * @param {Room} room
 * @param {number} atMs
 */
export function readout(room, atMs) {
  const when = stamp(atMs - (room.state.dose_ms ?? room.startMs));
  return [when, ...values(room, atMs), ...alarms(room, atMs), ...deeds(room, atMs)].join(" · ");
}

/**
 * @param {Room} room
 * @param {number} atMs
 */
function values(room, atMs) {
  const at = Math.floor((atMs - room.startMs) / room.binMs);
  const spo2 = room.bins.spo2[at] ?? null;
  const pulse = room.bins.pulse[at] ?? null;
  const cuff = room.cuff.findLast(([when]) => when <= atMs);
  const none = t("session.no_value");
  return [
    t("session.at_spo2", { value: spo2 === null ? none : `${number(spo2)} %` }),
    t("session.at_pulse", { value: pulse === null ? none : `${number(pulse)} /min` }),
    cuff === undefined
      ? t("session.at_no_cuff")
      : t("session.at_cuff", {
          value: `${pressure(cuff[1])}/${pressure(cuff[2])}`,
          age: age(atMs - cuff[0]),
        }),
  ];
}

/**
 * @param {Room} room
 * @param {number} atMs
 */
function alarms(room, atMs) {
  return room.drawn.spans
    .filter((span) => span.from_ms <= atMs && (span.to_ms ?? Infinity) > atMs)
    .map((span) => `${marks(span.priority)} ${plain(span.family)}`);
}

/**
 * Marks within a hair of the cursor: what a finger can point at.
 * @param {Room} room
 * @param {number} atMs
 */
function deeds(room, atMs) {
  return room.drawn.marks
    .filter((mark) => Math.abs(mark.at_ms - atMs) <= 30_000)
    .map((mark) => markWords(mark));
}

/** @param {import("./drawn.js").Mark} mark */
export function markWords(mark) {
  switch (mark.kind) {
    case "dose":
      return t("session.dose");
    case "extra_dose":
      return t("session.extra_dose");
    case "check_in":
      return t("session.check_in", { words: codeWords(mark.words) });
    case "cuff_failed":
      return t("session.cuff_failed");
    case "help":
      return t("session.help");
    default:
      return t("session.down");
  }
}

/**
 * The codes of a check-in as words.
 * @param {string} codes
 */
export function codeWords(codes) {
  return checkWords({ check_in: { last_codes: codes }, moaas: null });
}
