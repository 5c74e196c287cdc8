// @ts-check
/**
 * The patient's own page: one sentence, one tap when it is asked for, and help at the same place.
 *
 * It sounds no alarm and shows no number. A tap that the hub has not answered is not given out as
 * heard, and without the hub the page says so and sends the patient to the person beside them.
 */

import { byId, mark, say, show } from "./dom.js";
import { followUpPanel } from "./follow_up.js";
import { footBar } from "./foot.js";
import { Page } from "./page.js";
import { told } from "./patient_words.js";
import { may } from "./rights.js";
import { ScreenLock } from "./screen_lock.js";
import { isOver } from "./words.js";

const page = new Page();
const lock = new ScreenLock(page);
// The alarms of this session are for others to hear.
page.heard = () => [];
page.beside = true;
page.seen = () => [current()].flatMap((room) => (room === null ? [] : [room]));
page.lossWords = "The hub cannot be reached. Call out if you need help";
page.lossSpoken = ""; // the banner is spoken by itself
page.ringsLoss = false;

/** Which due time was rung for: once each. */
let rungMs = /** @type {number | null} */ (null);
let sending = false;

function current() {
  const { rooms } = page.feed;
  if (page.session !== "") return rooms.get(page.session) ?? null;
  const all = [...rooms.values()];
  return all.find((room) => !room.gone && !isOver(room.state.phase)) ?? all.at(-1) ?? null;
}

async function tap() {
  const room = current();
  if (room === null || sending) return;
  sending = true;
  paint(page.feed.nowMs);
  try {
    await page.tell(room.id, { do: "ok" }, "Your tap has arrived");
  } finally {
    sending = false;
    paint(page.feed.nowMs);
  }
}

// Nobody has to hand this telephone over: it is the patient's own.
const after = followUpPanel(page, current, { alone: true });
byId("after").append(after.node);

byId("ok").addEventListener("click", tap);
byId("also-ok").addEventListener("click", tap);
const foot = footBar(page, current, {
  call: "I need help",
  back: "Take the call back",
  called: "The hub calls for help",
  cancelled: "Taken back",
  help: {
    title: "Do you need help?",
    words: "The hub sounds, and your companion and the doctor are called.",
    yes: "Yes, help me",
    no: "No",
    danger: true,
  },
  cancel: {
    title: "Do you no longer need help?",
    words: "The others see that you took it back.",
    yes: "Take it back",
    no: "I need help",
  },
});

/** @param {number} nowMs */
function paint(nowMs) {
  const room = current();
  const words = told(room, nowMs, page.feed.lost);
  const own = may(page.role, "ok") && !page.feed.lost;
  mark(byId("card"), "data-kind", words.kind);
  say(byId("card-line"), words.line);
  say(byId("card-why"), words.why);
  // While a tap is on its way the button keeps its place and says so.
  show(byId("ok"), own && (words.asks || sending));
  say(byId("ok"), sending ? "Sending ..." : "I am OK");
  mark(byId("ok"), "aria-disabled", sending ? "true" : null);
  mark(byId("card"), "data-small", room?.state.phase === "follow_up" ? "yes" : null);
  show(byId("also-ok"), own && words.also && !sending);
  after.update(nowMs);
  lock.update();
  ring(room, words.asks);
  foot.update(room);
}

/**
 * One soft sound when a tap begins to be asked for.
 * @param {import("./room.js").Room | null} room
 * @param {boolean} asks
 */
function ring(room, asks) {
  const dueMs = room?.state.patient_check?.due_ms ?? null;
  if (asks && dueMs !== rungMs && page.bell.ring("low")) rungMs = dueMs;
}

page.draw(paint);
