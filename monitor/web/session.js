// @ts-check
/**
 * One session in full: its trends over one time with a cursor, the alarms and their reasons, and at
 * the side everything a person may do in this phase, down to the whole record.
 *
 * The page decides nothing. What is old or not live is "- -", here as everywhere.
 */

import { alarmList } from "./alarms.js";
import { asking } from "./asking.js";
import { chainPanel } from "./chain.js";
import { cuffPanel } from "./cuff.js";
import { dischargePanel } from "./discharge.js";
import { byId, mark, say, show } from "./dom.js";
import { dosePanel } from "./dose.js";
import { eventList } from "./events.js";
import { followUpPanel } from "./follow_up.js";
import { gatePanel } from "./gate.js";
import { judging } from "./judge.js";
import { wayOutPanel } from "./leaving.js";
import { noticePanel } from "./notices.js";
import { Page } from "./page.js";
import { planPanel } from "./plan.js";
import { callBackPanel, reachPanel } from "./reach.js";
import { asks } from "./rights.js";
import { tailorPanel } from "./tailor.js";
import { t } from "./text.js";
import { trendsOf } from "./trends.js";
import { age, checkWords, isOver, phaseWord, sinceDose } from "./words.js";

const page = new Page();
page.heard = () => [current()].flatMap((room) => (room === null ? [] : [room]));
const ask = asking(page.feed);

function current() {
  return page.feed.rooms.get(page.session) ?? null;
}

const alarms = alarmList(page, current, judging(page, current));
byId("alarms").append(alarms.node);
const trends = trendsOf(page, current);
byId("bands").append(trends.node);
const events = eventList(page, current, ask);
byId("timeline").append(events.node);
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
panels.push(planPanel(page, current, ask));
byId("panels").append(...panels.map((panel) => panel.node));

/** @param {number} nowMs */
function paint(nowMs) {
  const room = current();
  show(byId("empty"), room === null);
  show(byId("whole"), room !== null);
  if (room === null) {
    const live = page.feed.state === "live";
    say(byId("empty"), live ? t("session.not_here") : t("shared.hub_waits"));
    return;
  }
  head(room, nowMs);
  alarms.update(nowMs);
  for (const panel of panels) panel.update(nowMs);
  events.update();
  trends.update(nowMs);
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 */
function head(room, nowMs) {
  const { state } = room;
  const past = room.sinceDose(nowMs);
  say(byId("name"), room.name);
  const over = room.gone || isOver(state.phase) ? ` ${t("session.is_over")}` : "";
  say(byId("phase"), `${phaseWord(state.phase)}${over}`);
  say(byId("time"), page.feed.lost ? "T+ - -" : doseWords(state, past));
  const last = state.check_in?.last_ms ?? state.streams?.check_in?.last_ms ?? null;
  const ago = page.feed.lost || last === null ? "" : `, ${agoWords(nowMs - last)}`;
  say(byId("fact-check"), `${checkWords(state)}${ago}`);
  say(byId("fact-due"), page.feed.lost ? "- -" : dueWords(state.check_in?.due_ms ?? null, nowMs));
  say(byId("fact-news2"), news2(state, nowMs));
  const people = (state.people ?? []).map((/** @type {any} */ one) => `${one.name} (${one.role})`);
  say(byId("fact-people"), people.join(", ") || "-");
  say(byId("fact-emergency"), state.emergency_number || t("session.not_set"));
  const link = /** @type {HTMLAnchorElement} */ (byId("bedside"));
  mark(link, "href", `/companion.html#s=${room.id}`);
  const sheet = byId("sheet");
  mark(sheet, "href", `/sheet.html#s=${room.id}`);
  show(sheet, asks(page.role, "sheet"));
}

/**
 * The time since the dose; "at least" where nobody can know it better.
 * @param {any} state
 * @param {number | null} past
 */
function doseWords(state, past) {
  if (past === null) return t("session.no_dose");
  return state.dose_at_least ? t("session.at_least", { time: age(past) }) : sinceDose(past);
}

/**
 * @param {number | null} due
 * @param {number} nowMs
 */
function dueWords(due, nowMs) {
  if (due === null) return "-";
  const time = age(Math.abs(due - nowMs));
  const late = nowMs > due;
  return late ? t("session.overdue", { time }) : t("session.in", { time });
}

/**
 * NEWS2 of the last check-in: a lower bound with what is missing, never a total without it.
 * @param {any} state
 * @param {number} nowMs
 */
function news2(state, nowMs) {
  if (page.feed.lost || !state.news2) return "-";
  return `${state.news2.words} (${agoWords(nowMs - state.news2.at_ms)})`;
}

/** @param {number} ms */
function agoWords(ms) {
  return t("session.ago", { age: age(ms) });
}

page.draw(paint);
