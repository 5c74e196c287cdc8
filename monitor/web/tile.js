// @ts-check
/**
 * One tile of the wall: who, where in the session, the top alarm and who has it, three numbers with
 * their age and limits, the trend, the last check-in, and what is due next.
 *
 * No value stands without its age: what is old or not live is "- -". The tile is a link whose name
 * says everything in one sentence. Every line has its place whether or not it has words, so that an
 * alarm moves nothing.
 *
 *   const one = tile(page, room);
 *   one.update({ nowMs });
 */

import { el, mark, say } from "./dom.js";
import { picture } from "./scales.js";
import { Strip } from "./strip.js";
import { t } from "./text.js";
import { barOf } from "./tile_alarm.js";
import { dueOf, lastSeen } from "./tile_due.js";
import { numberOf } from "./tile_number.js";
import { age, alarmText, phaseWord, sinceDose } from "./words.js";

const CHART_MS = 1_000;
const AGES_MS = 450;
/** From which height on two bands can be read, three, and words beside them. In CSS pixels. */
const TWO_BANDS = 40;
const THREE_BANDS = 66;
const WORDS = 130;

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./page.js").Page} Page */

/**
 * @param {Page} page
 * @param {Room} room
 */
export function tile(page, room) {
  const name = el("span", { class: "name" });
  const link = el("a", { class: "tile-link", href: `/session.html#s=${room.id}` }, name);
  const phase = el("span", { class: "phase" });
  const time = el("span", { class: "time" });
  const bar = barOf(page, room);
  const numbers = ["spo2", "pulse", "nibp"].map((which) => numberOf(page, room, which));
  const trend = trendOf(page, room);
  const seen = el("p", { class: "seen" });
  const due = dueOf(page, room);
  const inside = el(
    "div",
    { class: "tile-in" },
    el("h2", {}, link, phase, time),
    bar.node,
    bar.care,
    el("div", { class: "numbers" }, ...numbers.map((one) => one.node)),
    trend.node,
    seen,
    due.node,
  );
  const node = el("article", { class: "tile" }, inside);

  /** @type {any[]} */
  let shown = [];
  let shownAt = -Infinity;

  /** @param {{nowMs: number}} item */
  function update({ nowMs }) {
    const { state, top } = room;
    // Others speak ten times a second: what has not changed is only made older, twice a second.
    const now = [state, room.gone, page.feed.state, page.feed.me];
    const same = now.every((one, at) => one === shown[at]);
    if (same && performance.now() - shownAt < AGES_MS) return;
    shown = now;
    shownAt = performance.now();
    say(name, room.name);
    mark(name, "title", room.name.length > 14 ? room.name : null);
    say(phase, phaseWord(state.phase));
    say(time, page.feed.lost ? "T+ - -" : doseTime(room, nowMs));
    bar.update(nowMs);
    const words = numbers.map((one) => one.update(nowMs));
    mark(node, "data-priority", top === null ? null : top.priority);
    mark(node, "data-signal", top === null ? null : top.signal);
    say(seen, page.feed.lost ? "- -" : lastSeen(room, nowMs));
    due.update(nowMs);
    mark(link, "aria-label", sentence(page, room, words, nowMs));
    trend.update(nowMs);
  }
  return { node, update };
}

/**
 * The time since the dose in a few signs.
 * @param {Room} room
 * @param {number} nowMs
 */
function doseTime(room, nowMs) {
  const past = room.sinceDose(nowMs);
  if (past === null) return t("clinician.wall.no_dose");
  if (!room.state.dose_at_least) return sinceDose(past);
  return t("clinician.wall.at_least", { time: age(past) });
}

/**
 * @param {Page} page
 * @param {Room} room
 */
function trendOf(page, room) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { role: "img" }));
  const strip = new Strip(canvas, { axis: true });
  let drawnAt = -Infinity;
  let drawnLost = false;
  strip.resized = () => draw(page.feed.nowMs);

  /** @param {number} nowMs */
  function draw(nowMs) {
    drawnAt = performance.now();
    drawnLost = page.feed.lost;
    const high = strip.size.height;
    strip.axis = high >= WORDS;
    strip.left = high >= WORDS ? 30 : 0;
    const bands = high < TWO_BANDS ? 1 : high < THREE_BANDS ? 2 : 3;
    const shown = picture(room, nowMs, page.feed.lost, ["spo2", "pulse", "nibp"].slice(0, bands));
    strip.draw(shown);
    const minutes = Math.round((shown.toMs - shown.fromMs) / 60_000);
    mark(canvas, "aria-label", t("clinician.wall.trend", { minutes }));
  }
  return {
    node: el("div", { class: "trend" }, canvas),
    /** @param {number} nowMs */
    update(nowMs) {
      const due = performance.now() - drawnAt >= CHART_MS || drawnLost !== page.feed.lost;
      if (due) draw(nowMs);
    },
  };
}

/**
 * The whole tile as one sentence for who hears it.
 * @param {Page} page
 * @param {Room} room
 * @param {string[]} words
 * @param {number} nowMs
 */
function sentence(page, room, words, nowMs) {
  const [spo2, pulse, nibp] = words.map((one) => (one === "- -" ? "not known" : one));
  const { top } = room;
  const alarm = top === null ? "" : `${top.priority} priority alarm ${alarmText(top)}`;
  const more = room.alarms.length > 1 ? ` and ${room.alarms.length - 1} more` : "";
  const live = alarm === "" ? "no alarms" : `${alarm}${more}`;
  const told = page.feed.lost ? `feed lost${alarm && `, was ${alarm}`}` : live;
  const past = room.sinceDose(nowMs);
  const least = room.state.dose_at_least ? "at least " : "";
  const when = past === null ? "no dose yet" : `${least}${age(past)} after the dose`;
  return (
    `${room.name}, ${phaseWord(room.state.phase)}, ${when}: ${told}; oxygen ${spo2}, ` +
    `pulse ${pulse}, blood pressure ${nibp}. Open the session.`
  );
}
