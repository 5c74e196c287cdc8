// @ts-check
/**
 * What a person does at the bedside, one panel an idea: the gate before the dose, the dose, the cuff.
 * The same panels stand on the session page and on the companion's phone.
 *
 * A panel shows itself only while it makes sense and the person may use it; it never sends without
 * a tap, and a fact that cannot be undone is asked for once more.
 *
 *   const gate = gatePanel(page, () => room);
 *   side.append(gate.node);
 *   gate.update(nowMs);
 */

import { ask } from "./dialog.js";
import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, isOver, plain } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {{node: HTMLElement, update: (nowMs: number) => void}} Panel */

const SIGNS = { pass: "✓", hold: "‖", stop: "✕", open: "?", override: "✓" };
/** @type {[string, string][]} */
const MINUTES = Array.from({ length: 11 }, (_, at) =>
  [String(at), at === 0 ? "just now" : `${at} min ago`]);

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function gatePanel(page, current) {
  const list = el("ul", { class: "plain-list gate" });
  const left = el("p", { class: "why" });
  const node = el("section", { class: "panel", "aria-labelledby": "gate-title" },
    el("h2", { id: "gate-title" }, "Before the dose"), left, list);
  const kept = new Map();

  /** @param {{id: string}} item */
  function make({ id }) {
    const sign = el("span", { class: "sign", "aria-hidden": "true" });
    const words = el("span", { class: "gate-words" });
    const stateWord = el("span", { class: "gate-state" });
    const note = el("p", { class: "why" });
    /** @type {Record<string, HTMLElement>} */
    const buttons = {};
    for (const [state, label] of [["pass", "Pass"], ["hold", "Hold"], ["stop", "Stop"]]) {
      buttons[state] = el("button", { type: "button", class: "quiet", onclick: () => set(id, state) }, label);
    }
    buttons.override = el("button", { type: "button", class: "quiet", onclick: () => override(id) }, "Override");
    const row = el("div", { class: "row tight" }, ...Object.values(buttons));
    return {
      node: el("li", {}, el("div", { class: "gate-head" }, sign, words, stateWord), note, row),
      /** @param {ReturnType<typeof gateItems>[number]} item */
      update(item) {
        say(sign, SIGNS[/** @type {keyof typeof SIGNS} */ (item.state)] ?? "?");
        say(words, item.words);
        say(stateWord, item.final ? "stop, for good" : item.state);
        say(note, item.note);
        show(note, item.note !== "");
        mark(stateWord, "data-state", item.state);
        for (const [state, button] of Object.entries(buttons)) {
          const order = state === "override" ? "override" : "gate";
          const fits = state !== "override" || (item.state === "hold" && item.overridable);
          show(button, may(page.role, order) && fits && !item.final);
          mark(button, "aria-label", `${button.textContent}: ${item.words}`);
          if (state !== "override") mark(button, "aria-pressed", String(item.state === state));
        }
      },
    };
  }

  /**
   * @param {string} item
   * @param {string} state
   */
  async function set(item, state) {
    const room = current();
    if (room === null) return;
    /** @type {Record<string, string> | null} */
    let told = { note: "" };
    if (state !== "pass") {
      told = await ask({
        title: `${plain(item)}: ${state}?`,
        yes: plain(state),
        danger: state === "stop",
        fields: [{ name: "note", label: "What was seen" }],
      });
    }
    if (told === null) return;
    page.tell(room.id, { do: "gate", item, state, note: told.note }, `${plain(item)}: ${state}`);
  }

  /** @param {string} item */
  async function override(item) {
    const room = current();
    const told = await ask({
      title: `Override ${plain(item)}?`,
      words: "It stays in the record with your name.",
      yes: "Override",
      danger: true,
      fields: [{ name: "reason", label: "Reason", required: true }],
    });
    if (room === null || told === null || told.reason === "") return;
    page.tell(room.id, { do: "override", item, reason: told.reason }, `${plain(item)}: overridden`);
  }

  return {
    node,
    update() {
      const room = current();
      show(node, room !== null && room.state.phase === "gate");
      if (room === null) return;
      const items = gateItems(room.state);
      const open = items.filter((item) => item.state !== "pass").length;
      say(left, open === 0 ? "Every item is passed. The dose may be given."
        : `${open} of ${items.length} open: no dose yet.`);
      keep(list, kept, items.map((item) => [item.id, item]), make);
    },
  };
}

