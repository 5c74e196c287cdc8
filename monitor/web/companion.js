// @ts-check
/**
 * The companion's phone: one sentence that says what to do, one big button, three numbers with
 * their age, the check-in, the cuff, and help always at the same place.
 *
 * One card at a time, the highest alarm's. The page says plainly what it cannot do (keep the screen
 * on, sound before a tap) and shows no number that is not live.
 */

import { addressLine } from "./address.js";
import { alarmList, fits } from "./alarms.js";
import { chainPanel } from "./chain.js";
import { buzz } from "./buzz.js";
import { CheckInForm } from "./check_in.js";
import { cuffPanel } from "./cuff.js";
import { dischargePanel } from "./discharge.js";
import { byId, el, mark, say, show } from "./dom.js";
import { dosePanel } from "./dose.js";
import { drillPanel } from "./drill.js";
import { followUpPanel } from "./follow_up.js";
import { footBar } from "./foot.js";
import { gatePanel } from "./gate.js";
import { instruction } from "./instruction.js";
import { keptPanel } from "./kept.js";
import { wayOutPanel } from "./leaving.js";
import { noticePanel } from "./notices.js";
import { Page } from "./page.js";
import { isPrivate } from "./private.js";
import { may } from "./rights.js";
import { ScreenLock } from "./screen_lock.js";
import { age, hasHappened, holders, isOver, pausedWord, phaseWord, sinceDose } from "./words.js";

const page = new Page();
const lock = new ScreenLock(page);
page.beside = true;
page.heard = () => [current()].flatMap((room) => (room === null ? [] : [room]));

function current() {
  const { rooms } = page.feed;
  if (page.session !== "") return rooms.get(page.session) ?? null;
  const all = [...rooms.values()];
  return all.find((room) => !room.gone && !isOver(room.state.phase)) ?? all.at(-1) ?? null;
}

const form = new CheckInForm(page, current);
const alarms = alarmList(page, current);
const address = addressLine(page);
byId("more-alarms").append(alarms.node);
const drill = drillPanel(page, current);
const panels = [
  followUpPanel,
  chainPanel,
  gatePanel,
  dosePanel,
  cuffPanel,
  noticePanel,
  dischargePanel,
  () => drill,
  wayOutPanel,
  keptPanel,
].map((make) => make(page, current));
byId("panels").append(...panels.map((panel) => panel.node));

const numbers = [
  ["spo2", "oxygen %"],
  ["pulse", "pulse"],
  ["nibp", "blood pressure"],
].map(([which, title]) => {
  const value = el("strong", { class: `value ${which}` });
  const under = el("span", { class: "under" });
  byId("numbers").append(
    el("div", { class: "number" }, value, el("span", { class: "title" }, title), under),
  );
  return { which, value, under };
});

/** For which due time the phone has buzzed: once each. */
let buzzedMs = /** @type {number | null} */ (null);
let heldLosses = 0;
let shownAlarm = /** @type {any} */ (null);
// The card has its own big button: a message about the same alarm needs no second one. A question
// is answered on its own panel.
page.called.covered = (message) =>
  message.purpose === "question" ||
  (message.purpose === "alarm" && message.alarm === shownAlarm?.id);

byId("with").addEventListener("click", () => {
  const room = current();
  if (room === null || shownAlarm === null) return;
  const deed =
    fits("reset", shownAlarm) && !shownAlarm.rows.some((/** @type {any} */ row) => row.present)
      ? "reset"
      : "accept";
  page.tell(
    room.id,
    { do: deed, alarm: shownAlarm.id },
    deed === "accept" ? "You have it" : "Reset",
  );
});
byId("pause").addEventListener("click", () => {
  const room = current();
  if (room !== null && shownAlarm !== null) {
    page.tell(room.id, { do: "acknowledge", alarm: shownAlarm.id }, "Sound paused for two minutes");
  }
});
byId("here").addEventListener("click", () => {
  const room = current();
  heldLosses = page.feed.losses;
  if (room !== null) page.tell(room.id, { do: "annotate", text: "I am here" }, "Thank you");
});
byId("mouth").addEventListener("click", () => {
  const room = current();
  if (room !== null) page.tell(room.id, { do: "notice", what: "mouth_empty" }, "Thank you");
});
byId("check").addEventListener("click", () => form.open(false));
byId("correct").addEventListener("click", () => form.open(true));
const foot = footBar(page, current, {
  call: "Call the doctor",
  back: "Cancel the call for help",
  called: "Help is called",
  cancelled: "Cancelled",
  help: {
    title: "Call the doctor for help?",
    words: "The doctor and the hub's alarm are called at once.",
    yes: "Yes, call for help",
    danger: true,
  },
  cancel: {
    title: "Cancel the call for help?",
    words: "The doctor sees that it was cancelled.",
    yes: "Yes, cancel it",
    no: "No, keep it",
  },
});

