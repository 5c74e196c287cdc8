// @ts-check
/**
 * The alarm of a tile: one bar with mark and words, the button that takes it, and below it since
 * when, who has it and for how long, and how many others there are.
 *
 * The highest alarm only is in the bar; the others are counted by their marks. What was open when
 * the feed was lost stays in sight: nobody has said that it is over.
 */

import { fits } from "./alarms.js";
import { el, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { t } from "./text.js";
import { age, alarmState, alarmText, isOver, joined, marks, nameOf } from "./words.js";

/** Words longer than this need the smaller letters of two lines. */
const LONG = 17;
const VERY_LONG = 34;
const MOST_LONG = 54;
const SHOWN_MARKS = 3;

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./page.js").Page} Page */

/**
 * @param {Page} page
 * @param {Room} room
 */
export function barOf(page, room) {
  const sign = el("span", { class: "alarm-mark" });
  const text = el("span", { class: "alarm-text" });
  const bar = el("p", { class: "bar" }, sign, text);
  const take = el("button", { type: "button", class: "take" }, t("clinician.wall.take"));
  const time = el("span", { class: "alarm-time" });
  const more = el("span", { class: "alarm-more" });
  take.addEventListener("click", () => {
    const alarm = room.top;
    if (alarm === null) return;
    const done = t("clinician.wall.taken", { name: room.name });
    page.tell(room.id, { do: "accept", alarm: alarm.id }, done);
  });
  return {
    node: el("div", { class: "bar-row" }, bar, take),
    care: el("p", { class: "care" }, time, more),
    /** @param {number} nowMs */
    update(nowMs) {
      const alarm = room.top;
      const { lost } = page.feed;
      const words = alarm === null ? quietWords(page, room) : alarmText(alarm);
      mark(bar, "data-priority", alarm === null ? "none" : alarm.priority);
      mark(bar, "data-signal", alarm === null ? null : alarm.signal);
      const { length } = words;
      mark(bar, "data-long", longest(length));
      // The smallest tile shows two lines of it.
      mark(bar, "title", length > VERY_LONG ? words : null);
      say(sign, alarm === null ? "" : marks(alarm.priority));
      say(text, words);
      say(time, alarm === null ? "" : lost ? t("clinician.wall.not_live") : held(room, nowMs));
      mark(time, "data-held", alarm !== null && alarm.accepted_by !== null ? "yes" : null);
      say(more, others(room.alarms.slice(1)));
      const offered = alarm !== null && !lost && fits("accept", alarm, page.feed.me?.person);
      show(take, offered && may(page.role, "accept") && alarm.signal !== "latched");
      if (alarm !== null) mark(take, "aria-label", `I take it: ${room.name}, ${alarmText(alarm)}`);
    },
  };
}

/**
 * What the bar says without an alarm: never that all is well.
 * @param {Page} page
 * @param {Room} room
 */
function quietWords(page, room) {
  if (page.feed.lost) return t("clinician.wall.not_known");
  const over = isOver(room.state.phase) || room.gone;
  return over ? t("clinician.wall.over") : t("clinician.wall.no_alarms");
}

/**
 * Since when, or who has it and how long still, or how long its sound is paused.
 * @param {Room} room
 * @param {number} nowMs
 */
function held(room, nowMs) {
  const alarm = room.top;
  const { state } = room;
  if (alarm.accepted_by !== null && alarm.accepted_until_ms !== null) {
    const names = alarm.accepted_by.split(", ");
    const who = joined(names.map((/** @type {string} */ id) => nameOf(id, state)));
    return t("clinician.wall.held", { who, left: age(alarm.accepted_until_ms - nowMs) });
  }
  if (alarm.signal === "acknowledged" && (alarm.paused_until_ms ?? null) !== null) {
    return t("clinician.wall.paused", { left: age(alarm.paused_until_ms - nowMs) });
  }
  if (alarm.signal !== "on") return alarmState(alarm, state, nowMs);
  return t("clinician.wall.since", { since: age(nowMs - alarm.raised_ms) });
}

/**
 * How many more alarms there are, the first few by their marks.
 * @param {any[]} rest
 */
function others(rest) {
  if (rest.length === 0) return "";
  const shown = rest.slice(0, SHOWN_MARKS).map((alarm) => marks(alarm.priority));
  return t("clinician.wall.more", { n: rest.length, marks: shown.join(" ") });
}

/** @param {number} letters */
function longest(letters) {
  if (letters > MOST_LONG) return "most";
  return letters > VERY_LONG ? "very" : letters > LONG ? "yes" : null;
}
