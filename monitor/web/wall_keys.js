// @ts-check
/**
 * The wall by keyboard: arrows go from tile to tile as they lie on the screen, Home and End to the
 * first and the last, Enter opens one, "?" says so. Tab goes through everything as on any page, and
 * Escape closes what is open: nothing holds the keyboard.
 *
 *   keysOf(byId("tiles"), () => 4);
 */

import { el } from "./dom.js";
import { t } from "./text.js";

/**
 * @param {HTMLElement} tiles
 * @param {() => number} columns
 */
export function keysOf(tiles, columns) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]"))
      return;
    const node = document.activeElement;
    if (node instanceof HTMLInputElement || node instanceof HTMLSelectElement) return;
    if (event.key === "?") {
      event.preventDefault();
      explain();
      return;
    }
    const links = /** @type {HTMLElement[]} */ ([...tiles.querySelectorAll(".tile-link")]);
    const here = links.findIndex((link) => link.closest(".tile")?.contains(node));
    const next = target(event.key, here, links.length, columns());
    if (next === null || (here < 0 && node !== document.body)) return;
    event.preventDefault();
    links[next].focus();
    links[next].closest(".tile")?.scrollIntoView({ block: "nearest" });
  });
}

/**
 * Which tile a key leads to; null: none.
 * @param {string} key
 * @param {number} here  -1: nowhere yet, any arrow leads to the first
 * @param {number} count
 * @param {number} columns
 */
export function target(key, here, count, columns) {
  /** @type {Record<string, number>} */
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  if (here < 0) return 0;
  const next = here + step;
  return next < 0 || next >= count ? null : next;
}

/** What the keys do and what the signs of a tile mean. */
function explain() {
  const lines = [
    t("clinician.wall.keys_arrows"),
    t("clinician.wall.keys_enter"),
    t("clinician.wall.keys_tab"),
    t("clinician.wall.legend_marks"),
    t("clinician.wall.legend_dashed"),
    t("clinician.wall.legend_limits"),
  ];
  const close = el("button", { class: "main" }, t("clinician.wall.close"));
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { "aria-labelledby": "keys-title" },
      el(
        "form",
        { method: "dialog" },
        el("h2", { id: "keys-title" }, t("clinician.wall.keys_title")),
        el("ul", { class: "keys" }, ...lines.map((line) => el("li", {}, line))),
        el("div", { class: "row" }, close),
      ),
    )
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
