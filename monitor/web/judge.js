// @ts-check
/**
 * A physician's verdict and note on an alarm, open or over. It goes into the record with their name
 * and changes nothing else.
 *
 *   judge(page, room, "oxygen@61000")         asks, and sends what was answered
 *   verdictWords(room.state, "oxygen@61000")  -> "False alarm, Dr Lee: clip off"
 */

import { el, say, show } from "./dom.js";
import { may } from "./rights.js";
import { group, t } from "./text.js";
import { nameOf } from "./words.js";

/**
 * The verdict on an open alarm, and the button for it.
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {(alarm: string) => {node: HTMLElement, update: () => void}}
 */
export function judging(page, current) {
  return (alarm) => {
    const words = el("span", { class: "verdict" });
    const press = () => {
      const room = current();
      if (room !== null) judge(page, room, alarm);
    };
    const button = el(
      "button",
      { type: "button", class: "quiet small", onclick: press },
      t("session.judge.button"),
    );
    const node = el("span", { class: "judged" }, button, words);
    return {
      node,
      update() {
        say(words, verdictWords(current()?.state ?? {}, alarm));
        const mine = may(page.role, "judge_alarm");
        show(button, mine);
        show(node, mine || words.textContent !== "");
      },
    };
  };
}

/**
 * Ask for the verdict; the dialog is loaded when it is wanted.
 * @param {import("./page.js").Page} page
 * @param {import("./room.js").Room} room
 * @param {string} alarm
 */
export async function judge(page, room, alarm) {
  const { askVerdict } = await import("./verdict.js");
  await askVerdict(page, room, alarm);
}

/**
 * The last word about an alarm; empty when nobody has said one.
 * @param {any} state
 * @param {string} alarm
 */
export function verdictWords(state, alarm) {
  const said = state.verdicts?.[alarm];
  if (said === undefined) return "";
  const verdict = group("session.verdict")[said.verdict] ?? said.verdict;
  return `${verdict}, ${nameOf(said.by, state)}${said.note ? `: ${said.note}` : ""}`;
}
