// @ts-check
/**
 * What a tile says of people: how the patient was when somebody last looked, and when cuff and
 * check-in are due next, with what is overdue.
 *
 * The hub decides what is due; here it is only counted down.
 */

import { el, mark, say } from "./dom.js";
import { t } from "./text.js";
import { age, checkWords, isOver } from "./words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./page.js").Page} Page */

/**
 * @param {Room} room
 * @param {number} nowMs
 */
export function lastSeen(room, nowMs) {
  const { state } = room;
  const last = state.check_in?.last_ms ?? state.streams?.check_in?.last_ms ?? null;
  if (last === null) return t("clinician.wall.never_seen");
  return t("clinician.wall.seen", { age: age(nowMs - last), words: checkWords(state) });
}

/**
 * @param {Page} page
 * @param {Room} room
 */
export function dueOf(page, room) {
  const cuff = el("span");
  const check = el("span");
  return {
    node: el("p", { class: "due" }, cuff, check),
    /** @param {number} nowMs */
    update(nowMs) {
      const { state } = room;
      const rests = page.feed.lost || isOver(state.phase) || room.gone;
      const asks = /** @type {[HTMLElement, any, string][]} */ ([
        [cuff, state.cuff, "cuff"],
        [check, state.check_in, "check"],
      ]);
      for (const [node, due, which] of asks) {
        const left = due?.due_ms === null || due === undefined ? null : due.due_ms - nowMs;
        const late = !rests && left !== null && left < 0 && due.state !== "started";
        mark(node, "data-overdue", late ? "yes" : null);
        say(node, rests ? (page.feed.lost ? "- -" : "") : dueWords(which, due?.state, left));
      }
    },
  };
}

/**
 * @param {string} which
 * @param {string | undefined} doing
 * @param {number | null} left  ms until it is due; null: nothing is planned
 */
function dueWords(which, doing, left) {
  const time = left === null ? "" : age(Math.abs(left));
  if (which === "check") {
    if (left === null) return t("clinician.wall.check_free");
    return left < 0
      ? t("clinician.wall.check_late", { time })
      : t("clinician.wall.check_in", { time });
  }
  if (doing === "started") return t("clinician.wall.cuff_runs");
  if (left === null) return t("clinician.wall.cuff_free");
  if (left < 0) return t("clinician.wall.cuff_late", { time });
  if (doing === "failed") return t("clinician.wall.cuff_failed", { time });
  return t("clinician.wall.cuff_in", { time });
}
