// @ts-check
/**
 * One session in full: three bands over one time with a cursor, the alarms and their reasons, and
 * at the side everything a person may do in this phase, down to the timeline.
 *
 * The page decides nothing. What is old or not live is "- -", here as everywhere.
 */

import { alarmList } from "./alarms.js";
import { chainPanel } from "./chain.js";
import { cuffPanel } from "./cuff.js";
import { dischargePanel } from "./discharge.js";
import { byId, el, mark, say, show } from "./dom.js";
import { dosePanel } from "./dose.js";
import { followUpPanel } from "./follow_up.js";
import { gatePanel } from "./gate.js";
import { wayOutPanel } from "./leaving.js";
import { noticePanel } from "./notices.js";
import { Page } from "./page.js";
import { callBackPanel, reachPanel } from "./reach.js";
import { pressure } from "./pressure.js";
import { picture } from "./scales.js";
import { Strip } from "./strip.js";
import { tailorPanel } from "./tailor.js";
import { pressureUnit } from "./text.js";
import { timelineOf } from "./timeline.js";
import {
  age,
  checkWords,
  isOver,
  number,
  pausedWord,
  phaseWord,
  sinceDose,
  stamp,
} from "./words.js";

const CHART_MS = 1_000;
const LEFT = 40;

const page = new Page();
page.heard = () => [current()].flatMap((room) => (room === null ? [] : [room]));

function current() {
  return page.feed.rooms.get(page.session) ?? null;
}

/** @type {[string, string, string][]} */
const BANDS = [
  ["spo2", "SpO₂", "%"],
  ["pulse", "Pulse", "/min"],
  ["nibp", "NIBP", pressureUnit()],
];

const bands = BANDS.map(([which, title, unit], at) => {
  const last = at === BANDS.length - 1;
  const canvas = /** @type {HTMLCanvasElement} */ (
    el("canvas", { role: "img", class: last ? "with-axis" : "" })
  );
  const value = el("strong", { class: `value ${which}` });
  const under = el("span", { class: "under" });
  const there = el("span", { class: "there" });
  byId("bands").append(
    el(
      "div",
      { class: "band" },
      el("div", { class: "trend" }, canvas),
      el(
        "div",
        { class: "number" },
        el("span", { class: `title ${which}` }, `${title} ${unit}`),
        value,
        under,
        there,
      ),
    ),
  );
  const strip = new Strip(canvas, { left: LEFT, axis: last });
  return { which, title, canvas, value, under, there, strip };
});

let drawnAt = -Infinity;
let drawnLost = false;
let cursor = /** @type {number | null} */ (null);

/** @param {PointerEvent} event */
function point(event) {
  const box = bands[0].canvas.getBoundingClientRect();
  const at = (event.clientX - box.left - LEFT) / (box.width - LEFT);
  cursor = at >= 0 && at <= 1 ? at : null;
  drawnAt = -Infinity;
  paint(page.feed.nowMs);
}
byId("bands").addEventListener("pointermove", point);
byId("bands").addEventListener("pointerleave", () => {
  cursor = null;
  drawnAt = -Infinity;
});

const alarms = alarmList(page, current);
byId("alarms").append(alarms.node);
const timeline = timelineOf(current);
byId("timeline").append(timeline.node);
const panels = [
  callBackPanel,
  followUpPanel,
  reachPanel,
  chainPanel,
  gatePanel,
  dosePanel,
  cuffPanel,
  noticePanel,
  dischargePanel,
  tailorPanel,
  wayOutPanel,
].map((make) => make(page, current));
byId("panels").append(...panels.map((panel) => panel.node));

