// @ts-check
/**
 * The one sentence on the patient's own page: what goes on, what is asked, when the next tap comes.
 *
 * It holds no value and no name of an alarm, and nothing private: somebody who is far away reads
 * it, and others in the room may. It promises nobody whom the hub has not heard, and never says
 * that all is well.
 *
 *   told(room, nowMs, false).line  -> "Are you OK?"
 */

import { waiting } from "./follow_up.js";
import { count, t } from "./text.js";
import { age, isOver, joined, nameOf } from "./words.js";

/** How long a tap is thanked for. */
const THANKS_MS = 20_000;

/** @typedef {{kind: string, line: string, why: string, asks: boolean, also: boolean}} Told */

/**
 * @param {import("./room.js").Room | null} room
 * @param {number} nowMs
 * @param {boolean} lost
 * @returns {Told}
 */
export function told(room, nowMs, lost) {
  if (room === null) {
    return lost
      ? say("calm", t("shared.hub_waits"), "")
      : say("calm", t("patient.no_session"), t("patient.no_session_why"));
  }
  const companion = companionOf(room);
  if (isOver(room.state.phase) || room.gone) {
    return say("calm", t("patient.over"), t("patient.over_why", { companion }));
  }
  if (lost) {
    return say("lost", t("patient.lost"), t("patient.lost_why", { companion }));
  }
  return calling(room) ?? tap(room, nowMs, companion) ?? rest(room, nowMs, companion);
}

/**
 * Whether somebody's call for help stands.
 * @param {import("./room.js").Room} room
 */
export function helpIsCalled(room) {
  return panic(room) !== undefined;
}

/**
 * @param {import("./room.js").Room} room
 * @returns {Told | null}
 */
function calling(room) {
  const alarm = panic(room);
  if (alarm === undefined) return null;
  const stay = t("patient.stay_there");
  if (alarm.accepted_by === null) return say("asked", t("patient.help_asked"), stay);
  const names = alarm.accepted_by.split(", ").map((/** @type {string} */ id) => name(id, room));
  const known = count("patient.help_known", names.length, { who: joined(names) });
  return say("asked", known, stay);
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 * @param {string} companion
 * @returns {Told | null}
 */
function tap(room, nowMs, companion) {
  const own = room.state.patient_check ?? {};
  const { from_ms: fromMs = null, due_ms: dueMs = null, last_ms: lastMs = null } = own;
  if (fromMs !== null && nowMs >= fromMs) {
    const late = room.alarms.some((alarm) => alarm.family === "patient_check");
    const why = late ? t("patient.tap_late", { companion }) : t("patient.one_tap");
    return { kind: "asked", line: t("patient.are_you_ok"), why, asks: true, also: false };
  }
  if (lastMs === null || nowMs - lastMs >= THANKS_MS) return null;
  return say("calm", t("patient.thanks"), next(dueMs, nowMs));
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 * @param {string} companion
 * @returns {Told}
 */
function rest(room, nowMs, companion) {
  const { phase } = room.state;
  const dueMs = room.state.patient_check?.due_ms ?? null;
  if (phase === "setup" || phase === "gate") {
    return say("calm", t("patient.not_begun"), t("patient.not_begun_why", { companion }));
  }
  if (phase === "follow_up") {
    return waiting(room.state) === null
      ? say("calm", t("patient.behind"), t("patient.behind_why"))
      : say("asked", t("patient.how_are_you"), t("patient.how_are_you_why"));
  }
  const urgent = phase === "emergency" || room.top?.priority === "high";
  if (urgent) {
    return say("calm", t("patient.looked_after", { companion }), t("patient.stay_there"));
  }
  if (phase === "peak" || phase === "extended") {
    const why = t("patient.rest_peak");
    return { kind: "calm", line: t("patient.rest"), why, asks: false, also: true };
  }
  return say("calm", t("patient.rest"), next(dueMs, nowMs));
}

/**
 * @param {number | null} dueMs
 * @param {number} nowMs
 */
function next(dueMs, nowMs) {
  if (dueMs === null) return t("patient.no_tap");
  return t("patient.next_tap", { left: age(dueMs - nowMs) });
}

/** @param {import("./room.js").Room} room */
function panic(room) {
  return room.alarms.find(
    (alarm) => alarm.family === "panic" && alarm.rows.some((/** @type {any} */ row) => row.present),
  );
}

/** @param {import("./room.js").Room} room */
function companionOf(room) {
  const people = /** @type {any[]} */ (room.state.people ?? []);
  return people.find((one) => one.role === "companion")?.name || t("patient.your_companion");
}

/**
 * @param {string} id
 * @param {import("./room.js").Room} room
 */
function name(id, room) {
  return nameOf(id, room.state);
}

/**
 * @param {string} kind
 * @param {string} line
 * @param {string} why
 * @returns {Told}
 */
function say(kind, line, why) {
  return { kind, line, why, asks: false, also: false };
}