/** @param {number} nowMs */
function paint(nowMs) {
  const room = current();
  show(byId("empty"), room === null);
  show(byId("whole"), room !== null);
  lock.update();
  if (room === null) {
    say(
      byId("empty"),
      page.feed.state === "live"
        ? "No session is open. Stay near: it begins here."
        : "Waiting for the hub ...",
    );
    drill.update();
    foot.update(null);
    return;
  }
  const past = room.sinceDose(nowMs);
  const when = page.feed.lost ? "- -" : past === null ? "no dose yet" : sinceDose(past);
  say(byId("where"), `${phaseWord(room.state.phase)} · ${when}`);
  card(room, nowMs);
  address.update(room);
  byPhone(room);
  // After the discharge the devices are off: there is no number to show.
  show(byId("numbers"), room.state.phase !== "follow_up");
  for (const one of numbers) number(room, one, nowMs);
  checkLine(room, nowMs);
  for (const panel of panels) panel.update(nowMs);
  show(byId("more"), room.alarms.length > 1);
  alarms.update(nowMs);
  if (form.dialog.open) form.update();
  foot.update(room);
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 */
function card(room, nowMs) {
  const told = instruction(room, nowMs, page.feed.lost);
  shownAlarm = told.alarm;
  const node = byId("card");
  mark(node, "data-kind", told.kind);
  mark(node, "data-signal", told.alarm?.signal ?? null);
  say(byId("card-mark"), told.mark);
  say(byId("card-line"), told.line);
  say(byId("card-why"), told.why);
  const steps = byId("card-steps");
  if (steps.dataset.words !== told.steps.join("|")) {
    steps.dataset.words = told.steps.join("|");
    steps.replaceChildren(...told.steps.map((step) => el("li", {}, step)));
  }
  show(steps, told.steps.length > 0);
  const alarm = told.alarm;
  const mine = alarm !== null && !fits("accept", alarm, page.feed.me?.person);
  const over = alarm !== null && !alarm.rows.some((/** @type {any} */ row) => row.present);
  const reset = over && fits("reset", alarm);
  say(
    byId("with"),
    reset
      ? hasHappened(alarm)
        ? "I have done this: reset"
        : "It is over: reset"
      : page.role === "companion"
        ? `I am with ${room.name}`
        : "I take this alarm",
  );
  show(byId("with"), alarm !== null && may(page.role, "accept") && (reset || !mine));
  const sounds = alarm !== null && alarm.signal === "on" && !isPrivate(alarm);
  show(byId("pause"), sounds && may(page.role, "acknowledge"));
  show(byId("mouth"), alarm !== null && (room.state.residue ?? []).includes(alarm.id));
  const holder =
    alarm === null || alarm.accepted_by === null
      ? ""
      : mine
        ? `You are with ${room.name}: ${age(alarm.accepted_until_ms - nowMs)} left`
        : `${holders(alarm, room.state, nowMs)} left`;
  say(byId("holder"), page.feed.lost ? "" : holder);
}

/**
 * While the hub cannot reach the physician, a person must: card 12 says so, here is the number.
 * @param {import("./room.js").Room} room
 */
function byPhone(room) {
  const one = (room.state.on_call ?? []).find((/** @type {any} */ who) => who.phone !== "");
  const link = byId("by-phone");
  show(link, one !== undefined);
  if (one === undefined) return;
  say(link, `The hub cannot call out. Call ${one.name}: ${one.phone}`);
  mark(link, "href", `tel:${one.phone.replaceAll(" ", "")}`);
}

/**
 * @param {import("./room.js").Room} room
 * @param {{which: string, value: HTMLElement, under: HTMLElement}} one
 * @param {number} nowMs
 */
function number(room, one, nowMs) {
  const shown = room.reading(one.which, nowMs, page.feed.trust);
  say(one.value, shown.words);
  mark(one.value, "data-stale", shown.stale ? "yes" : null);
  mark(one.under, "data-stale", shown.stale && !page.feed.lost ? "yes" : null);
  if (page.feed.lost) say(one.under, "not live");
  else if (shown.ageMs === null) say(one.under, "no data yet");
  else if (one.which === "nibp") say(one.under, `${age(shown.ageMs)} old`);
  else {
    const since = shown.stale ? `${age(shown.ageMs)} old` : "now";
    say(one.under, `${since}${pausedWord(room.state)}`);
  }
}

/**
 * @param {import("./room.js").Room} room
 * @param {number} nowMs
 */
function checkLine(room, nowMs) {
  const { state } = room;
  const living = !isOver(state.phase);
  show(byId("checks"), living && may(page.role, "check_in"));
  say(byId("check-title"), `How is ${room.name} right now?`);
  const due =
    state.check_in?.due_ms ??
    state.prompts.find((/** @type {any} */ one) => one.prompt === "check_in")?.due_ms ??
    null;
  const late = due !== null && nowMs > due;
  say(
    byId("check-due"),
    page.feed.lost
      ? "- -"
      : due === null
        ? ""
        : late
          ? `overdue ${age(nowMs - due)}`
          : `due in ${age(due - nowMs)}`,
  );
  mark(byId("check-due"), "data-late", late ? "yes" : null);
  const asks = state.prompts.some((/** @type {any} */ one) => one.prompt === "check_in");
  if (asks && due !== null && due !== buzzedMs && !page.feed.lost) {
    buzzedMs = due;
    buzz("asked");
  }
  const until = state.check_in?.may_correct_until_ms ?? null;
  show(byId("correct"), until !== null && nowMs < until && may(page.role, "correct"));
  if (until !== null) say(byId("correct"), `Correct the last one (${age(until - nowMs)})`);
  show(
    byId("here"),
    (page.feed.losses > heldLosses || (state.presence?.gone_ms ?? null) !== null) &&
      !page.feed.lost &&
      may(page.role, "annotate"),
  );
}

page.draw(paint);
