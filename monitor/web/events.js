// @ts-check
/**
 * Everything of a session in its order, newest first: filtered by what it is about, and read back
 * to the beginning. New lines come on top, so a reader keeps the place; what came of a message is
 * kept up.
 *
 *   const events = eventList(page, current, ask);
 *   events.update();
 */

import { el, mark, say, show } from "./dom.js";
import { wordsOf } from "./event_words.js";
import { judge, verdictWords } from "./judge.js";
import { may } from "./rights.js";
import { group, t } from "./text.js";
import { stamp } from "./words.js";

/** @typedef {import("./event_words.js").Told} Told */

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @param {ReturnType<typeof import("./asking.js").asking>} ask
 */
export function eventList(page, current, ask) {
  // A long list that scrolls must be reachable by keyboard.
  const list = el("ol", {
    class: "timeline",
    tabindex: "0",
    "aria-label": t("session.events"),
    role: "list",
  });
  const chosen = { group: "all" };
  const chips = Object.entries(group("session.group")).map(([name, words]) => {
    const press = () => choose(name);
    const node = el("button", { type: "button", class: "quiet small", onclick: press }, words);
    return { name, node };
  });
  const filters = el(
    "div",
    { class: "filters", role: "group", "aria-label": t("session.filter") },
    ...chips.map((chip) => chip.node),
  );
  const earlier = el(
    "button",
    { type: "button", class: "quiet wide", onclick: readBack },
    t("session.read_back"),
  );
  const none = el("p", { class: "why" });
  const node = el("div", {}, filters, list, none, earlier);

  /** What is shown, with what may change in it. @type {{line: any, update: () => void}[]} */
  let kept = [];
  let life = 0;
  let heard = 0;
  let oldest = 0;
  let dose = /** @type {number | null} */ (null);
  let seen = /** @type {any} */ (null);
  let judged = /** @type {any} */ (null);

  /** @param {string} name */
  function choose(name) {
    chosen.group = name;
    for (const chip of chips) mark(chip.node, "aria-pressed", String(chip.name === name));
    mark(list, "data-group", name);
    empty();
  }

  function empty() {
    const some = chosen.group === "all" || list.querySelector(`[data-group="${chosen.group}"]`);
    show(none, !some);
    say(none, t("session.none_of_these"));
  }

  async function readBack() {
    const room = current();
    if (room === null) return;
    mark(earlier, "disabled", "");
    const told = await ask(room.id, "past", oldest);
    mark(earlier, "disabled", null);
    if (told.error !== undefined) page.note(told.error, "bad");
    else if (told.lines.length === 0) {
      show(earlier, false);
      say(none, t("session.no_earlier"));
      show(none, true);
    } else {
      oldest = told.first_line;
      for (const line of [...told.lines].reverse()) add(line, room, false);
      show(earlier, oldest > 0);
    }
  }

  /**
   * @param {any} line
   * @param {import("./room.js").Room} room
   * @param {boolean} onTop
   */
  function add(line, room, onTop) {
    const told = wordsOf(line, room.state);
    if (told === null) return;
    const at = stamp(line.at_ms - (dose ?? room.startMs ?? 0));
    const words = el("span", {}, told.words);
    const said = el("span", { class: "verdict" });
    const item = el(
      "li",
      { "data-kind": told.kind, "data-group": told.group },
      el("time", {}, at),
      el("span", { class: "line" }, words, said),
    );
    const { alarm } = told;
    if (alarm !== undefined && may(page.role, "judge_alarm")) {
      const press = () => judge(page, room, alarm);
      const named = { type: "button", class: "quiet small", onclick: press };
      item.append(el("button", named, t("session.judge.button")));
    }
    if (onTop) list.prepend(item);
    else list.append(item);
    if (alarm === undefined && told.delivery === undefined) return;
    const update = () => {
      const state = current()?.state ?? {};
      if (alarm !== undefined) say(said, verdictWords(state, alarm));
      else say(words, wordsOf(line, state)?.words ?? "");
      show(said, said.textContent !== "");
    };
    update();
    kept.push({ line, update });
  }

  function update() {
    const room = current();
    if (room === null) return;
    if (room.life !== life || room.state.dose_ms !== dose) {
      // All of it anew: times are counted from the dose.
      list.replaceChildren();
      kept = [];
      heard = room.heard - room.lines.length;
      oldest = room.firstLine;
      life = room.life;
      dose = room.state.dose_ms;
      show(earlier, oldest > 0);
      choose(chosen.group);
    }
    const fresh = Math.min(room.heard - heard, room.lines.length);
    heard = room.heard;
    for (const line of fresh > 0 ? room.lines.slice(-fresh) : []) add(line, room, true);
    if (fresh > 0) empty();
    const { told, verdicts } = room.state;
    if (seen === told && judged === verdicts && fresh <= 0) return;
    seen = told;
    judged = verdicts;
    for (const one of kept) one.update();
  }

  return { node, update };
}
