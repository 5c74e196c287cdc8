// @ts-check
/**
 * What was decided, newest first: alarms and why, phases, prompts, who was told, and every "no".
 *
 * The words come from the hub's own effects; nothing is left out but changes of a signal that an
 * alarm's own line already tells. Only new lines are added, so a reader keeps the place.
 *
 *   const timeline = timelineOf(() => room);
 *   timeline.update();
 */

import { el } from "./dom.js";
import { channelWord, marks, nameOf, phaseWord, plain, stamp } from "./words.js";

const SHOWN = 300;
const DEEDS = {
  raised: "",
  joined: "also: ",
  upgraded: "now higher: ",
  downgraded: "now lower: ",
  repeated: "again: ",
  acknowledged: "sound paused: ",
  accepted: "taken: ",
  lease_ended: "time of who had it is over: ",
  cleared: "over: ",
  latched: "over, not reset: ",
  reset: "reset: ",
};

/** @param {() => import("./room.js").Room | null} current */
export function timelineOf(current) {
  // A long list that scrolls must be reachable by keyboard.
  const list = el("ol", {
    class: "timeline",
    tabindex: "0",
    "aria-label": "Timeline, newest first",
    role: "list",
  });
  let life = 0;
  let heard = 0;
  let dose = /** @type {number | null} */ (null);

  function update() {
    const room = current();
    if (room === null) return;
    if (room.life !== life || room.state.dose_ms !== dose) {
      // All of it anew: times are counted from the dose.
      list.replaceChildren();
      heard = room.heard - room.lines.length;
      life = room.life;
      dose = room.state.dose_ms;
    }
    const fresh = Math.min(room.heard - heard, room.lines.length);
    heard = room.heard;
    for (const line of fresh > 0 ? room.lines.slice(-fresh) : []) {
      const told = wordsOf(line, room.state);
      if (told === null) continue;
      const at = stamp(line.at_ms - (dose ?? room.startMs ?? 0));
      list.prepend(
        el("li", { "data-kind": told.kind }, el("time", {}, at), el("span", {}, told.words)),
      );
    }
    while (list.children.length > SHOWN) list.lastElementChild?.remove();
  }
  return { node: list, update };
}

/**
 * @param {any} line
 * @param {any} state
 * @returns {{kind: string, words: string} | null}
 */
export function wordsOf(line, state) {
  switch (line.effect) {
    case "AlarmChanged": {
      const deed =
        DEEDS[/** @type {keyof typeof DEEDS} */ (line.transition)] ?? `${line.transition}: `;
      const by = line.by ? ` by ${nameOf(line.by, state)}` : "";
      const loud = ["raised", "upgraded", "joined", "repeated"].includes(line.transition);
      const what = line.reason || line.row;
      return {
        kind: loud ? line.priority : "quiet",
        words: `${marks(line.priority)} ${deed}${what}${by}`,
      };
    }
    case "PhaseChanged":
      return { kind: "phase", words: `${phaseWord(line.phase)}: ${line.reason}` };
    case "Prompted":
      return {
        kind: "prompt",
        words: line.prompt === "cuff" ? `Cuff asked for: ${line.reason}` : "Check-in asked for",
      };
    case "FollowUpChanged": {
      const by = line.by ? ` by ${nameOf(line.by, state)}` : "";
      return { kind: "prompt", words: `Follow-up: ${plain(line.step).toLowerCase()}${by}` };
    }
    case "Send":
      return {
        kind: "told",
        words:
          `Sent to ${nameOf(line.contact, state)} by ${channelWord(line.channel)} (${line.rung})` +
          (line.late ? ", late" : ""),
      };
    case "Skipped":
      return { kind: "no", words: `Nobody told at ${line.rung}: ${line.reason}` };
    case "Refused":
      return { kind: "no", words: `Refused ${plain(line.what).toLowerCase()}: ${line.reason}` };
    case "Unjudged":
      return { kind: "no", words: `${line.device}: kept, not judged: ${line.reason}` };
    case "Informed":
      return { kind: "no", words: line.words };
    case "CardStep":
      return { kind: "told", words: `First step: ${line.step}` };
    case "RowOff":
      return { kind: "no", words: `${line.row} cannot work: ${line.why}` };
    case "BaselineFrozen":
      return {
        kind: "quiet",
        words:
          line.value_x100 === null || line.value_x100 === undefined
            ? `No baseline of ${line.metric}: ${line.reason}`
            : `Baseline of ${line.metric}: ${line.value_x100 / 100}`,
      };
    case "TaskChanged": {
      const whom = line.to ? nameOf(line.to, state) : "nobody";
      return { kind: "told", words: `Call-back ${line.state} (${whom}): ${line.reason}` };
    }
    case "RehearsalChanged": {
      const whom = line.contact ? nameOf(line.contact, state) : line.role ?? "all";
      const way = line.channel ? ` by ${channelWord(line.channel)}` : "";
      const why = line.reason ? `: ${line.reason}` : "";
      return { kind: "told", words: `Test alarm, ${whom}${way}: ${line.state}${why}` };
    }
    case "Speak":
      return { kind: "told", words: "The hub said the first line of the card aloud" };
    case "SignalChanged":
    case "CancelSend":
      return null;
    default:
      return { kind: "quiet", words: `${line.effect}${line.reason ? `: ${line.reason}` : ""}` };
  }
}
