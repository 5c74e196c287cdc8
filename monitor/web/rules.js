// @ts-check
/**
 * Every row of the plan in force: what was changed in this session first, from what to what, by
 * whom and why; then every limit, and what is off with its reason.
 *
 *   section.replaceChildren(...rulesOf(answer, room.state));
 */

import { el, show } from "./dom.js";
import { inUnit } from "./pressure.js";
import { count, t } from "./text.js";
import { marks, nameOf, number, stamp } from "./words.js";

/**
 * @param {any} answer  what the hub told, or its `error`
 * @param {any} state
 * @returns {HTMLElement[]}
 */
export function rulesOf(answer, state) {
  if (answer.error !== undefined) return [el("p", { class: "why" }, answer.error)];
  const items = answer.rules.map((/** @type {any} */ one) => rule(one, state));
  const find = el("input", {
    id: "plan-find",
    type: "search",
    autocomplete: "off",
    oninput: (/** @type {Event} */ event) => {
      const wanted = /** @type {HTMLInputElement} */ (event.target).value.trim().toLowerCase();
      for (const item of items) {
        show(item, (item.textContent ?? "").toLowerCase().includes(wanted));
      }
    },
  });
  const label = el("label", { for: "plan-find" }, t("session.plan.find"));
  return [
    el("p", { class: "why" }, headWords(answer.rules, state)),
    el("div", { class: "field" }, label, find),
    el("ul", { class: "plain-list rules" }, ...items),
  ];
}

/**
 * @param {any[]} rules
 * @param {any} state
 */
function headWords(rules, state) {
  const named = t("session.plan.named", {
    name: state.plan?.name ?? "",
    version: state.plan?.version ?? "",
    signed: state.plan?.signed_by || t("session.plan.nobody"),
  });
  const counts = [
    count("session.plan.rows", rules.length),
    count("session.plan.changed", rules.filter((one) => one.changes.length > 0).length),
    count("session.plan.off", rules.filter((one) => one.off !== "").length),
  ];
  return `${named} ${counts.join(", ")}.`;
}

/**
 * @param {any} one
 * @param {any} state
 */
function rule(one, state) {
  const level = one.alarm_class ? `, ${t("session.plan.class", { of: one.alarm_class })}` : "";
  const item = el(
    "li",
    { "data-off": one.off === "" ? null : "yes" },
    el("strong", {}, `${marks(one.priority)} ${one.row}`),
    ` ${one.label}${level}`,
    el("p", { class: "why" }, inUnit(one.words)),
  );
  for (const change of one.changes) {
    const words = t("session.plan.change", {
      from: number(change.before_x100),
      to: number(change.limit_x100),
      who: nameOf(change.by, state),
      when: stamp(change.at_ms - (state.dose_ms ?? 0)),
      reason: change.reason,
    });
    item.append(el("p", { class: "changed" }, words));
  }
  if (one.off === "") return item;
  item.append(el("p", { class: "off" }, t("session.plan.why_off", { why: one.off })));
  return item;
}
