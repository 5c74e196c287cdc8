// @ts-check
/**
 * The questions of one gate item, each with a Yes and a No as wide as a thumb.
 *
 * A tap is sent at once and shown when the hub has it; of a private item the page only knows that a
 * question was answered. What an answer means is decided by the hub.
 *
 *   const asks = askList(page, () => room, "drugs");
 *   asks.update(item.ask, open, first);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";

/** @typedef {{id: string, words: string, answered: boolean, yes: boolean | null}} Ask */

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @param {string} item
 */
export function askList(page, current, item) {
  const list = el("ul", { class: "plain-list gate-asks" });
  const title = el("summary", {});
  const node = /** @type {HTMLDetailsElement} */ (el("details", {}, title, list));
  const kept = new Map();
  let wasFirst = false;

  /** @param {Ask} ask */
  function make({ id }) {
    const words = el("span", { class: "gate-words", id: `ask-${item}-${id}` });
    const known = el("span", { class: "gate-state" });
    const buttons = [true, false].map((yes) =>
      el(
        "button",
        { type: "button", class: "quiet thumb", onclick: () => answer(id, yes) },
        yes ? "Yes" : "No",
      ),
    );
    return {
      node: el("li", {}, words, known, el("div", { class: "row two" }, ...buttons)),
      /** @param {Ask & {open: boolean}} ask */
      update(ask) {
        say(words, ask.words);
        say(known, ask.answered && ask.yes === null ? "answered" : "");
        buttons.forEach((button, at) => {
          mark(button, "aria-pressed", String(ask.yes === (at === 0)));
          mark(button, "aria-label", `${at === 0 ? "Yes" : "No"}: ${ask.words}`);
          show(button, ask.open && may(page.role, "gate_answer"));
        });
      },
    };
  }

  /**
   * @param {string} question
   * @param {boolean} yes
   */
  function answer(question, yes) {
    const room = current();
    if (room === null) return;
    page.tell(room.id, { do: "gate_answer", item, question, yes }, yes ? "Yes" : "No");
  }

  return {
    node,
    /**
     * @param {Ask[]} asks
     * @param {boolean} open
     * @param {boolean} first
     */
    update(asks, open, first) {
      show(node, asks.length > 0);
      const left = asks.filter((ask) => !ask.answered).length;
      say(title, left === 0 ? "Answered: show" : `${left} of ${asks.length} questions`);
      // One list is open at a time, the first that is not answered; who opens another keeps it.
      if (first !== wasFirst) node.open = first;
      wasFirst = first;
      keep(
        list,
        kept,
        asks.map((ask) => [ask.id, { ...ask, open }]),
        make,
      );
    },
  };
}
