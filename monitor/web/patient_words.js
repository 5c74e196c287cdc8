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
import { age, isOver, nameOf } from "./words.js";

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
      ? say("calm", "Waiting for the hub ...", "")
      : say("calm", "No session is open.", "This page goes on by itself when one begins.");
  }
  const companion = companionOf(room);
  if (isOver(room.state.phase) || room.gone) {
    return say("calm", "The session is over.", `${companion} stays with you as agreed.`);
  }
  if (lost) {
    const why = `${companion} is with you. Speak, or call out, if you need anything.`;
    return say("lost", "This page does not hear the hub now.", why);
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
  const stay = "Stay where you are.";
  if (alarm.accepted_by === null) return say("asked", "Help is being called.", stay);
  const names = alarm.accepted_by.split(", ").map((/** @type {string} */ id) => name(id, room));
  return say("asked", `${names.join(" and ")} knows that you need help.`, stay);
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
    const why = late
      ? `${companion} is asked to look in on you. You can still tap.`
      : "One tap is enough.";
    return { kind: "asked", line: "Are you OK?", why, asks: true, also: false };
  }
  if (lastMs === null || nowMs - lastMs >= THANKS_MS) return null;
  return say("calm", "Thank you.", next(dueMs, nowMs));
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
    return say("calm", "It has not begun yet.", `${companion} goes through a list with you first.`);
  }
  if (phase === "follow_up") {
    return waiting(room.state) === null
      ? say("calm", "The session is behind you.", "Rest. No driving before you have slept.")
      : say("asked", "How are you?", "Please answer below. It takes a few taps.");
  }
  const urgent = phase === "emergency" || room.top?.priority === "high";
  if (urgent) return say("calm", `${companion} looks after you now.`, "Stay where you are.");
  if (phase === "peak" || phase === "extended") {
    const why = "Nothing is asked of you. Keep your eyes closed if you like.";
    return { kind: "calm", line: "Rest.", why, asks: false, also: true };
  }
  return say("calm", "Rest.", next(dueMs, nowMs));
}

/**
 * @param {number | null} dueMs
 * @param {number} nowMs
 */
function next(dueMs, nowMs) {
  if (dueMs === null) return "No tap is planned now. You may be asked for one later.";
  return `You will be asked for one tap in ${age(dueMs - nowMs)}.`;
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
  return people.find((one) => one.role === "companion")?.name || "Your companion";
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
