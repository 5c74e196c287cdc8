// @ts-check
/**
 * What a person noticed outside a check-in: one tap each, a number where there is one, and "I must
 * go" as a button of its own. What follows from it is decided by the hub.
 *
 *   const notices = noticePanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, show } from "./dom.js";
import { may } from "./rights.js";
import { isOver } from "./words.js";

/** @typedef {import("./panel.js").Panel} Panel */

/** The words of each thing; on a screen that the patient may see no private one is named. */
const THINGS = [
  ["head_hit", "Head hit or neck pain"],
  ["vomited_blood", "Vomited blood"],
  ["coughs", "Coughs or wheezes after vomiting"],
  ["noisy_throat", "Choking, or noise in the throat"],
  ["restless", "Upset, tries to get up"],
  ["stands_alone", "Stands without help"],
  ["left_home", "Left, drives, cooks or bathes"],
  ["bladder", "Bladder pain or blood"],
  ["ideation", "Words that worry me (private)"],
  ["intent", "I fear for their safety (private)"],
  ["impaired", "I have drunk, or cannot stay awake"],
];
/** @type {[string, string, number, number][]} */
const NUMBERS = [
  ["nausea", "Nausea, 0 to 10", 0, 10],
  ["distress", "Distress, 0 to 10", 0, 10],
  ["cadss6", "CADSS-6, 0 to 24", 0, 24],
  ["glucose", "Glucose, mg/dL", 10, 900],
];

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {Panel}
 */
export function noticePanel(page, current) {
  const go = el("button", { type: "button", class: "danger wide", onclick: mustGo }, "I must go");
  const back = el("button", { type: "button", class: "main wide", onclick: isBack }, "I am back");
  const things = THINGS.map(([what, words]) =>
    el("button", { type: "button", class: "quiet", onclick: () => say(what, words) }, words),
  );
  const numbers = NUMBERS.map(([what, words, min, max]) =>
    el(
      "button",
      { type: "button", class: "quiet", onclick: () => measure(what, words, min, max) },
      words,
    ),
  );
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "notice-title" },
    el("h2", { id: "notice-title" }, "I noticed something"),
    el(
      "details",
      {},
      el("summary", {}, "Show what can be told"),
      el("div", { class: "row" }, ...things, ...numbers),
    ),
    go,
    back,
  );

  /**
   * @param {Record<string, any>} order
   * @param {string} done
   */
  function tell(order, done) {
    const room = current();
    if (room !== null) page.tell(room.id, { do: "notice", ...order }, done);
  }

  async function mustGo() {
    const told = await ask({
      title: "Must you go?",
      words: "The doctor is told at once. Do not leave before someone comes.",
      yes: "Yes, I must go",
      danger: true,
    });
    if (told !== null) tell({ what: "must_go" }, "The doctor is told");
  }
  function isBack() {
    tell({ what: "must_go", over: true }, "Thank you");
  }

  /**
   * @param {string} what
   * @param {string} words
   */
  async function say(what, words) {
    const told = await ask({
      title: words,
      yes: "Send",
      fields: [
        {
          name: "over",
          label: "Now",
          options: [
            ["no", "It is so"],
            ["yes", "It is over"],
          ],
        },
      ],
    });
    if (told !== null) tell({ what, over: told.over === "yes" }, "Told");
  }

  /**
   * @param {string} what
   * @param {string} words
   * @param {number} min
   * @param {number} max
   */
  async function measure(what, words, min, max) {
    const told = await ask({
      title: words,
      yes: "Send",
      fields: [
        {
          name: "number",
          label: "Number",
          type: "number",
          required: true,
          min,
          max,
          inputmode: "numeric",
        },
      ],
    });
    if (told !== null) tell({ what, number: Number(told.number) }, "Told");
  }

  return {
    node,
    update() {
      const room = current();
      const living = room !== null && !isOver(room.state.phase);
      show(node, living && may(page.role, "notice"));
      const gone =
        room?.alarms.some((alarm) =>
          alarm.rows.some(
            (/** @type {any} */ row) => row.row === "COMP-ABSENT" && row.present,
          ),
        ) ?? false;
      show(go, page.role === "companion" && !gone);
      show(back, page.role === "companion" && gone);
    },
  };
}
