// @ts-check
/**
 * The test of the alarm chain before the dose: a test alarm to every person by each of their ways,
 * and a test sound that the companion counts. Only an answer by name and the right number prove
 * anything; "sent" and "rang" are shown as what they are. The number is shown nowhere.
 *
 *   const chain = chainPanel(page, () => room);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, channelWord } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./panel.js").Panel} Panel */

const SIGNS = { running: "…", passed: "✓", unproved: "?", failed: "✕" };
const BEEPS = [2, 3, 4];

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function chainPanel(page, current) {
  const got = button("I got the test alarm", "main wide", () => {
    const { rehearsal } = current()?.state ?? {};
    if (rehearsal) give({ do: "accept", alarm: rehearsal.id }, "Answered");
  });
  const outcome = el("p", { class: "why", role: "status" });
  const list = el("ul", { class: "plain-list gate" });
  const start = button("Test the alarm", "main wide", () => give({ do: "rehearse" }, "Under way"));
  const asked = el("p", { class: "beeps-ask" }, "How many beeps did you hear?");
  const beeps = el("div", { class: "beeps" }, ...BEEPS.map(beep), beep(0));
  const sound = el("p", { class: "why", role: "status" });
  const play = button("Play the test sound", "quiet wide", () =>
    give({ do: "sound_test" }, "Listen to the hub"),
  );
  const node = el(
    "section",
    { class: "panel chain", "aria-labelledby": "chain-title" },
    el("h2", { id: "chain-title" }, "Does the alarm reach you?"),
    start,
    got,
    outcome,
    list,
    play,
    asked,
    beeps,
    sound,
  );
  const kept = new Map();

  /** @param {number} count */
  function beep(count) {
    return button(count === 0 ? "None" : String(count), "quiet", () =>
      give({ do: "heard", bursts: count }, "Thank you"),
    );
  }

  /** @param {string} words @param {string} look @param {() => void} tap */
  function button(words, look, tap) {
    return el("button", { type: "button", class: look, onclick: tap }, words);
  }

  /** @param {Record<string, any>} order @param {string} done */
  function give(order, done) {
    const room = current();
    if (room !== null) page.tell(room.id, order, done);
  }

  return {
    node,
    update(nowMs) {
      const room = current();
      const proofs = Object.values(room?.state.gate_items ?? {}).map((item) => item.proof);
      const here = room !== null && room.state.phase === "gate" && proofs.some(Boolean);
      show(node, here);
      if (room === null || !here) return;
      const { rehearsal, sound_proof: heard } = room.state;
      const runs = rehearsal?.state === "running";
      show(start, may(page.role, "rehearse") && !runs && proofs.includes("rehearsal"));
      const me = page.feed.me?.person;
      const mine = (rehearsal?.people ?? []).some(
        (/** @type {any} */ one) =>
          one.contact === me && one.state === "running" && one.answered === "",
      );
      show(got, mine && may(page.role, "accept"));
      say(start, rehearsal ? "Test the alarm again" : "Test the alarm");
      say(outcome, rehearsal ? verdict(rehearsal) : "Each person answers a test alarm by name.");
      mark(outcome, "data-state", rehearsal?.state ?? null);
      keep(
        list,
        kept,
        (rehearsal?.people ?? []).map((/** @type {any} */ one) => [one.role, { one, nowMs }]),
        person,
      );
      const counts = may(page.role, "heard") && heard?.waits === true;
      show(play, may(page.role, "sound_test") && proofs.includes("sound"));
      say(play, heard?.asked_ms ? "Play the test sound again" : "Play the test sound");
      show(asked, counts);
      show(beeps, counts);
      say(sound, heard ? soundWords(heard) : "");
    },
  };
}

/** @param {any} rehearsal */
function verdict(rehearsal) {
  if (rehearsal.state === "running") return "The test alarm is under way.";
  if (rehearsal.state === "passed") return `The alarm reaches everybody: ${rehearsal.reason}.`;
  return `The test failed: ${rehearsal.reason}.`;
}

/** @param {any} heard */
function soundWords(heard) {
  if (heard.proved_ms !== null) return "The sound of the hub was heard and counted.";
  if (heard.wrong === 0) return "";
  return heard.waits
    ? "That was not the number. Other beeps were played: listen again."
    : "The sound is not proved. Is the loudspeaker on, and in this room?";
}

/** @param {{one: any, nowMs: number}} item */
function person() {
  const sign = el("span", { class: "sign", "aria-hidden": "true" });
  const name = el("span", { class: "gate-words" });
  const state = el("span", { class: "gate-state" });
  const ways = el("p", { class: "why" });
  return {
    node: el("li", {}, el("div", { class: "gate-head" }, sign, name, state), ways),
    /** @param {{one: any, nowMs: number}} item */
    update({ one, nowMs }) {
      say(sign, SIGNS[/** @type {keyof typeof SIGNS} */ (one.state)] ?? "?");
      say(name, `${one.name || "Nobody"} (${one.role})`);
      say(state, stateWords(one, nowMs));
      mark(state, "data-state", { passed: "pass", failed: "stop" }[one.state] ?? "hold");
      say(
        ways,
        [
          ...(one.state === "failed" && one.reason ? [one.reason] : []),
          ...one.ways.map(
            (/** @type {any} */ way) => `${channelWord(way.channel)}: ${way.reason || way.state}`,
          ),
        ].join("; "),
      );
    },
  };
}

/**
 * @param {any} one
 * @param {number} nowMs
 */
function stateWords(one, nowMs) {
  if (one.state === "passed") return "answered";
  if (one.state === "failed") return "not reached";
  return one.answered ? "answered, ways go on" : `waiting, ${age(one.until_ms - nowMs)} left`;
}
