// @ts-check
/**
 * How a session ends: the discharge criteria with what is known of each, the questions that only
 * people can answer, hand-over, and the ways out. A criterion that is not known is not met.
 *
 *   const closing = dischargePanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, isOver, plain } from "./words.js";

/** @typedef {import("./panels.js").Panel} Panel */

const SIGNS = new Map([[true, "✓"], [false, "✕"], [null, "?"]]);
const STATES = new Map([[true, "met"], [false, "not met"], [null, "not known"]]);
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
    return el("div", { class: "choice" }, el("input", { type: "checkbox", id, name }), el("label", { for: id }, label));
  });
  const nausea = /** @type {HTMLInputElement} */ (el("input", { id: "answer-nausea", type: "number", min: 0, max: 10, inputmode: "numeric" }));
  const asked = el("div", {},
    el("h3", {}, "Look and ask"), ...boxes,
    el("div", { class: "choice" }, nausea, el("label", { for: "answer-nausea" }, "Feeling sick, 0 to 10")));
  const form = el("form", {}, asked,
    el("div", { class: "row" },
      el("button", { type: "submit", class: "main" }, "Ask for discharge")));
  const node = el("section", { class: "panel", "aria-labelledby": "discharge-title" },
    el("h2", { id: "discharge-title" }, "Discharge"), words, list, form);
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
      keep(list, kept, criteria.map((one) => [one.id, one]), () => {
        const sign = el("span", { class: "sign", "aria-hidden": "true" });
        const text = el("span", { class: "gate-words" });
        const state = el("span", { class: "gate-state" });
        return {
          node: el("li", {}, el("div", { class: "gate-head" }, sign, text, state)),
          update(/** @type {{met: boolean | null, words: string}} */ one) {
            say(sign, SIGNS.get(one.met) ?? "?");
            say(text, one.words);
            say(state, STATES.get(one.met) ?? "not known");
            mark(state, "data-state", one.met === true ? "pass" : one.met === false ? "hold" : "open");
          },
        };
      });
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
      ? [{ id, met: /** @type {any} */ (one).met, words: /** @type {any} */ (one).words || plain(id) }]
      : []);
  return { criteria, sinceMs: told.met_since_ms ?? state.met_since_ms ?? null };
}

/**
 * The ways out, each asked for once more, and the note for the record.
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {Panel}
 */
export function wayOutPanel(page, current) {
  const note = button("Add a note", addNote);
  const over = button("Hand over", handOver);
  const close = button("Close the emergency", closeEmergency);
  const end = button("End the session", endSession);
  const node = el("section", { class: "panel", "aria-labelledby": "out-title" },
    el("h2", { id: "out-title" }, "Note, hand over, end"),
    el("div", { class: "row" }, note, over, close, end));

  async function addNote() {
    await send({ title: "Note for the record", yes: "Add", fields: [{ name: "text", label: "Note", required: true }] }, "annotate", "Noted");
  }
  async function handOver() {
    await send({ title: "Hand over", words: "Who takes over, by name (ambulance crew, physician).", yes: "Hand over", fields: [{ name: "to", label: "To", required: true }] }, "hand_over", "Handed over");
  }
  async function closeEmergency() {
    await send({ title: "Close the emergency?", words: "Monitoring goes on where its clock stands.", yes: "Close it" }, "close_emergency", "Emergency closed");
  }
  async function endSession() {
    await send({ title: "End the session?", words: "Before discharge this is an early end: the physician is told.", yes: "End", danger: true, fields: [{ name: "reason", label: "Reason", required: true }] }, "end", "End sent");
  }

  /**
   * @param {Parameters<typeof ask>[0]} question
   * @param {string} deed
   * @param {string} done
   */
  async function send(question, deed, done) {
    const room = current();
    const told = await ask(question);
    if (room !== null && told !== null) page.tell(room.id, { do: deed, ...told }, done);
  }

  return {
    node,
    update() {
      const room = current();
      const living = room !== null && !isOver(room.state.phase);
      show(note, may(page.role, "annotate"));
      show(over, may(page.role, "hand_over"));
      show(close, may(page.role, "close_emergency") && room?.state.phase === "emergency");
      show(end, may(page.role, "end"));
      show(node, living && may(page.role, "annotate"));
    },
  };
}

/**
 * @param {string} words
 * @param {() => void} deed
 */
function button(words, deed) {
  return el("button", { type: "button", class: "quiet", onclick: deed }, words);
}
