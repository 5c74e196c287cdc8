// @ts-check
/**
 * The questions of a check-in with their buttons, and which of them are asked now.
 *
 * Five are always asked; the position, the mouth and the clip only when the hub says that they
 * matter. This module keeps no answer and judges none.
 *
 *   wanted(false, ["mouth"], new Set(["W5"])); // ["W", "B", "C", "D", "X", "M"]
 */

import { group, t } from "./text.js";

/**
 * @typedef {{id: string, ask: (name: string) => string, hint?: string, many?: boolean,
 *   extra?: string, holds?: string, answers: [string, string][]}} Question
 */

/**
 * The buttons of a question, in the order of the catalogue.
 * @param {string} id
 * @returns {[string, string][]}
 */
function answersOf(id) {
  return Object.entries(group("companion.answer")).filter(([code]) => code.startsWith(id));
}

/** @type {Question[]} */
export const QUESTIONS = [
  { id: "W", ask: (name) => t("companion.ask.W", { name }) },
  { id: "B", ask: () => t("companion.ask.B") },
  { id: "C", ask: () => t("companion.ask.C"), holds: "lips" },
  { id: "D", ask: (name) => t("companion.ask.D", { name }), holds: "mood" },
  { id: "X", ask: () => t("companion.ask.X"), holds: "signs", many: true },
  { id: "L", ask: (name) => t("companion.ask.L", { name }), extra: "position" },
  { id: "M", ask: () => t("companion.ask.M"), extra: "mouth" },
  { id: "F", ask: (name) => t("companion.ask.F", { name }), extra: "clip" },
].map((one) => ({ ...one, hint: group("companion.hint")[one.id], answers: answersOf(one.id) }));
const SHORT = ["W", "B"];
const NOT_WIDE_AWAKE = ["W4", "W3", "W2", "W0"];

/**
 * Which questions are asked now. A high alarm leaves two, and those of which the last answer holds
 * an alarm that only a new one ends; the position is asked too as soon as the
 * patient does not answer at once.
 * @param {boolean} short
 * @param {string[]} extra
 * @param {Set<string>} tapped
 */
export function wanted(short, extra, tapped) {
  if (short) {
    return QUESTIONS.filter(
      ({ id, holds }) => SHORT.includes(id) || (holds !== undefined && extra.includes(holds)),
    ).map((one) => one.id);
  }
  const drowsy = NOT_WIDE_AWAKE.some((code) => tapped.has(code));
  return QUESTIONS.filter(
    (one) =>
      one.extra === undefined ||
      extra.includes(one.extra) ||
      (one.extra === "position" && drowsy),
  ).map((one) => one.id);
}

/**
 * The extra questions of a check-in: what the hub asks, and for a correction what was answered
 * before, since a correction withdraws every answer.
 * @param {any} view
 * @param {boolean} corrects
 * @returns {string[]}
 */
export function extras(view, corrects) {
  const answered = String((corrects && view?.last_codes) || "").split(" ");
  return QUESTIONS.flatMap(({ id, extra, holds }) => {
    if (holds !== undefined) return view?.ask?.includes(holds) ? [holds] : [];
    if (extra === undefined) return [];
    const before = answered.some((code) => code.startsWith(id));
    return before || view?.ask?.includes(extra) ? [extra] : [];
  });
}
