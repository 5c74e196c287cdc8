// @ts-check
/**
 * The alarms of one session as a list: what is wrong, since when, who has it, and what a person may
 * do about it. An acknowledged alarm is only quiet and stays in sight; nothing here hides one.
 *
 *   const list = alarmList(page, () => room);
 *   list.update(nowMs);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { reasonIn } from "./pressure.js";
import { isPrivate } from "./private.js";
import { may } from "./rights.js";
import { t } from "./text.js";
import {
  age,
  alarmState,
  alarmText,
  channelWord,
  deliveryWords,
  marks,
  nameOf,
} from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */

/** @type {[string, string, string][]} */
const DEEDS = [
  ["accept", "I take it", "Taken"],
  ["acknowledge", "Pause sound", "Sound paused"],
  ["reject", "I cannot", "The next person is told"],
  ["reset", "Reset", "Reset"],
];

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @param {(alarm: string) => {node: Node | null, update: (nowMs: number) => void}} more
 *   what a page has below each alarm
 */
export function alarmList(page, current, more = () => ({ node: null, update: () => {} })) {
  const node = el("div", { class: "alarms" });
  const none = el("p", { class: "no-alarms" });
  const list = el("ul", { class: "plain-list" });
  node.append(none, list);
  const kept = new Map();

  /** @param {{alarm: any, nowMs: number}} item */
  function make({ alarm }) {
    const text = el("span", { class: "alarm-text" });
    const time = el("span", { class: "alarm-time" });
    const sign = el("span", { class: "alarm-mark" });
    const bar = el("div", { class: "bar" }, sign, text, time);
    const why = el("p", { class: "why" });
    const told = el("p", { class: "why" });
    const buttons = DEEDS.map(([deed, words, done]) => {
      const button = el(
        "button",
        { type: "button", class: deed === "accept" ? "main" : "quiet" },
        words,
      );
      button.addEventListener("click", () => {
        const room = current();
        if (room !== null) page.tell(room.id, { do: deed, alarm: alarm.id }, done);
      });
      return { deed, button };
    });
    const row = el("div", { class: "row" }, ...buttons.map((one) => one.button));
    const below = more(alarm.id);
    if (below.node !== null) row.append(below.node);
    const item = el("li", { class: "alarm" }, bar, why, told, row);
    return {
      node: item,
      /** @param {{alarm: any, nowMs: number}} given */
      update({ alarm: now, nowMs }) {
        const hushed = page.beside && isPrivate(now);
        mark(bar, "data-priority", hushed ? "private" : now.priority);
        mark(bar, "data-signal", now.signal);
        say(sign, hushed ? "" : marks(now.priority));
        say(text, hushed ? `Please stay with ${current()?.name ?? "the patient"}` : alarmText(now));
        const state = current()?.state ?? {};
        say(time, page.feed.lost ? "- -" : alarmState(now, state, nowMs));
        say(why, hushed ? "" : reasons(now));
        const room = current();
        say(told, room === null || hushed ? "" : toldWords(room, now.id, nowMs));
        for (const { deed, button } of buttons) {
          show(button, may(page.role, deed) && fits(deed, now, page.feed.me?.person));
        }
        below.update(nowMs);
      },
    };
  }

  return {
    node,
    /** @param {number} nowMs */
    update(nowMs) {
      const alarms = current()?.alarms ?? [];
      // Without the feed nobody here knows that there is none.
      say(none, page.feed.lost ? t("shared.alarms_not_known") : t("shared.no_alarms"));
      show(none, alarms.length === 0 && current() !== null);
      keep(
        list,
        kept,
        alarms.map((alarm) => [alarm.id, { alarm, nowMs }]),
        make,
      );
    },
  };
}

/**
 * Whether a deed makes sense for an alarm as it stands.
 * @param {string} deed
 * @param {any} alarm
 * @param {string} [person]
 */
export function fits(deed, alarm, person) {
  if (deed === "reset") return alarm.rows.some((/** @type {any} */ row) => row.latched);
  if (deed === "acknowledge") return alarm.signal === "on" || alarm.signal === "latched";
  if (deed === "accept") return !(alarm.accepted_by ?? "").split(", ").includes(person ?? "");
  return alarm.accepted_by === null;
}

/** @param {any} alarm */
function reasons(alarm) {
  const words = alarm.rows.map(
    (/** @type {any} */ row) =>
      `${reasonIn(row) || row.row}${row.present || row.once ? "" : " (over)"}`,
  );
  const level = alarm.alarm_class === null ? "" : ` · class ${alarm.alarm_class}`;
  return `${words.join("; ")}${level}`;
}

/**
 * Who was told of an alarm and what is known of it: sent is not heard.
 * @param {Room} room
 * @param {string} alarm
 * @param {number} nowMs
 */
function toldWords(room, alarm, nowMs) {
  /** @type {Map<string, string>} */
  const last = new Map();
  for (const told of room.state.told) {
    if (told.alarm !== alarm) continue;
    const ago = age(nowMs - told.at_ms);
    const name = nameOf(told.contact, room.state);
    const words = `${name} by ${channelWord(told.channel)}: ${deliveryWords(told)}, ${ago} ago`;
    last.set(`${told.contact} ${told.channel}`, words);
  }
  if (last.size === 0) return t("shared.nobody_told");
  return t("shared.told", { words: [...last.values()].join("; ") });
}