/** @param {any} state */
function gateItems(state) {
  return Object.entries(state.gate_items ?? state.gate).map(([id, told]) => {
    const item = typeof told === "string" ? { state: told } : told;
    return {
      id,
      state: item.state,
      words: item.words || plain(id),
      overridable: item.overridable !== false,
      final: item.final === true,
      note: item.note ?? "",
    };
  });
}

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function dosePanel(page, current) {
  const title = el("h2", { id: "dose-title" }, "Dose");
  const words = el("p", { class: "why" });
  const select = el("select", { id: "dose-ago" },
    ...MINUTES.map(([value, label]) => el("option", { value }, label)));
  const label = el("label", { for: "dose-ago" }, "Taken");
  const button = el("button", { type: "button", class: "main", onclick: confirm }, "Dose taken");
  const extra = el("button", { type: "button", class: "quiet", onclick: confirm }, "Extra dose");
  const row = el("div", { class: "row" }, label, select, button, extra);
  const node = el("section", { class: "panel", "aria-labelledby": "dose-title" }, title, words, row);

  async function confirm() {
    const room = current();
    if (room === null) return;
    const first = room.state.dose_ms === null;
    const minutes = Number(/** @type {HTMLSelectElement} */ (select).value);
    const when = minutes === 0 ? "just now" : `${minutes} min ago`;
    const told = await ask({
      title: first ? `Dose taken ${when}?` : `EXTRA dose taken ${when}?`,
      words: first ? "The clocks of the session start from it." : "All clocks start again from it, and the physician is told.",
      yes: "Yes, it was taken",
      danger: !first,
    });
    if (told === null) return;
    const order = { do: first ? "dose" : "extra_dose", ago_ms: minutes * 60_000 };
    page.tell(room.id, order, `${first ? "Dose" : "Extra dose"} recorded`);
  }

  return {
    node,
    update(nowMs) {
      const room = current();
      show(node, room !== null && may(page.role, "dose") && !isOver(room.state.phase));
      if (room === null) return;
      const first = room.state.dose_ms === null;
      show(button, first);
      show(extra, !first);
      say(words, first ? "Not taken yet." : `Last dose ${age(nowMs - room.state.dose_ms)} ago.`);
    },
  };
}

/**
 * The cuff at home is started by hand: prompt, "started" tap, the reading or a failure, again.
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function cuffPanel(page, current) {
  const words = el("p", { class: "cuff-words" });
  const started = el("button", { type: "button", class: "main", onclick: () => tell({ do: "cuff_started" }, "Started. Keep the arm still") }, "I pressed start");
  const failed = el("button", { type: "button", class: "quiet", onclick: fail }, "It failed");
  const typed = el("button", { type: "button", class: "quiet", onclick: type }, "Type the reading");
  const counted = el("button", { type: "button", class: "quiet", onclick: count }, "Counted pulse");
  const node = el("section", { class: "panel", "aria-labelledby": "cuff-title" },
    el("h2", { id: "cuff-title" }, "Blood pressure"), words,
    el("div", { class: "row" }, started, failed, typed, counted));

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
      title: "What went wrong?", yes: "Send",
      fields: [{ name: "reason", label: "The cuff", options: [
        ["no reading", "gave no reading"], ["error on the cuff", "showed an error"],
        ["moved or talked", "was disturbed: moved or talked"], ["cuff loose", "was loose"],
        ["battery", "has no battery"], ["refused", "is not wanted by the patient"],
      ] }],
    });
    if (told !== null) tell({ do: "cuff_failed", reason: told.reason }, "Noted. Try again in a minute");
  }

  async function type() {
    const told = await ask({
      title: "What does the cuff show?", yes: "Send",
      fields: [
        { name: "sbp", label: "Upper number (SYS)", type: "number", min: 30, max: 300, required: true, inputmode: "numeric" },
        { name: "dbp", label: "Lower number (DIA)", type: "number", min: 20, max: 250, required: true, inputmode: "numeric" },
        { name: "pulse", label: "Pulse (may be left out)", type: "number", min: 20, max: 300, inputmode: "numeric" },
      ],
    });
    if (told === null) return;
    const pulse = told.pulse === "" ? {} : { pulse: Number(told.pulse) };
    const order = { do: "reading", sbp: Number(told.sbp), dbp: Number(told.dbp), ...pulse };
    tell(order, `${told.sbp}/${told.dbp} sent`);
  }

  async function count() {
    const told = await ask({
      title: "Count the beats at the wrist for 30 seconds", yes: "Send",
      fields: [{ name: "beats", label: "Beats in 30 seconds", type: "number", min: 5, max: 150, required: true, inputmode: "numeric" }],
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
  return nowMs > cuff.due_ms ? `Overdue for ${age(nowMs - cuff.due_ms)}.`
    : `Next in ${age(cuff.due_ms - nowMs)}.`;
}
