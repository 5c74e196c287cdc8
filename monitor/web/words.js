// @ts-check
/**
 * Numbers, times and alarms as words for people; the same words on every page.
 *
 * Nothing here touches the page. What is not known is never written as a number: it is "- -".
 *
 *   age(754_000)      -> "12 min"
 *   number(9740)      -> "97"
 *   sinceDose(2.7e6)  -> "T+ 45 min"
 */

import { count, group, t } from "./text.js";

export const DASHES = "- -";

/** An oximeter value older than this is not shown any more (hub time). */
export const STALE_MS = 10_000;
/** A cuff reading older than this is not shown any more. */
export const CUFF_LIFE_MS = 30 * 60_000;

const OVER = ["completed", "discharged", "aborted", "ended"];

/** @param {string} phase */
export function phaseWord(phase) {
  return group("shared.phase")[phase] ?? phase;
}

/** @param {string} phase */
export function isOver(phase) {
  return OVER.includes(phase);
}

/** @param {string} priority */
export function marks(priority) {
  return priority === "high" ? "!!!" : priority === "medium" ? "!!" : "!";
}

/**
 * A value as a whole number for the screen; the record keeps what was sent.
 * @param {number} x100
 */
export function number(x100) {
  return String(Math.round(x100 / 100));
}

/**
 * A length of time, as short as it can be read at a glance.
 * @param {number} ms
 */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/**
 * Time from the last dose, or before it.
 * @param {number} ms
 */
export function sinceDose(ms) {
  return ms < 0 ? `T- ${age(-ms)}` : `T+ ${age(ms)}`;
}

/**
 * A moment of the session as a clock that counts from the dose (or from the opening): +0:45:12.
 * @param {number} ms
 */
export function stamp(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const rest = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return `${ms < 0 ? "-" : "+"}${Math.floor(seconds / 3600)}:${rest}`;
}

/**
 * What an alarm is about, short enough for one line: the label of its highest row.
 * @param {any} alarm
 */
export function alarmText(alarm) {
  const row = alarm.rows[0];
  if (row === undefined) return alarm.family.replaceAll("_", " ");
  const words = row.reason.split(": ")[0] || row.row;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The name of a person of the session; the id of one whom it does not know.
 * @param {string} id
 * @param {any} state
 */
export function nameOf(id, state) {
  const person = (state.people ?? []).find((/** @type {any} */ one) => one.id === id);
  return person?.name ?? id;
}

/**
 * Who has taken an alarm, and for how long they have it; empty when nobody has.
 * @param {any} alarm
 * @param {any} state
 * @param {number} nowMs
 */
export function holders(alarm, state, nowMs) {
  if (alarm.accepted_by === null || alarm.accepted_until_ms === null) return "";
  const names = alarm.accepted_by.split(", ").map((/** @type {string} */ id) => nameOf(id, state));
  const told = { who: joined(names), left: age(alarm.accepted_until_ms - nowMs) };
  return names.length > 1 ? t("shared.have_it", told) : t("shared.has_it", told);
}

/**
 * Where an alarm stands, in a few words.
 * @param {any} alarm
 * @param {any} state
 * @param {number} nowMs
 */
export function alarmState(alarm, state, nowMs) {
  const taken = holders(alarm, state, nowMs);
  if (taken !== "") return taken;
  if (alarm.signal === "acknowledged") return t("shared.sound_paused");
  if (alarm.signal === "latched") {
    return hasHappened(alarm) ? t("shared.not_reset") : t("shared.over_not_reset");
  }
  return age(nowMs - alarm.raised_ms);
}

/**
 * Whether an alarm tells of what happened once: it is never over, somebody resets it.
 * @param {any} alarm
 */
export function hasHappened(alarm) {
  return alarm.rows.some((/** @type {any} */ row) => row.once);
}

/**
 * Said on a line of its own under a number of the oximeter while a cuff on its arm holds the
 * alarms about its signal.
 * @param {any} state
 */
export function pausedWord(state) {
  const held = (state.infos ?? []).some((/** @type {any} */ one) => one.row === "CUFF-HOLD");
  return held ? `\n${t("shared.paused_by_cuff")}` : "";
}

/** What a rating of MOAA/S stands for, as the companion tapped it. */
const MOAAS = ["W0", "W0", "W2", "W3", "W4", "W5"];

/**
 * The last check-in as words; what was not asked is not said.
 * @param {any} state
 */
export function checkWords(state) {
  const codes = String(state.check_in?.last_codes ?? "")
    .split(" ")
    .filter(Boolean);
  const known = group("shared.checked");
  const words = codes.flatMap((code) => (known[code] === undefined ? [] : [known[code]]));
  const signs = codes.filter((code) => code.startsWith("X") && code !== "X0").length;
  if (signs > 0) words.push(count("shared.signs", signs));
  if (words.length > 0) return words.join(", ");
  const rated = state.moaas ?? null;
  return rated === null ? t("shared.none_yet") : known[MOAAS[rated]];
}

/** @param {string} channel */
export function channelWord(channel) {
  return group("shared.way")[channel] ?? channel;
}

/**
 * What is known of one message. Sent is not heard.
 * @param {any} told
 */
export function deliveryWords(told) {
  const known = group("shared.delivery");
  const words = told.provable === false ? t("shared.sent_blind") : t("shared.sent");
  const why = ["failed", "answered"].includes(told.state) && told.detail ? ` (${told.detail})` : "";
  const state = `${known[told.state] ?? words}${why}`;
  return told.residual ? t("shared.sent_after", { state }) : state;
}

/** @param {string} id */
export function plain(id) {
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A list as people say it.
 * @param {string[]} words
 */
export function joined(words) {
  if (words.length < 2) return words.join("");
  const last = words[words.length - 1];
  return t("shared.and", { list: words.slice(0, -1).join(", "), last });
}
