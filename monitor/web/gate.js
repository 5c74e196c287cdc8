// @ts-check
/**
 * The gate before the dose: each item with its words and its state, and who may pass, hold, stop or
 * override it. A stop that stands for the whole session has no button any more. Below stands what
 * nobody will look out for in this session, and why.
 *
 *   const gate = gatePanel(page, () => room);
 */

import { ask } from "./dialog.js";
import { el, keep, mark, say, show } from "./dom.js";
import { askList } from "./gate_asks.js";
import { may } from "./rights.js";
import { plain } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./panel.js").Panel} Panel */

/** What tells in this session that the companion is there. @type {Record<string, string>} */
const PRESENCE = {
  page: "The companion's open page tells that they are there.",
  asks: "The companion's page cannot keep its screen on: presence is told by the check-ins.",
  check_ins: "No page of the companion is open: presence is told by the check-ins.",
};
const SIGNS = { pass: "✓", hold: "‖", stop: "✕", open: "?", override: "✓" };

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function gatePanel(page, current) {
  const list = el("ul", { class: "plain-list gate" });
  const left = el("p", { class: "why" });
  const known = el("p", { class: "why" });
  const there = el("p", { class: "why" });
  const offList = el("ul", { class: "plain-list off-rows" });
  const off = el(
    "div",
    {},
    el("h3", {}, "Not watched for in this session"),
    offList,
  );
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "gate-title" },
    el("h2", { id: "gate-title" }, "Before the dose"),
    left,
    known,
    there,
    list,
    off,
  );
  const kept = new Map();
  const keptOff = new Map();

  /** @param {{id: string}} item */
  function make({ id }) {
    const sign = el("span", { class: "sign", "aria-hidden": "true" });
    const words = el("span", { class: "gate-words" });
    const stateWord = el("span", { class: "gate-state" });
    const note = el("p", { class: "why" });
    /** @type {Record<string, HTMLElement>} */
    const buttons = {};
    for (const [state, label] of [
      ["pass", "Pass"],
      ["hold", "Hold"],
      ["stop", "Stop"],
    ]) {
      buttons[state] = el(
        "button",
        { type: "button", class: "quiet", onclick: () => set(id, state) },
        label,
      );
    }
    buttons.override = el(
      "button",
      { type: "button", class: "quiet", onclick: () => override(id) },
      "Override",
    );
    const row = el("div", { class: "row tight" }, ...Object.values(buttons));
    const asks = askList(page, current, id);
    return {
      node: el(
        "li",
        {},
        el("div", { class: "gate-head" }, sign, words, stateWord),
        note,
        asks.node,
        row,
      ),
      /** @param {ReturnType<typeof gateItems>[number] & {first: boolean}} item */
      update(item) {
        say(sign, SIGNS[/** @type {keyof typeof SIGNS} */ (item.state)] ?? "?");
        say(words, item.words);
        say(stateWord, item.final ? "stop, for good" : item.state);
        say(note, item.note);
        show(note, item.note !== "");
        mark(stateWord, "data-state", item.state);
        asks.update(item.ask, !item.final, item.first);
        for (const [state, button] of Object.entries(buttons)) {
          const order = state === "override" ? "override" : "gate";
          const fits = state !== "override" || (item.state === "hold" && item.overridable);
          // What is proved is set by no word; whoever sees a danger may still stop.
          const byWord =
            (item.proof === null && item.ask.length === 0) ||
            state === "stop" ||
            state === "override";
          show(button, may(page.role, order) && fits && byWord && !item.final);
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
      const first = items.find((item) => item.ask.some((ask) => !ask.answered) && !item.final);
      const open = items.filter((item) => item.state !== "pass").length;
      say(
        left,
        open === 0
          ? "Every item is passed. The dose may be given."
          : `${open} of ${items.length} open: no dose yet.`,
      );
      say(there, PRESENCE[room.state.presence?.told_by] ?? "");
      keep(
        list,
        kept,
        items.map((item) => [item.id, { ...item, first: item === first }]),
        make,
      );
      const infos = (room.state.infos ?? []).map((/** @type {any} */ one) => one.words);
      say(known, infos.join("; "));
      show(known, infos.length > 0);
      const rows = room.state.off ?? [];
      show(off, rows.length > 0);
      keep(
        offList,
        keptOff,
        rows.map((/** @type {any} */ one) => [one.row, one]),
        makeOff,
      );
    },
  };
}

/** One row that cannot work: what it would look out for, and why it does not. */
function makeOff() {
  const words = el("span", { class: "gate-words" });
  const why = el("p", { class: "why" });
  return {
    node: el("li", {}, words, why),
    /** @param {{row: string, label: string, why: string}} one */
    update(one) {
      say(words, one.label || one.row);
      say(why, one.why);
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
      proof: item.proof ?? null,
      /** @type {import("./gate_asks.js").Ask[]} */
      ask: item.ask ?? [],
    };
  });
}
