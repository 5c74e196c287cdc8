// @ts-check
/**
 * The one sentence on the companion's phone: the highest alarm's card, else what is asked for now,
 * else where to stay. Without the feed nobody here knows how the patient is: then it says to look.
 *
 * It never says that all is well, and shows no word of a private card to others.
 *
 *   instruction(room, nowMs, false).line  -> "Oxygen is low. Wake Alex now."
 */

import { cuffState } from "./cuff.js";
import { waiting } from "./follow_up.js";
import { reasonIn } from "./pressure.js";
import { isPrivate } from "./private.js";
import { age, alarmText, isOver, marks } from "./words.js";

/**
 * @typedef {{kind: string, mark: string, line: string, why: string, steps: string[],
 *   alarm: any}} Told
 */

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 * @param {boolean} lost
 * @returns {Told}
 */
export function instruction(room, nowMs, lost) {
  const { state, name } = room;
  if (lost) {
    return {
      kind: "lost",
      mark: "✕",
      alarm: null,
      line: `Look at ${name} now. The numbers are not live.`,
      why: "This phone does not hear the hub.",
      steps: [
        "Is the chest moving? Are the lips pink? If not, call the emergency number.",
        "Stay close. Look every minute until the numbers are back.",
      ],
    };
  }
  if (isOver(state.phase) || room.gone) {
    return calm("✓", "The session is over.", `Stay with ${name} as agreed.`);
  }
  const alarm = room.top;
  if (alarm !== null) return alarmCard(room, alarm, nowMs);
  if (waiting(state) !== null) {
    return asked(`How is ${name}? Please look, or call.`, "Then answer the question below.");
  }
  const prompts = state.prompts.map((/** @type {any} */ one) => one.prompt);
  const cuff = cuffState(room);
  if (cuff.state === "started")
    return calm("◌", "Keep the arm still. No talking.", "The cuff is measuring.");
  if (prompts.includes("check_in")) {
    return asked(`Look at ${name} for ten seconds.`, "Then tap the check-in below.");
  }
  if (cuff.state === "due" || prompts.includes("cuff")) {
    return asked("Press start on the cuff now.", "Then tap: I pressed start.");
  }
  if (state.phase === "follow_up") {
    const stay = `Stay with ${name} until bedtime. No driving today.`;
    return calm("✓", "The clip can come off.", stay);
  }
  if (state.phase === "gate")
    return calm("…", "Go through the list below.", "No dose before every item is passed.");
  return calm("✓", "No alarms", `Stay where you can see ${name}.`);
}

/**
 * @param {import("./room.js").Room} room
 * @param {any} alarm
 * @param {number} nowMs
 * @returns {Told}
 */
function alarmCard(room, alarm, nowMs) {
  const card = room.state.cards?.[alarm.id] ?? null;
  const row = alarm.rows[0];
  const over = alarm.rows.every((/** @type {any} */ one) => !one.present && !one.once);
  if (isPrivate(alarm)) {
    // What it is about is not for this screen, and neither is how grave it is.
    const line = card?.line ?? `Please stay with ${room.name}.`;
    return { kind: "private", mark: "●", line, why: "", steps: card?.steps ?? [], alarm };
  }
  return {
    kind: alarm.priority,
    mark: marks(alarm.priority),
    line: over ? `${alarmText(alarm)}: over now` : (card?.line ?? alarmText(alarm)),
    why: `${reasonIn(row)}, since ${age(nowMs - alarm.raised_ms)}`,
    steps: over ? [] : (card?.steps ?? []),
    alarm,
  };
}

/**
 * @param {string} mark
 * @param {string} line
 * @param {string} why
 * @returns {Told}
 */
function calm(mark, line, why) {
  return { kind: "calm", mark, line, why, steps: [], alarm: null };
}

/**
 * @param {string} line
 * @param {string} why
 * @returns {Told}
 */
function asked(line, why) {
  return { kind: "asked", mark: "?", line, why, steps: [], alarm: null };
}
