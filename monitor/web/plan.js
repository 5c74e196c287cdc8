// @ts-check
/**
 * The plan in force, folded: its rows are asked for, and their words loaded, when somebody unfolds
 * it, and again when a limit has changed.
 *
 *   const plan = planPanel(page, current, ask);
 */

import { el, show } from "./dom.js";
import { t } from "./text.js";

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @param {ReturnType<typeof import("./asking.js").asking>} ask
 * @returns {import("./panel.js").Panel}
 */
export function planPanel(page, current, ask) {
  const inside = el("div");
  const details = /** @type {HTMLDetailsElement} */ (
    el(
      "details",
      { class: "plan", ontoggle: () => read() },
      el("summary", {}, t("session.plan.title")),
      inside,
    )
  );
  const node = el("section", { class: "panel" }, details);
  let told = "";

  async function read() {
    const room = current();
    if (!details.open || room === null) return;
    told = JSON.stringify(room.state.limits ?? {});
    const answer = await ask(room.id, "plan");
    const { rulesOf } = await import("./rules.js");
    inside.replaceChildren(...rulesOf(answer, room.state));
  }

  return {
    node,
    update() {
      const room = current();
      show(node, room !== null);
      const changed = JSON.stringify(room?.state.limits ?? {}) !== told;
      if (details.open && changed && !page.feed.lost) read();
    },
  };
}
