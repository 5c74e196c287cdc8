// @ts-check
/**
 * The wall: one tile a session, in the order in which they were opened and never sorted by alarm,
 * because people remember where a patient is. Counts are in the header.
 *
 * A tile shows no value without its age: what is old or not live is "- -". A tile is a link whose
 * name says everything in one sentence.
 */

import { fits } from "./alarms.js";
import { ask } from "./dialog.js";
import { byId, el, keep, mark, say, show } from "./dom.js";
import { followedRow } from "./followed.js";
import { Page } from "./page.js";
import { may } from "./rights.js";
import { limitSigns, picture } from "./scales.js";
import { Strip } from "./strip.js";
import {
  age,
  alarmState,
  alarmText,
  checkWords,
  isOver,
  marks,
  pausedWord,
  phaseWord,
  sinceDose,
} from "./words.js";

const CHART_MS = 1_000;

const page = new Page();
const kept = new Map();
const keptFollowed = new Map();

/** @typedef {import("./room.js").Room} Room */

/** @param {Room} room */
function tile(room) {
  const link = el("a", { class: "tile-link", href: `/session.html#s=${room.id}` });
  const name = el("span", { class: "name" });
  link.append(name);
  const phase = el("span", { class: "phase" });
  const time = el("span", { class: "time" });
  const bar = barOf(room);
  const numbers = ["spo2", "pulse", "nibp"].map((which) => numberOf(room, which));
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { role: "img" }));
  const span = el("span");
  const check = el("span");
  const ago = el("span");
  const foot = el("p", { class: "foot" }, check, ago);
  const node = el(
    "article",
    { class: "tile" },
    el("h2", {}, link, phase, time),
    bar.node,
    el("div", { class: "numbers" }, ...numbers.map((one) => one.node)),
    el("div", { class: "trend" }, canvas),
    el(
      "p",
      { class: "scale" },
      span,
      el("span", {}, "SpO₂ 80–100 · pulse 40–140"),
      el("span", {}, "now"),
    ),
    foot,
  );
  const strip = new Strip(canvas);
  let drawnAt = -Infinity;
  let drawnLost = false;

  /** @param {{nowMs: number}} item */
  function update({ nowMs }) {
    const { state } = room;
    const past = room.sinceDose(nowMs);
    say(name, room.name);
    say(phase, phaseWord(state.phase));
    say(time, page.feed.lost ? "T+ - -" : past === null ? "no dose yet" : sinceDose(past));
    bar.update(nowMs);
    const words = numbers.map((one) => one.update(nowMs));
    const { top } = room;
    mark(node, "data-priority", top === null ? null : top.priority);
    mark(node, "data-signal", top === null ? null : top.signal);
    checkLine(check, ago, foot, room, nowMs);
    mark(link, "aria-label", sentence(room, words, nowMs));
    const wall = performance.now();
    if (wall - drawnAt < CHART_MS && drawnLost === page.feed.lost) return;
    drawnAt = wall;
    drawnLost = page.feed.lost;
    const shown = picture(room, nowMs, page.feed.lost, ["spo2", "pulse"]);
    strip.draw(shown);
    const minutes = Math.round((shown.toMs - shown.fromMs) / 60_000);
    say(span, `−${minutes} min`);
    mark(canvas, "aria-label", `Trend of oxygen and pulse, last ${minutes} minutes`);
  }
  return { node, update };
}

/** @param {Room} room */
function barOf(room) {
  const sign = el("span", { class: "alarm-mark" });
  const text = el("span", { class: "alarm-text" });
  const time = el("span", { class: "alarm-time" });
  const bar = el("p", { class: "bar" }, sign, text, time);
  const take = el("button", { type: "button", class: "take" }, "I take it");
  take.addEventListener("click", () => {
    const alarm = room.top;
    if (alarm !== null)
      page.tell(room.id, { do: "accept", alarm: alarm.id }, `${room.name}: taken`);
  });
  const node = el("div", { class: "bar-row" }, bar, take);
  return {
    node,
    /** @param {number} nowMs */
    update(nowMs) {
      // What was open when the feed was lost stays in sight: nobody has said that it is over.
      const alarm = room.top;
      mark(bar, "data-priority", alarm === null ? "none" : alarm.priority);
      mark(bar, "data-signal", alarm === null ? null : alarm.signal);
      say(sign, alarm === null ? "" : marks(alarm.priority));
      const more = room.alarms.length - 1;
      const none = isOver(room.state.phase) || room.gone ? "Session is over" : "No alarms";
      if (alarm === null) say(text, page.feed.lost ? "Not known: feed lost" : none);
      else say(text, `${alarmText(alarm)}${more > 0 ? ` (+${more})` : ""}`);
      const when = page.feed.lost
        ? "not live"
        : alarm === null
          ? ""
          : alarmState(alarm, room.state, nowMs);
      say(time, alarm === null ? "" : when);
      const offered =
        alarm !== null && !page.feed.lost && fits("accept", alarm, page.feed.me?.person);
      show(take, offered && may(page.role, "accept") && alarm.signal !== "latched");
      if (alarm !== null) mark(take, "aria-label", `I take it: ${room.name}, ${alarmText(alarm)}`);
    },
  };
}

