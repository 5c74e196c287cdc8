// @ts-check
/**
 * The quiet list under the wall: who is in follow-up, what is asked of them, and an alarm if one is
 * open. No number stands here, because no device is watched.
 *
 *   followedRow(page, room)   one line, a link to the session
 */

import { el, mark, say } from "./dom.js";
import { standing } from "./follow_up.js";
import { age, alarmText, marks, sinceDose } from "./words.js";

/**
 * @param {import("./page.js").Page} page
 * @param {import("./room.js").Room} room
 */
export function followedRow(page, room) {
  const name = el("a", { class: "followed-name", href: `/session.html#s=${room.id}` });
  const time = el("span", { class: "time" });
  const alarm = el("span", { class: "followed-alarm" });
  const words = el("span", { class: "dim" });
  const node = el("li", { class: "followed-row" }, name, time, alarm, words);
  return {
    node,
    /** @param {{nowMs: number}} item */
    update({ nowMs }) {
      const { top } = room;
      const past = room.sinceDose(nowMs);
      const text =
        top === null
          ? "No alarms"
          : `${marks(top.priority)} ${alarmText(top)}, ${age(nowMs - top.raised_ms)}`;
      say(name, room.name);
      say(time, page.feed.lost || past === null ? "T+ - -" : sinceDose(past));
      mark(alarm, "data-priority", top === null ? null : top.priority);
      say(alarm, page.feed.lost ? "Not known: feed lost" : text);
      say(words, page.feed.lost ? "" : standing(room.state, nowMs));
    },
  };
}
