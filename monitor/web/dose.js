// @ts-check
/**
 * The dose: taken just now or up to ten minutes ago, and an extra one. Both are facts that cannot
 * be taken back, so each is asked for once more.
 *
 *   const dose = dosePanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, isOver } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./panel.js").Panel} Panel */

/** @type {[string, string][]} */
const MINUTES = Array.from({ length: 11 }, (_, at) => [
  String(at),
  at === 0 ? "just now" : `${at} min ago`,
]);

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function dosePanel(page, current) {
  const title = el("h2", { id: "dose-title" }, "Dose");
  const words = el("p", { class: "why" });
  const select = el(
    "select",
    { id: "dose-ago" },
    ...MINUTES.map(([value, label]) => el("option", { value }, label)),
  );
  const label = el("label", { for: "dose-ago" }, "Taken");
  const button = el("button", { type: "button", class: "main", onclick: confirm }, "Dose taken");
  const extra = el("button", { type: "button", class: "quiet", onclick: confirm }, "Extra dose");
  const row = el("div", { class: "row" }, label, select, button, extra);
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "dose-title" },
    title,
    words,
    row,
  );

  async function confirm() {
    const room = current();
    if (room === null) return;
    const first = room.state.dose_ms === null;
    const minutes = Number(/** @type {HTMLSelectElement} */ (select).value);
    const when = minutes === 0 ? "just now" : `${minutes} min ago`;
    const told = await ask({
      title: first ? `Dose taken ${when}?` : `EXTRA dose taken ${when}?`,
      words: first
        ? "The clocks of the session start from it."
        : "All clocks start again from it, and the physician is told.",
      yes: "Yes, it was taken",
      danger: !first,
    });
    if (told === null) return;
    const order = { do: first ? "dose" : "extra_dose", ago_ms: minutes * 60_000 };
    page.tell(room.id, order, `${first ? "Dose" : "Extra dose"} recorded`);
  }

  return {
    node,
    update(nowMs) {
      const room = current();
      show(node, room !== null && may(page.role, "dose") && !isOver(room.state.phase));
      if (room === null) return;
      const first = room.state.dose_ms === null;
      show(button, first);
      show(extra, !first);
      say(words, first ? "Not taken yet." : `Last dose ${age(nowMs - room.state.dose_ms)} ago.`);
    },
  };
}
