// @ts-check
/**
 * The limits of this session in plain words, and how a physician moves one inside the envelope. The
 * hub refuses what lies outside and says why; a changed limit is shown as changed.
 *
 *   const panel = tailorPanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, keep, say, show } from "./dom.js";
import { inUnit } from "./pressure.js";
import { may } from "./rights.js";
import { isOver, marks, nameOf } from "./words.js";

/**
 * The rows that may be tailored, with their envelope in the row's unit.
 * @type {[string, string][]}
 */
const ROWS = [
  ["SPO2-LOW", "Oxygen low (86 to 92 %)"],
  ["SPO2-WARN", "Oxygen falling (88 to 94 %)"],
  ["PR-HIGH", "Pulse fast (110 to 150 /min)"],
  ["BP-HIGH", "Pressure high (160 to 180 mmHg)"],
];

/** @type {Record<string, string>} */
const METRICS = { spo2: "Oxygen", pulse: "Pulse", sbp: "Upper pressure", dbp: "Lower pressure" };

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {import("./panel.js").Panel}
 */
export function tailorPanel(page, current) {
  const list = el("ul", { class: "plain-list limits" });
  const summary = el("summary");
  const note = el("p", { class: "why" });
  const change = el(
    "button",
    { type: "button", class: "quiet", onclick: tailor },
    "Change a limit",
  );
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "limits-title" },
    el("h2", { id: "limits-title" }, "Limits"),
    note,
    el("details", {}, summary, list),
    el("div", { class: "row" }, change),
  );
  const kept = new Map();

  async function tailor() {
    const room = current();
    const told = await ask({
      title: "Change a limit of this session",
      words: "It takes effect at once and stays in the record with your name.",
      yes: "Change",
      fields: [
        { name: "row", label: "Alarm", options: ROWS },
        {
          name: "limit",
          label: "New limit",
          type: "number",
          min: 0,
          max: 300,
          required: true,
          inputmode: "numeric",
        },
        { name: "reason", label: "Reason", required: true },
      ],
    });
    if (room === null || told === null) return;
    const order = { do: "tailor", row: told.row, limit: Number(told.limit), reason: told.reason };
    page.tell(room.id, order, `${told.row}: limit ${told.limit}`);
  }

  return {
    node,
    update() {
      const room = current();
      show(node, room !== null && !isOver(room.state.phase));
      if (room === null) return;
      show(change, may(page.role, "tailor"));
      const all = Object.values(room.state.limits ?? {}).flat();
      const changed = all.filter((/** @type {any} */ one) => one.tailored_by !== null).length;
      const infos = (room.state.infos ?? []).map((/** @type {any} */ one) => one.words);
      say(note, infos.join("; "));
      // The gate says them itself.
      show(note, infos.length > 0 && room.state.phase !== "gate");
      say(summary, `${all.length} limits${changed > 0 ? `, ${changed} changed` : ""}`);
      keep(list, kept, limitWords(room.state), () => {
        const line = el("li", {});
        return { node: line, update: (/** @type {string} */ words) => say(line, words) };
      });
    },
  };
}

/**
 * One line a limit: what it is of, its mark, its words, and who has changed it.
 * @param {any} state
 * @returns {[string, string][]}
 */
export function limitWords(state) {
  return Object.entries(state.limits ?? {}).flatMap(([metric, rows]) =>
    rows.map((/** @type {any} */ one) => {
      const by = one.tailored_by === null ? "" : ` (changed by ${nameOf(one.tailored_by, state)})`;
      const words = `${marks(one.priority)} ${METRICS[metric] ?? metric} ${inUnit(one.words)}${by}`;
      return [`${metric} ${one.row}`, words];
    }),
  );
}
