// @ts-check
/**
 * The questions of a check-in with their buttons, and which of them are asked now.
 *
 * Five are always asked; the position, the mouth and the clip only when the hub says that they
 * matter. This module keeps no answer and judges none.
 *
 *   wanted(false, ["mouth"], new Set(["W5"])); // ["W", "B", "C", "D", "X", "M"]
 */

/**
 * @typedef {{id: string, ask: string, hint?: string, many?: boolean, extra?: string,
 *   holds?: string, answers: [string, string][]}} Question
 */

/** @type {Question[]} */
export const QUESTIONS = [
  {
    id: "W",
    ask: "How did {name} answer?",
    answers: [
      ["W5", "At once"],
      ["W4", "Slow or sleepy"],
      ["W3", "Only when I spoke loudly or twice"],
      ["W2", "Only when I shook the shoulder"],
      ["W0", "No answer"],
    ],
  },
  {
    id: "B",
    ask: "How is the breathing?",
    hint: "watch the chest",
    answers: [
      ["B0", "Quiet, steady"],
      ["B1", "Noisy: snore, gurgle, wheeze"],
      ["B2", "Slow or with pauses"],
      ["B3", "Not breathing, or gasping"],
    ],
  },
  {
    id: "C",
    ask: "Lips and tongue?",
    hint: "dark skin: inner lip, nail beds",
    holds: "lips",
    answers: [
      ["C0", "Normal"],
      ["C1", "Pale or grey"],
      ["C2", "Blue"],
    ],
  },
  {
    id: "D",
    ask: "How does {name} seem?",
    holds: "mood",
    answers: [
      ["D0", "Calm"],
      ["D1", "Uneasy"],
      ["D2", "Upset, or wants it to stop"],
      ["D3", "Fighting, not safe"],
    ],
  },
  {
    id: "X",
    ask: "Anything else?",
    holds: "signs",
    many: true,
    answers: [
      ["X0", "None of these"],
      ["X1", "Chest pain"],
      ["X2", "Hard to breathe"],
      ["X3", "Sudden very bad headache"],
      ["X4", "Sudden loss of sight"],
      ["X5", "Face, arm or speech fails"],
      ["X6", "Fit"],
      ["X7", "Fainted"],
      ["X8", "Swelling or hives"],
      ["X9", "Fell"],
      ["X10", "Vomited"],
      ["X11", "Choking"],
      ["X12", "Sweaty and shaky"],
      ["X13", "Dizzy on standing"],
    ],
  },
  {
    id: "L",
    ask: "How does {name} lie?",
    extra: "position",
    answers: [
      ["L0", "Side or half-sitting"],
      ["L1", "On the back"],
      ["L2", "Face down or chin on chest"],
    ],
  },
  {
    id: "M",
    ask: "Is the mouth empty?",
    hint: "ask to see it",
    extra: "mouth",
    answers: [
      ["M0", "Empty"],
      ["M1", "Still there"],
    ],
  },
  {
    id: "F",
    ask: "Is the clip on {name}'s finger?",
    extra: "clip",
    answers: [
      ["F0", "Yes"],
      ["F1", "No: put it back now"],
    ],
  },
];
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
