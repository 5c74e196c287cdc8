// @ts-check
/**
 * Reaching people, for the physician: who is on call, the call that somebody owes, and every
 * message with what is known of it. Sent is not heard: it is written as "sent, not yet confirmed".
 *
 *   const reach = reachPanel(page, () => room);
 *   const calls = callBackPanel(page, () => room);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { age, channelWord, deliveryWords, nameOf, plain } from "./words.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./panel.js").Panel} Panel */

/**
 * The call-backs of a session; one that is due stands before everything else.
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function callBackPanel(page, current) {
  const list = el("ul", { class: "plain-list gate" });
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "call-title" },
    el("h2", { id: "call-title" }, "Call back by telephone"),
    list,
  );
  const kept = new Map();

  /** @param {{one: any, nowMs: number}} item */
  function make({ one }) {
    const words = el("span", { class: "gate-words" });
    const left = el("span", { class: "gate-state" });
    const done = el("button", { type: "button", class: "main" }, "I have called");
    done.addEventListener("click", () => {
      const room = current();
      if (room === null) return;
      page.tell(room.id, { do: "called_back", alarm: one.alarm }, "Your call is in the record");
    });
    return {
      node: el("li", {}, el("div", { class: "gate-head" }, words, left), done),
      /** @param {{one: any, nowMs: number}} item */
      update({ one: now, nowMs }) {
        const state = current()?.state ?? {};
        const whom = now.to === "" ? "NOBODY" : nameOf(now.to, state);
        say(words, `${now.row}: ${whom} is to call the people in the room`);
        say(left, callWords(now, state, nowMs));
        mark(left, "data-state", { done: "pass", missed: "stop" }[now.state] ?? "hold");
        show(done, may(page.role, "called_back") && now.state !== "done");
      },
    };
  }

  return {
    node,
    update(nowMs) {
      const all = current()?.state.call_backs ?? [];
      const tasks = all.filter((/** @type {any} */ one) => one.state !== "closed");
      show(node, tasks.length > 0);
      const open = tasks.some((/** @type {any} */ one) => one.state !== "done");
      mark(node, "data-due", open ? "yes" : null);
      keep(
        list,
        kept,
        tasks.map((/** @type {any} */ one) => [one.alarm, { one, nowMs }]),
        make,
      );
    },
  };
}

/**
 * @param {any} task
 * @param {any} state
 * @param {number} nowMs
 */
function callWords(task, state, nowMs) {
  if (task.state === "done") return `called${task.by ? ` by ${nameOf(task.by, state)}` : ""}`;
  const left = task.due_ms - nowMs;
  const when = left < 0 ? `late by ${age(-left)}` : `within ${age(left)}`;
  if (task.state === "promised") return `${nameOf(task.by, state)} will, ${when}`;
  return task.state === "missed" ? `missed once, now ${when}` : when;
}

/**
 * @param {Page} page
 * @param {() => Room | null} current
 * @returns {Panel}
 */
export function reachPanel(page, current) {
  const duty = el("ul", { class: "plain-list" });
  const residual = el("p", { class: "why" });
  const list = el("ol", { class: "told", role: "list" });
  const summary = el("summary", {}, "Messages");
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "reach-title" },
    el("h2", { id: "reach-title" }, "Who is told"),
    duty,
    residual,
    el("details", {}, summary, list),
  );
  const people = new Map();
  const kept = new Map();

  return {
    node,
    update(nowMs) {
      const room = current();
      show(node, room !== null);
      if (room === null) return;
      const { state } = room;
      keep(
        duty,
        people,
        (state.on_call ?? []).map((/** @type {any} */ one) => [one.role, one]),
        onDuty,
      );
      const count = state.residual ?? 0;
      say(
        residual,
        `${count} ${count === 1 ? "message" : "messages"} went out after somebody had it already`,
      );
      show(residual, count > 0);
      const told = [...state.told].reverse();
      const shown = `Messages, newest first (${told.length})`;
      say(summary, told.length === 0 ? "No messages yet" : shown);
      keep(
        list,
        kept,
        told.map((one) => [one.delivery, { one, state, nowMs }]),
        line,
      );
      // The page's age words change each second; without the feed none of them is known.
      mark(list, "data-lost", page.feed.lost ? "yes" : null);
    },
  };
}

/** @param {any} _first */
function onDuty(_first) {
  const words = el("span");
  const call = el("a", { class: "by-phone" });
  return {
    node: el("li", { class: "duty" }, words, call),
    /** @param {any} one */
    update(one) {
      const role = one.role === "physician" ? "On call" : plain(one.role);
      const lost = one.lost ? `: ${one.lost}` : "";
      say(words, one.contact === null ? `${role}: NOBODY` : `${role}: ${one.name}${lost}`);
      mark(words, "data-bad", one.contact === null || one.lost ? "yes" : null);
      say(call, `Call ${one.phone}`);
      mark(call, "href", one.phone ? `tel:${one.phone.replaceAll(" ", "")}` : null);
      show(call, one.phone !== "");
    },
  };
}

/** @param {any} _first */
function line(_first) {
  const node = el("li");
  return {
    node,
    /** @param {{one: any, state: any, nowMs: number}} item */
    update({ one, state, nowMs }) {
      const whom = `${nameOf(one.contact, state)} by ${channelWord(one.channel)}`;
      say(node, `${whom}, ${age(nowMs - one.at_ms)} ago: ${deliveryWords(one)}`);
      mark(node, "data-state", one.state);
    },
  };
}
