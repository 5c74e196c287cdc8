// @ts-check
/**
 * One number of a tile: what it is, between which limits no alarm of medium or high rises, the
 * value itself, and how old it is.
 *
 * A limit that a physician has changed for this session is marked with a star. Nothing is shown of
 * a limit that nobody told.
 */

import { el, mark, say } from "./dom.js";
import { pressureLimit } from "./pressure.js";
import { SCALES, limitsTold } from "./scales.js";
import { pressureUnit, t } from "./text.js";
import { age, pausedWord } from "./words.js";

/** A value of the last moments is of now: a device of 1 Hz on a slow network. */
const NOW_MS = 3_000;
const TITLES = { spo2: ["SpO₂", "%"], pulse: ["Pulse", "/min"], nibp: ["NIBP", pressureUnit()] };

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./page.js").Page} Page */

/**
 * @param {Page} page
 * @param {Room} room
 * @param {string} which  "spo2", "pulse" or "nibp"
 */
export function numberOf(page, room, which) {
  const [title, unit] = TITLES[/** @type {keyof typeof TITLES} */ (which)];
  const limits = el("span", { class: "limits" });
  const value = el("strong", { class: `value ${which}` });
  const under = el("span", { class: "under" });
  const head = el(
    "span",
    { class: "head" },
    el("span", { class: `title ${which}` }, title),
    el("span", { class: "unit" }, unit),
    limits,
  );
  /** @type {any} */
  let told = null;
  return {
    node: el("div", { class: "number" }, head, value, under),
    /** @param {number} nowMs */
    update(nowMs) {
      const shown = room.reading(which, nowMs, page.feed.trust);
      say(value, shown.words);
      mark(value, "data-stale", shown.stale ? "yes" : null);
      mark(value, "data-long", shown.words.length > (which === "nibp" ? 6 : 2) ? "yes" : null);
      mark(under, "data-stale", shown.stale && !page.feed.lost ? "yes" : null);
      say(under, underWords(page, room, which, shown));
      if (told !== room.state.limits) {
        told = room.state.limits;
        const { words, changed } = limitWords(told, which);
        say(limits, words);
        mark(limits, "data-changed", changed ? "yes" : null);
      }
      return shown.words;
    },
  };
}

/**
 * @param {Page} page
 * @param {Room} room
 * @param {string} which
 * @param {import("./room.js").Shown} shown
 */
function underWords(page, room, which, shown) {
  if (page.feed.lost) return t("clinician.wall.not_live");
  if (shown.ageMs === null) return t("clinician.wall.no_data_yet");
  const old = age(shown.ageMs);
  if (which === "nibp" && shown.ageMs >= NOW_MS) return t("clinician.wall.ago", { age: old });
  const words = shown.stale
    ? t("clinician.wall.no_data", { age: old })
    : shown.ageMs < NOW_MS
      ? t("clinician.wall.now")
      : t("clinician.wall.ago", { age: old });
  return `${words}${pausedWord(room.state)}`;
}

/**
 * The innermost limits as a range: "40–130", "≥92", "≤130", "<160".
 * @param {any} limits
 * @param {string} which
 */
export function limitWords(limits, which) {
  const { low, high } = limitsTold(limits, SCALES[which].metric);
  const changed = [low, high].some((one) => one !== null && one.changed);
  const star = changed ? "*" : "";
  const shown = (/** @type {number} */ v) => (which === "nibp" ? pressureLimit(v) : String(v));
  if (low !== null && high !== null) {
    return { words: `${shown(low.value)}–${shown(high.value)}${star}`, changed };
  }
  if (low !== null) return { words: `≥${shown(low.value)}${star}`, changed };
  if (high === null) return { words: "", changed };
  return { words: `${high.reached ? "<" : "≤"}${shown(high.value)}${star}`, changed };
}
