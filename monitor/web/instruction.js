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
import { steps, t } from "./text.js";
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
      line: t("companion.now.lost", { name }),
      why: t("companion.now.lost_why"),
      steps: steps("companion.now.lost_steps"),
    };
  }
  if (isOver(state.phase) || room.gone) {
    return calm("✓", t("companion.now.over"), t("companion.now.over_why", { name }));
  }
  const alarm = room.top;
  if (alarm !== null) return alarmCard(room, alarm, nowMs);
  if (waiting(state) !== null) {
    return asked(t("companion.now.follow", { name }), t("companion.now.follow_why"));
  }
  const prompts = state.prompts.map((/** @type {any} */ one) => one.prompt);
  const cuff = cuffState(room);
  if (cuff.state === "started") {
    return calm("◌", t("companion.now.still"), t("companion.now.still_why"));
  }
  if (prompts.includes("check_in")) {
    return asked(t("companion.now.look", { name }), t("companion.now.look_why"));
  }
  if (cuff.state === "due" || prompts.includes("cuff")) {
    return asked(t("companion.now.cuff"), t("companion.now.cuff_why"));
  }
  if (state.phase === "follow_up") {
    return calm("✓", t("companion.now.clip_off"), t("companion.now.clip_off_why", { name }));
  }
  if (state.phase === "gate") {
    return calm("…", t("companion.now.list"), t("companion.now.list_why"));
  }
  return calm("✓", t("companion.now.none"), t("companion.now.none_why", { name }));
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
    const line = card?.line ?? t("companion.now.stay", { name: room.name });
    return { kind: "private", mark: "●", line, why: "", steps: card?.steps ?? [], alarm };
  }
  return {
    kind: alarm.priority,
    mark: marks(alarm.priority),
    line: over
      ? t("companion.now.over_now", { alarm: alarmText(alarm) })
      : (card?.line ?? alarmText(alarm)),
    why: t("companion.now.since", {
      reason: reasonIn(row),
      age: age(nowMs - alarm.raised_ms),
    }),
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
