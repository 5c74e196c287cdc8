// @ts-check
/**
 * The ways out of a session, each asked for once more, and the note for the record.
 *
 *   const out = wayOutPanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, show } from "./dom.js";
import { may } from "./rights.js";
import { isOver } from "./words.js";

/** @typedef {import("./panel.js").Panel} Panel */

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @returns {Panel}
 */
export function wayOutPanel(page, current) {
  const note = button("Add a note", addNote);
  const over = button("Hand over", handOver);
  const close = button("Close the emergency", closeEmergency);
  const peak = button("End the peak", endPeak);
  const end = button("End the session", endSession);
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "out-title" },
    el("h2", { id: "out-title" }, "Note, hand over, end"),
    el("div", { class: "row" }, note, over, close, peak, end),
  );

  async function addNote() {
    await send(
      {
        title: "Note for the record",
        yes: "Add",
        fields: [{ name: "text", label: "Note", required: true }],
      },
      "annotate",
      "Noted",
    );
  }
  async function handOver() {
    await send(
      {
        title: "Hand over",
        words: "Who takes over, by name (ambulance crew, physician).",
        yes: "Hand over",
        fields: [{ name: "to", label: "To", required: true }],
      },
      "hand_over",
      "Handed over",
    );
  }
  async function closeEmergency() {
    await send(
      {
        title: "Close the emergency?",
        words: "Monitoring goes on where its clock stands.",
        yes: "Close it",
      },
      "close_emergency",
      "Emergency closed",
    );
  }
  async function endPeak() {
    await send(
      {
        title: "End the peak without a blood pressure?",
        words: "Only when the cuff has failed: no reading of the last 20 minutes.",
        yes: "End the peak",
        danger: true,
        fields: [{ name: "reason", label: "Reason", required: true }],
      },
      "end_peak",
      "The peak is ended",
    );
  }
  async function endSession() {
    await send(
      {
        title: "End the session?",
        words: "Before discharge this is an early end: the physician is told.",
        yes: "End",
        danger: true,
        fields: [{ name: "reason", label: "Reason", required: true }],
      },
      "end",
      "End sent",
    );
  }

  /**
   * @param {Parameters<typeof ask>[0]} question
   * @param {string} deed
   * @param {string} done
   */
  async function send(question, deed, done) {
    const room = current();
    const told = await ask(question);
    if (room !== null && told !== null) page.tell(room.id, { do: deed, ...told }, done);
  }

  return {
    node,
    update() {
      const room = current();
      const living = room !== null && !isOver(room.state.phase);
      show(note, may(page.role, "annotate"));
      show(over, may(page.role, "hand_over"));
      show(close, may(page.role, "close_emergency") && room?.state.phase === "emergency");
      const inPeak = ["peak", "extended"].includes(room?.state.phase ?? "");
      show(peak, may(page.role, "end_peak") && inPeak);
      show(end, may(page.role, "end"));
      show(node, living && may(page.role, "annotate"));
    },
  };
}

/**
 * @param {string} words
 * @param {() => void} deed
 */
function button(words, deed) {
  return el("button", { type: "button", class: "quiet", onclick: deed }, words);
}
