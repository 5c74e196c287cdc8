// @ts-check
/**
 * After the discharge: the question of the evening, and the check-in of the next day, in few taps.
 *
 * The last question of the next day is for the patient alone: the page asks for the telephone to be
 * handed over first, and keeps and shows nothing of the answer. The patient's own page may use the
 * same panel (`alone: true`): nobody has to hand anything over there.
 *
 *   const panel = followUpPanel(page, () => room);
 */

import { el, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, nameOf } from "./words.js";

/** @typedef {import("./panel.js").Panel} Panel */

/**
 * The taps of the next day, in the words of the order.
 * @type {[string, string, [any, string][]][]}
 */
export const TAPS = [
  ["mood", "Mood", [["good", "Good"], ["low", "Low"], ["very_low", "Very low"]]],
  ["sleep", "Sleep", [["well", "Well"], ["little", "A little"], ["none", "Not at all"]]],
  ["bladder", "Pain or blood when passing water", [[false, "No"], [true, "Yes"]]],
];
const THOUGHTS = /** @type {[string, string][]} */ ([
  ["none", "No"],
  ["wish", "Wish to be dead, or such thoughts"],
  ["intent", "A plan, or an attempt"],
]);

/**
 * The question of this name; null before the discharge, or when the hub asks none.
 * @param {any} state
 * @param {string} name
 */
export function questionOf(state, name) {
  return (state.follow_up ?? []).find((/** @type {any} */ one) => one.name === name) ?? null;
}

/**
 * The name of the question that waits for an answer now: `question`, `next_day` or null.
 * @param {any} state
 * @returns {string | null}
 */
export function waiting(state) {
  if (state.phase !== "follow_up") return null;
  const waits = (state.follow_up ?? []).filter(
    (/** @type {any} */ one) => one.asked_ms !== null && one.answered_ms === null,
  );
  return waits.at(-1)?.name ?? null;
}

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @param {{alone?: boolean}} [who]
 * @returns {Panel}
 */
export function followUpPanel(page, current, { alone = false } = {}) {
  const title = el("h2", { id: "follow-title" });
  const evening = el(
    "div",
    { class: "row" },
    tap("All is well", "main wide", () => send({ do: "all_well", well: true })),
    tap("Something is wrong", "danger wide", () =>
      send({ do: "all_well", well: false }, "The doctor is told now"),
    ),
  );
  const groups = TAPS.map(([name, label, options]) => group(name, label, options));
  const go = tap(alone ? "Next" : "Next: for the patient alone", "main", askAlone);
  const day = el("div", { class: "follow-day" }, ...groups.map((one) => one.node), go);
  const words = el("p", { class: "why" });
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "follow-title" },
    title,
    evening,
    day,
    words,
  );

  /** @param {any} order @param {string} done */
  async function send(order, done = "Thank you") {
    const room = current();
    if (room !== null) await page.tell(room.id, order, done);
  }

  async function askAlone() {
    const room = current();
    if (room === null || groups.some((one) => one.value() === null)) return;
    const said = Object.fromEntries(groups.map((one) => [one.name, one.value()]));
    const thoughts = await lastQuestion(room.name, alone);
    if (thoughts === null) return;
    for (const one of groups) one.clear();
    await send({ do: "next_day", ...said, thoughts });
  }

  return {
    node,
    update(nowMs) {
      const room = current();
      const here = room !== null && room.state.phase === "follow_up";
      show(node, here);
      if (room === null || !here) return;
      const asks = waiting(room.state);
      const day_ = asks === "next_day";
      const now = alone ? "Is all well with you?" : `Is all well with ${room.name}?`;
      say(title, asks === null ? "Follow-up" : day_ ? "The day after" : now);
      show(evening, asks === "question" && may(page.role, "all_well"));
      show(day, day_ && may(page.role, "next_day"));
      go.toggleAttribute("disabled", groups.some((one) => one.value() === null));
      say(words, page.feed.lost ? "- -" : standing(room.state, nowMs));
    },
  };
}

/**
 * Where the follow-up stands, in words.
 * @param {any} state
 * @param {number} nowMs
 */
export function standing(state, nowMs) {
  const [first, second] = ["question", "next_day"].map((name) => questionOf(state, name));
  if (first === null || second === null) return "";
  return [one("Evening question", first), one("Next-day check-in", second)].join(" ");

  /** @param {string} title @param {any} asked */
  function one(title, asked) {
    if (asked.answered_ms !== null) {
      const ago = age(nowMs - asked.answered_ms);
      return `${title}: answered by ${nameOf(asked.by, state)}, ${ago} ago.`;
    }
    if (asked.asked_ms === null) return `${title}: in ${age(asked.due_ms - nowMs)}.`;
    return `${title}: asked ${age(nowMs - asked.asked_ms)} ago, no answer yet.`;
  }
}

/**
 * Three buttons of which one is chosen.
 * @param {string} name
 * @param {string} label
 * @param {[any, string][]} options
 */
function group(name, label, options) {
  /** @type {any} */
  let chosen = null;
  const taps = options.map(([value, words]) =>
    tap(words, "quiet tap", () => {
      chosen = value;
      paint();
    }),
  );
  function paint() {
    options.forEach(([value], at) => mark(taps[at], "aria-pressed", String(value === chosen)));
  }
  paint();
  return {
    name,
    value: () => chosen,
    clear() {
      chosen = null;
      paint();
    },
    node: el(
      "fieldset",
      { class: "follow-group" },
      el("legend", {}, label),
      el("div", { class: "row" }, ...taps),
    ),
  };
}

/**
 * The question that only the patient answers; null when somebody went back.
 * @param {string} name
 * @param {boolean} alone
 * @returns {Promise<string | null>}
 */
function lastQuestion(name, alone) {
  /** @type {string | null} */
  let told = null;
  const title = el("h2", { id: "alone" }, `Please hand the phone to ${name}`);
  const head = el("p", {}, "The last question is for one person alone.");
  const open = tap(`I am ${name}`, "main", reveal);
  const choices = el(
    "div",
    { class: "follow-alone" },
    ...THOUGHTS.map(([value, words]) =>
      tap(words, "quiet tap", () => {
        told = value;
        dialog.close();
      }),
    ),
  );
  const back = tap("Back", "quiet", () => dialog.close());
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { "aria-labelledby": "alone" }, title, head, open, choices, back)
  );
  show(choices, false);

  function reveal() {
    say(title, "Since the session: thoughts of death or suicide?");
    say(head, "Nobody in the room sees what you tap. Your doctor does, and will call you.");
    show(open, false);
    show(choices, true);
  }
  if (alone) reveal();
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(told);
    });
  });
}

/**
 * @param {string} words
 * @param {string} look
 * @param {() => void} deed
 */
function tap(words, look, deed) {
  return el("button", { type: "button", class: look, onclick: deed }, words);
}