/** @param {number} nowMs */
function paint(nowMs) {
  const room = current();
  show(byId("empty"), room === null);
  show(byId("whole"), room !== null);
  if (room === null) {
    say(
      byId("empty"),
      page.feed.state === "live"
        ? "This session is not open, or not yours. The wall shows those that are."
        : "Waiting for the hub ...",
    );
    return;
  }
  head(room, nowMs);
  alarms.update(nowMs);
  for (const panel of panels) panel.update(nowMs);
  timeline.update();
  numbers(room, nowMs);
  const wall = performance.now();
  if (wall - drawnAt < CHART_MS && drawnLost === page.feed.lost) return;
  drawnAt = wall;
  drawnLost = page.feed.lost;
  for (const band of bands) {
    band.strip.cursor = cursor;
    band.strip.draw(picture(room, nowMs, page.feed.lost, [band.which]));
    mark(band.canvas, "aria-label", `Trend of ${band.title}; now ${band.value.textContent}`);
  }
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 */
function head(room, nowMs) {
  const { state } = room;
  const past = room.sinceDose(nowMs);
  say(byId("name"), room.name);
  const over = room.gone || isOver(state.phase) ? " (over)" : "";
  say(byId("phase"), `${phaseWord(state.phase)}${over}`);
  say(byId("time"), page.feed.lost ? "T+ - -" : past === null ? "no dose yet" : sinceDose(past));
  const last = state.check_in?.last_ms ?? state.streams?.check_in?.last_ms ?? null;
  const ago = page.feed.lost || last === null ? "" : `, ${age(nowMs - last)} ago`;
  say(byId("fact-check"), `${checkWords(state)}${ago}`);
  const due = state.check_in?.due_ms ?? null;
  say(
    byId("fact-due"),
    page.feed.lost
      ? "- -"
      : due === null
        ? "-"
        : nowMs > due
          ? `overdue ${age(nowMs - due)}`
          : `in ${age(due - nowMs)}`,
  );
  const { plan } = state;
  say(
    byId("fact-plan"),
    plan === undefined
      ? "-"
      : `${plan.name} ${plan.version}, signed by ${plan.signed_by || "nobody"}`,
  );
  say(byId("fact-news2"), news2(state, nowMs));
  const people = (state.people ?? []).map((/** @type {any} */ one) => `${one.name} (${one.role})`);
  say(byId("fact-people"), people.join(", ") || "-");
  say(byId("fact-emergency"), state.emergency_number || "not set");
  const link = /** @type {HTMLAnchorElement} */ (byId("bedside"));
  mark(link, "href", `/companion.html#s=${room.id}`);
}

/**
 * NEWS2 of the last check-in: a lower bound with what is missing, never a total without it.
 * @param {any} state
 * @param {number} nowMs
 */
function news2(state, nowMs) {
  if (page.feed.lost || !state.news2) return "-";
  return `${state.news2.words} (${age(nowMs - state.news2.at_ms)} ago)`;
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 */
function numbers(room, nowMs) {
  for (const band of bands) {
    const shown = room.reading(band.which, nowMs, page.feed.trust);
    say(band.value, shown.words);
    mark(band.value, "data-stale", shown.stale ? "yes" : null);
    mark(band.under, "data-stale", shown.stale && !page.feed.lost ? "yes" : null);
    if (page.feed.lost) say(band.under, "not live");
    else if (shown.ageMs === null) say(band.under, "no data yet");
    else if (band.which === "nibp") say(band.under, `${age(shown.ageMs)} ago`);
    else {
      const since = shown.stale ? `no data ${age(shown.ageMs)}` : "now";
      say(band.under, `${since}${pausedWord(room.state)}`);
    }
    say(band.there, cursor === null ? "" : atCursor(room, band));
  }
}

/**
 * What the cursor points at, with its time.
 * @param {import("./room.js").Room} room
 * @param {(typeof bands)[number]} band
 */
function atCursor(room, band) {
  const atMs = band.strip.cursorMs;
  if (atMs === null) return "";
  const when = stamp(atMs - (room.state.dose_ms ?? room.startMs));
  if (band.which === "nibp") {
    const found = room.cuff.findLast(([at]) => at <= atMs);
    return found ? `${when}: ${pressure(found[1])}/${pressure(found[2])}` : `${when}: -`;
  }
  const bins = room.bins[/** @type {"spo2" | "pulse"} */ (band.which)];
  const x100 = bins[Math.floor((atMs - room.startMs) / room.binMs)] ?? null;
  return `${when}: ${x100 === null ? "-" : number(x100)}`;
}

page.draw(paint);
