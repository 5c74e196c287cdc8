// @ts-check
/**
 * One page for an ambulance crew: where, what was taken and when, the last values with their ages,
 * what stands, and whom to ask. It goes on with the feed until it is printed, and says when the
 * feed is lost.
 *
 * The address is asked for once and kept nowhere; who may not have it is told so.
 */

import { asking } from "./asking.js";
import { byId, el, mark, say, show } from "./dom.js";
import { Page } from "./page.js";
import { pressure } from "./pressure.js";
import { pressureUnit, t } from "./text.js";
import {
  age,
  alarmText,
  checkWords,
  DASHES,
  marks,
  number,
  phaseWord,
  sinceDose,
} from "./words.js";

/** @typedef {import("./room.js").Room} Room */

const CUFFS = 8;
const page = new Page();
page.ringsLoss = false;
page.heard = () => [];
page.seen = () => [current()].flatMap((room) => (room === null ? [] : [room]));
const ask = asking(page.feed);
/** What the patient's file says: nothing asked yet, being asked, or told. @type {any} */
let told = null;
let asked = "";

function current() {
  return page.feed.rooms.get(page.session) ?? null;
}

byId("print").addEventListener("click", () => print());

/** @param {Room} room */
async function askOnce(room) {
  if (asked === room.id || page.feed.lost) return;
  asked = room.id;
  const answer = await ask(room.id, "sheet");
  told = answer.error === undefined ? answer.sheet : null;
  if (answer.error !== undefined) say(byId("empty"), t("sheet.not_for_you"));
  paint(page.feed.nowMs);
}

/** @param {number} nowMs */
function paint(nowMs) {
  const room = current();
  mark(byId("back"), "href", `/session.html#s=${page.session}`);
  if (room !== null) askOnce(room);
  const whole = room !== null && told !== null;
  show(byId("empty"), !whole);
  show(byId("whole"), whole);
  if (room === null || told === null) return;
  const { state } = room;
  const { file } = told;
  say(byId("unreal"), t("sheet.demo", { mode: String(state.mode).toUpperCase() }));
  show(byId("unreal"), state.mode !== "real");
  say(byId("name"), room.name);
  const past = room.sinceDose(nowMs);
  const time = past === null ? "-" : sinceDose(past);
  say(byId("phase"), t("sheet.phase", { phase: phaseWord(state.phase), time }));
  say(byId("address"), file?.address ?? t("sheet.no_file"));
  say(byId("entry"), file?.entry ?? "");
  say(byId("number"), t("sheet.emergency", { number: state.emergency_number }));
  doses(room, file, nowMs);
  for (const name of ["medicines", "allergies", "conditions"]) {
    say(byId(name), (file?.[name] ?? []).join("; ") || t("sheet.none_told"));
  }
  values(room, nowMs);
  standing(room);
  const contacts = told.contacts.map(
    (/** @type {any} */ one) => `${one.name} (${one.role})${one.phone ? `: ${one.phone}` : ""}`,
  );
  fill("contacts", contacts);
  const who = page.feed.me?.name ?? "";
  const words = page.feed.lost
    ? t("sheet.lost", { when: clock(state.at_ms, nowMs) })
    : t("sheet.made", { when: new Date().toLocaleString(), who });
  if (page.feed.lost || byId("made").textContent === "") say(byId("made"), words);
  else if (nowMs % 5_000 < 600) say(byId("made"), words);
}

/**
 * Hub time as the clock of this device shows it.
 * @param {number} atMs
 * @param {number} nowMs
 */
function clock(atMs, nowMs) {
  const at = new Date(Date.now() - (nowMs - atMs));
  return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/**
 * @param {Room} room
 * @param {any} file
 * @param {number} nowMs
 */
function doses(room, file, nowMs) {
  const drug = file?.drug ?? "ketamine";
  const marked = room.drawn.marks.filter((one) => one.kind.endsWith("dose"));
  const words = marked.map((one) => {
    const when = clock(one.at_ms, nowMs);
    const ago = age(nowMs - one.at_ms);
    if (one.kind === "extra_dose") return t("sheet.extra", { drug, when, ago });
    if (file?.dose_mg) return t("sheet.dose", { drug, mg: file.dose_mg, when, ago });
    return t("sheet.dose_unknown", { drug, when, ago });
  });
  fill("doses", words.length > 0 ? words : [t("sheet.no_dose")]);
}

/**
 * @param {Room} room
 * @param {number} nowMs
 */
function values(room, nowMs) {
  const { state } = room;
  const { spo2, pulse, sbp, dbp } = state.values;
  const cuffs = room.cuff;
  const rows = [
    row(t("sheet.spo2"), spo2, nowMs, spanOf(room.bins.spo2)),
    row(t("sheet.pulse"), pulse, nowMs, spanOf(room.bins.pulse)),
    [
      t("sheet.nibp", { unit: pressureUnit() }),
      sbp && dbp ? `${pressure(sbp.value_x100)}/${pressure(dbp.value_x100)}` : DASHES,
      sbp ? age(nowMs - sbp.at_ms) : DASHES,
      ...spanOf(cuffs.map(([, high]) => high), pressure),
    ],
    [
      t("sheet.awake"),
      state.moaas === null ? DASHES : String(state.moaas),
      state.check_in?.last_ms ? age(nowMs - state.check_in.last_ms) : DASHES,
      "",
      "",
    ],
  ];
  const made = rows.map((cells) => el("tr", {}, ...cells.map((words) => el("td", {}, words))));
  if (byId("values").textContent !== rows.flat().join("")) byId("values").replaceChildren(...made);
  say(byId("look"), t("sheet.seen", { words: checkWords(state) }));
  const last = cuffs.slice(-CUFFS).map(([at, high, low]) => {
    return `${clock(at, nowMs)} ${pressure(high)}/${pressure(low)}`;
  });
  say(byId("cuffs"), last.join(" · ") || DASHES);
}

/**
 * @param {string} name
 * @param {any} value
 * @param {number} nowMs
 * @param {string[]} span
 */
function row(name, value, nowMs, span) {
  if (value === undefined) return [name, DASHES, DASHES, ...span];
  return [name, number(value.value_x100), age(nowMs - value.at_ms), ...span];
}

/**
 * The lowest and the highest that was measured.
 * @param {(number | null)[]} all
 * @param {(x100: number) => string} shown
 */
function spanOf(all, shown = number) {
  const known = /** @type {number[]} */ (all.filter((one) => one !== null));
  if (known.length === 0) return [DASHES, DASHES];
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  return [shown(low), shown(high)];
}

/** @param {Room} room */
function standing(room) {
  const words = room.alarms.map((alarm) => `${marks(alarm.priority)} ${alarmText(alarm)}`);
  fill("alarms", words.length > 0 ? words : [t("sheet.no_alarms")]);
}

/**
 * @param {string} id
 * @param {string[]} all
 */
function fill(id, all) {
  const list = byId(id);
  if (list.textContent === all.join("")) return;
  list.replaceChildren(...all.map((words) => el("li", {}, words)));
}

page.draw(paint);
