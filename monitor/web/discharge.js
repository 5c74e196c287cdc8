// @ts-check
/**
 * The discharge criteria with what is known of each, and the questions that only people can answer.
 * A criterion that is not known is not met. All are met twice, ten minutes apart: each time the
 * answers are sent is a trial, and the second good one is the discharge.
 *
 *   const discharge = dischargePanel(page, () => room);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, plain } from "./words.js";

/** @typedef {import("./panel.js").Panel} Panel */

const SIGNS = new Map([
  [true, "✓"],
  [false, "✕"],
  [null, "?"],
]);
const STATES = new Map([
  [true, "met"],
  [false, "not met"],
  [null, "not known"],
]);
const LATE = ["offset", "recovery", "extended"];

/** What people answer, in the words of the order. @type {[string, string][]} */
export const ANSWERS = [
  ["walk", "Walks without help"],
  ["drink", "Drinks without vomiting"],
  ["oriented", "Knows name, place and date"],
  ["feels_normal", "Feels normal, or nearly"],
  ["no_ideation", "No thoughts of self-harm beyond those known"],
  ["stays", "The companion stays until bedtime"],
];

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {Panel}
 */
export function dischargePanel(page, current) {
  const list = el("ul", { class: "plain-list criteria" });
  const words = el("p", { class: "why" });
  const boxes = ANSWERS.map(([name, label]) => {
    const id = `answer-${name}`;
    return el(
      "div",
      { class: "choice" },
      el("input", { type: "checkbox", id, name }),
      el("label", { for: id }, label),
    );
  });
  const nausea = /** @type {HTMLInputElement} */ (
    el("input", { id: "answer-nausea", type: "number", min: 0, max: 10, inputmode: "numeric" })
  );
  const asked = el(
    "div",
    {},
    el("h3", {}, "Look and ask"),
    ...boxes,
    el(
      "div",
      { class: "choice" },
      nausea,
      el("label", { for: "answer-nausea" }, "Feeling sick, 0 to 10"),
    ),
  );
  const form = el(
    "form",
    {},
    asked,
    el(
      "div",
      { class: "row" },
      el("button", { type: "submit", class: "main" }, "Ask for discharge"),
    ),
  );
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "discharge-title" },
    el("h2", { id: "discharge-title" }, "Discharge"),
    words,
    list,
    form,
  );
  const kept = new Map();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const room = current();
    if (room === null) return;
    /** @type {Record<string, any>} */
    const order = { do: "discharge" };
    const asks = room.state.discharge !== undefined;
    for (const [name] of asks ? ANSWERS : []) {
      const box = /** @type {HTMLInputElement} */ (form.querySelector(`#answer-${name}`));
      order[name] = box.checked;
    }
    if (asks) order.nausea = Number(nausea.value);
    page.tell(room.id, order, "Discharge asked for");
  });

  return {
    node,
    update(nowMs) {
      const room = current();
      show(node, room !== null && LATE.includes(room.state.phase));
      if (room === null) return;
      show(form, may(page.role, "discharge"));
      const asks = room.state.discharge !== undefined;
      show(asked, asks);
      nausea.required = asks;
      const { criteria, sinceMs } = criteriaOf(room.state);
      const open = criteria.filter((one) => one.met !== true).length;
      if (criteria.length === 0) say(words, "");
      else if (open > 0) say(words, `${open} of ${criteria.length} open.`);
      else if (sinceMs === null) say(words, "All met.");
      else say(words, `All met for ${age(nowMs - sinceMs)}; met twice, 10 min apart, is needed.`);
      keep(
        list,
        kept,
        criteria.map((one) => [one.id, one]),
        () => {
          const sign = el("span", { class: "sign", "aria-hidden": "true" });
          const text = el("span", { class: "gate-words" });
          const state = el("span", { class: "gate-state" });
          return {
            node: el("li", {}, el("div", { class: "gate-head" }, sign, text, state)),
            update(/** @type {{met: boolean | null, words: string}} */ one) {
              say(sign, SIGNS.get(one.met) ?? "?");
              say(text, one.words);
              say(state, STATES.get(one.met) ?? "not known");
              mark(
                state,
                "data-state",
                one.met === true ? "pass" : one.met === false ? "hold" : "open",
              );
            },
          };
        },
      );
    },
  };
}

/**
 * @param {any} state
 * @returns {{criteria: {id: string, met: boolean | null, words: string}[], sinceMs: number | null}}
 */
function criteriaOf(state) {
  const told = state.discharge ?? {};
  const criteria = Object.entries(told.criteria ?? told).flatMap(([id, one]) =>
    typeof one === "object" && one !== null && "met" in one
      ? [
          {
            id,
            met: /** @type {any} */ (one).met,
            words: /** @type {any} */ (one).words || plain(id),
          },
        ]
      : [],
  );
  return { criteria, sinceMs: told.met_since_ms ?? state.met_since_ms ?? null };
}
