// @ts-check
/**
 * The wall: one tile a session, in the order in which they were opened and never sorted by alarm,
 * because people remember where a patient is. Counts are in the header.
 *
 * The tiles fill the screen whether they are one or sixteen; only when they would become too small
 * to read the wall scrolls.
 */

import { ask } from "./dialog.js";
import { byId, el, keep, mark, show } from "./dom.js";
import { followedRow } from "./followed.js";
import { Page } from "./page.js";
import { places } from "./places.js";
import { may } from "./rights.js";
import { t } from "./text.js";
import { tile } from "./tile.js";
import { keysOf } from "./wall_keys.js";
import { isOver } from "./words.js";

/** Phases in which nobody has promised a signal of the oximeter. */
const UNWATCHED = ["setup", "gate", "follow_up"];

const page = new Page();
const kept = new Map();
const keptFollowed = new Map();
const tiles = byId("tiles");
let columns = 1;
let placed = "";
/** The room for tiles; the browser tells it, because asking costs a layout. */
let space = { width: tiles.clientWidth, height: tiles.clientHeight };
let counted = "";

/** @typedef {import("./room.js").Room} Room */

/**
 * Lay the tiles out anew when their number or the screen has changed.
 * @param {number} count
 */
function place(count) {
  const asked = `${count} ${space.width} ${space.height}`;
  if (asked === placed) return;
  placed = asked;
  const found = places(count, space.width, space.height);
  columns = found.columns;
  tiles.style.setProperty("--columns", String(found.columns));
  mark(tiles, "data-fits", found.fits ? "yes" : null);
}

/**
 * How many sessions there are, how many alarms of each priority, and how many give no values.
 * @param {Room[]} running
 * @param {Room[]} followed
 * @param {number} nowMs
 */
function count(running, followed, nowMs) {
  const living = [...running, ...followed];
  /** @param {string} priority */
  const having = (priority) => living.filter((room) => room.top?.priority === priority).length;
  const silent = running.filter(
    (room) =>
      !UNWATCHED.includes(room.state.phase) && room.reading("spo2", nowMs, page.feed.trust).stale,
  );
  const all = /** @type {[string, string, number][]} */ ([
    ["running", t("clinician.wall.running", { n: running.length }), 1],
    ["followed", t("clinician.wall.in_follow_up", { n: followed.length }), followed.length],
    ["high", t("clinician.wall.high", { n: having("high") }), having("high")],
    ["medium", t("clinician.wall.medium", { n: having("medium") }), having("medium")],
    ["low", t("clinician.wall.low", { n: having("low") }), having("low")],
    ["silent", t("clinician.wall.silent", { n: silent.length }), silent.length],
  ]);
  const parts = page.feed.lost
    ? [["lost", t("clinician.wall.counts_lost")]]
    : all.filter(([, , n]) => n > 0);
  const words = parts.map(([, word]) => word).join();
  if (words === counted) return;
  counted = words;
  const nodes = parts.map(([kind, word]) => el("span", { "data-count": kind }, String(word)));
  byId("counts").replaceChildren(...nodes.flatMap((node, at) => (at > 0 ? [" · ", node] : [node])));
}

async function openSession() {
  const told = await ask({
    title: t("clinician.wall.open"),
    yes: t("clinician.wall.open_yes"),
    fields: [
      { name: "patient", label: t("clinician.wall.open_patient"), required: true },
      { name: "plan", label: t("clinician.wall.open_plan") },
    ],
  });
  if (told === null) return;
  const order = { do: "open", patient: told.patient, ...(told.plan ? { plan: told.plan } : {}) };
  await page.tell(null, order, t("clinician.wall.opened", { patient: told.patient }));
}

byId("open").addEventListener("click", openSession);
keysOf(tiles, () => columns);
new ResizeObserver(([entry]) => {
  space = { width: entry.contentRect.width, height: entry.contentRect.height };
  place(kept.size);
}).observe(tiles);
page.draw((nowMs) => {
  const rooms = [...page.feed.rooms.values()];
  const living = rooms.filter((room) => !room.gone && !isOver(room.state.phase));
  // Who is only asked takes no tile of somebody who is watched, but an alarm of theirs counts.
  const followed = living.filter((room) => room.state.phase === "follow_up");
  const running = living.filter((room) => !followed.includes(room));
  count(running, followed, nowMs);
  show(byId("open"), may(page.role, "open"));
  show(byId("empty"), rooms.length === 0 && page.feed.state === "live");
  const shown = rooms.filter((room) => !followed.includes(room));
  show(byId("followed"), followed.length > 0);
  keep(
    byId("followed-list"),
    keptFollowed,
    followed.map((room) => [room.id, { room, nowMs }]),
    (item) => followedRow(page, item.room),
  );
  keep(
    tiles,
    kept,
    shown.map((room) => [room.id, { room, nowMs }]),
    (item) => tile(page, item.room),
  );
  place(shown.length);
});