/**
 * @param {Room} room
 * @param {string} which
 */
function numberOf(room, which) {
  const titles = { spo2: "SpO₂ %", pulse: "Pulse /min", nibp: "NIBP mmHg" };
  const value = el("strong", { class: `value ${which}` });
  const under = el("span", { class: "under" });
  const title = titles[/** @type {keyof typeof titles} */ (which)];
  const node = el(
    "div",
    { class: "number" },
    el("span", { class: `title ${which}` }, title),
    value,
    under,
  );
  return {
    node,
    /** @param {number} nowMs */
    update(nowMs) {
      const shown = room.reading(which, nowMs, page.feed.trust);
      say(value, shown.words);
      mark(value, "data-stale", shown.stale ? "yes" : null);
      mark(under, "data-stale", shown.stale && !page.feed.lost ? "yes" : null);
      if (page.feed.lost) say(under, "not live");
      else if (shown.ageMs === null) say(under, "no data yet");
      else if (which === "nibp") say(under, `cuff ${age(shown.ageMs)} ago`);
      else
        say(
          under,
          `${
            shown.stale
              ? `no data ${age(shown.ageMs)}`
              : `now${limitSigns(room.state.limits, which)}`
          }${pausedWord(room.state)}`,
        );
      return shown.words;
    },
  };
}

/**
 * @param {HTMLElement} check
 * @param {HTMLElement} ago
 * @param {HTMLElement} foot
 * @param {Room} room
 * @param {number} nowMs
 */
function checkLine(check, ago, foot, room, nowMs) {
  const { state } = room;
  const last = state.check_in?.last_ms ?? state.streams?.check_in?.last_ms ?? null;
  const due = state.check_in?.due_ms ?? null;
  const overdue = due !== null && nowMs > due && !isOver(state.phase);
  mark(foot, "data-overdue", overdue ? "yes" : null);
  say(check, overdue ? "⚠ Check-in overdue" : `Check-in: ${checkWords(state)}`);
  say(ago, page.feed.lost ? "- -" : last === null ? "" : `${age(nowMs - last)} ago`);
}

/**
 * The whole tile as one sentence for who hears it.
 * @param {Room} room
 * @param {string[]} words
 * @param {number} nowMs
 */
function sentence(room, words, nowMs) {
  const [spo2, pulse, nibp] = words.map((one) => (one === "- -" ? "not known" : one));
  const alarm =
    room.top === null ? "" : `${room.top.priority} priority alarm ${alarmText(room.top)}`;
  const live = alarm || "no alarms";
  const top = page.feed.lost ? `feed lost${alarm && `, was ${alarm}`}` : live;
  const past = room.sinceDose(nowMs);
  const when = past === null ? "no dose yet" : `${age(past)} after the dose`;
  return (
    `${room.name}, ${phaseWord(room.state.phase)}, ${when}: ${top}; oxygen ${spo2}, ` +
    `pulse ${pulse}, blood pressure ${nibp}. Open the session.`
  );
}

async function openSession() {
  const told = await ask({
    title: "Open a session",
    yes: "Open",
    fields: [
      { name: "patient", label: "Patient (name of the file in patients/)", required: true },
      { name: "plan", label: "Plan (empty: the patient's own)" },
    ],
  });
  if (told === null) return;
  const order = { do: "open", patient: told.patient, ...(told.plan ? { plan: told.plan } : {}) };
  await page.tell(null, order, `Session opened for ${told.patient}`);
}

byId("open").addEventListener("click", openSession);
page.draw((nowMs) => {
  const rooms = [...page.feed.rooms.values()];
  const living = rooms.filter((room) => !room.gone && !isOver(room.state.phase));
  // Who is only asked takes no tile of somebody who is watched, but an alarm of theirs counts.
  const followed = living.filter((room) => room.state.phase === "follow_up");
  const running = living.filter((room) => !followed.includes(room));
  const counts = ["high", "medium", "low"].map(
    (priority) => living.filter((room) => room.top?.priority === priority).length,
  );
  const words = [`${running.length} running`];
  if (followed.length > 0) words.push(`${followed.length} in follow-up`);
  ["high", "medium", "low"].forEach((priority, at) => {
    if (counts[at] > 0) words.push(`${counts[at]} ${priority}`);
  });
  say(byId("counts"), page.feed.lost ? "not known" : words.join(" · "));
  show(byId("open"), may(page.role, "open"));
  show(byId("empty"), rooms.length === 0 && page.feed.state === "live");
  const tiles = rooms.filter((room) => !followed.includes(room));
  mark(byId("tiles"), "data-few", tiles.length <= 2 ? String(tiles.length) : null);
  mark(byId("tiles"), "data-followed", followed.length > 0 ? "yes" : null);
  show(byId("followed"), followed.length > 0);
  keep(
    byId("followed-list"),
    keptFollowed,
    followed.map((room) => [room.id, { room, nowMs }]),
    (item) => followedRow(page, item.room),
  );
  keep(
    byId("tiles"),
    kept,
    tiles.map((room) => [room.id, { room, nowMs }]),
    (item) => tile(item.room),
  );
});
