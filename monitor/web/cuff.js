// @ts-check
/**
 * The cuff at home is started by hand: prompt, "started" tap, the reading or a failure, again. A
 * cuff without Bluetooth is typed off, and a pulse can be counted at the wrist.
 *
 *   const cuff = cuffPanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, mark, say, show } from "./dom.js";
import { typed } from "./pressure.js";
import { may } from "./rights.js";
import { pressureUnit, t } from "./text.js";
import { age, isOver } from "./words.js";

/** What a cuff can show, as the hub takes it. @type {[number, number]} */
const SBP_MMHG = [30, 300];
/** @type {[number, number]} */
const DBP_MMHG = [20, 250];

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./panel.js").Panel} Panel */

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function cuffPanel(page, current) {
  const words = el("p", { class: "cuff-words" });
  const started = el(
    "button",
    {
      type: "button",
      class: "main",
      onclick: () => tell({ do: "cuff_started" }, "Started. Keep the arm still"),
    },
    "I pressed start",
  );
  const failed = el("button", { type: "button", class: "quiet", onclick: fail }, "It failed");
  const byHand = el(
    "button",
    { type: "button", class: "quiet", onclick: () => type() },
    "Type the reading",
  );
  const counted = el("button", { type: "button", class: "quiet", onclick: count }, "Counted pulse");
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "cuff-title" },
    el("h2", { id: "cuff-title" }, "Blood pressure"),
    words,
    el("div", { class: "row" }, started, failed, byHand, counted),
  );

  /**
   * @param {Record<string, any>} order
   * @param {string} done
   */
  function tell(order, done) {
    const room = current();
    if (room !== null) page.tell(room.id, order, done);
  }

  async function fail() {
    const told = await ask({
      title: "What went wrong?",
      yes: "Send",
      fields: [
        {
          name: "reason",
          label: "The cuff",
          options: [
            ["no reading", "gave no reading"],
            ["error on the cuff", "showed an error"],
            ["moved or talked", "was disturbed: moved or talked"],
            ["cuff loose", "was loose"],
            ["battery", "has no battery"],
            ["refused", "is not wanted by the patient"],
          ],
        },
      ],
    });
    if (told !== null)
      tell({ do: "cuff_failed", reason: told.reason }, "Noted. Try again in a minute");
  }

  /**
   * @param {Record<string, string>} [before]  what was typed and could not be taken
   * @param {string} [error]  why
   * @returns {Promise<void>}
   */
  async function type(before, error) {
    const told = await ask({
      title: "What does the cuff show?",
      words: error,
      yes: "Send",
      fields: [
        {
          name: "sbp",
          label: t("shared.pressure_high", { unit: pressureUnit() }),
          required: true,
          value: before?.sbp,
          inputmode: "decimal",
        },
        {
          name: "dbp",
          label: t("shared.pressure_low", { unit: pressureUnit() }),
          required: true,
          value: before?.dbp,
          inputmode: "decimal",
        },
        {
          name: "pulse",
          label: "Pulse (may be left out)",
          type: "number",
          min: 20,
          max: 300,
          inputmode: "numeric",
        },
      ],
    });
    if (told === null) return;
    const [high, low] = [typed(told.sbp, ...SBP_MMHG), typed(told.dbp, ...DBP_MMHG)];
    if (high.mmhg === null || low.mmhg === null) return type(told, high.error || low.error);
    const pulse = told.pulse === "" ? {} : { pulse: Number(told.pulse) };
    const order = { do: "reading", sbp: high.mmhg, dbp: low.mmhg, ...pulse };
    tell(order, `${told.sbp}/${told.dbp} sent`);
  }

  async function count() {
    const told = await ask({
      title: "Count the beats at the wrist for 30 seconds",
      yes: "Send",
      fields: [
        {
          name: "beats",
          label: "Beats in 30 seconds",
          type: "number",
          min: 5,
          max: 150,
          required: true,
          inputmode: "numeric",
        },
      ],
    });
    if (told !== null) tell({ do: "pulse_count", pulse: 2 * Number(told.beats) }, "Pulse sent");
  }

  return {
    node,
    update(nowMs) {
      const room = current();
      show(node, room !== null && may(page.role, "cuff_started") && !isOver(room.state.phase));
      if (room === null) return;
      const cuff = cuffState(room);
      mark(node, "data-due", cuff.state === "due" || cuff.state === "failed" ? "yes" : null);
      show(started, cuff.state !== "started");
      show(failed, cuff.state !== "idle");
      say(words, cuffWords(cuff, nowMs, page.feed.lost));
    },
  };
}

/**
 * Where the cuff's cycle stands; an open prompt is enough to know that it is due.
 * @param {Room} room
 * @returns {{state: string, due_ms: number | null, attempts: number}}
 */
export function cuffState(room) {
  const prompt = room.state.prompts.find((/** @type {any} */ one) => one.prompt === "cuff");
  const told = room.state.cuff ?? { state: prompt ? "due" : "idle", due_ms: null, attempts: 0 };
  return { ...told, due_ms: told.due_ms ?? prompt?.due_ms ?? null };
}

/**
 * @param {{state: string, due_ms: number | null, attempts: number}} cuff
 * @param {number} nowMs
 * @param {boolean} lost
 */
function cuffWords(cuff, nowMs, lost) {
  if (lost) return "Not known: feed lost";
  if (cuff.state === "started") return "Measuring. Keep the arm still, no talking.";
  if (cuff.state === "failed") return "It failed. Wait one minute, then press start again.";
  if (cuff.state === "due") return "Press start on the cuff now.";
  if (cuff.due_ms === null) return "No measurement is planned.";
  return nowMs > cuff.due_ms
    ? `Overdue for ${age(nowMs - cuff.due_ms)}.`
    : `Next in ${age(cuff.due_ms - nowMs)}.`;
}
