// @ts-check
/**
 * The trends of the session page: three bands and a lane over one time, with a cursor that names
 * every value of a moment. By mouse, by fingers and by keyboard alike.
 *
 * Left and right move the cursor, with Shift the window; + and - zoom, Home shows the whole session
 * and Escape what is now. A wheel zooms around the pointer, a drag moves, two fingers pinch.
 *
 *   const trends = trendsOf(page, current);
 *   trends.update(nowMs);
 */

import { LEFT } from "./canvas.js";
import { el, mark, say, show } from "./dom.js";
import { Graph } from "./graph.js";
import { handsOn } from "./hands.js";
import { Lane } from "./lane.js";
import { Lens } from "./lens.js";
import { readout } from "./readout.js";
import { bandScene, laneScene } from "./scenes.js";
import { pressureUnit, t } from "./text.js";
import { age, pausedWord, stamp } from "./words.js";

const CHART_MS = 1_000;
const STEPS = 120;

/** @type {[string, string, string][]} */
const BANDS = [
  ["spo2", "SpO₂", "%"],
  ["pulse", "Pulse", "/min"],
  ["nibp", "NIBP", pressureUnit()],
];

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 */
export function trendsOf(page, current) {
  const lens = new Lens();
  const bands = BANDS.map(bandOf);
  const laneCanvas = canvasOf();
  const lane = new Lane(laneCanvas);
  const slider = el(
    "div",
    { class: "lane", role: "slider", tabindex: "0", "aria-label": t("session.cursor") },
    laneCanvas,
  );
  const there = el("p", { class: "there" });
  const where = el("span", { class: "looking" });
  const tools = el(
    "div",
    { class: "tools" },
    where,
    tool(t("session.zoom_out"), "−", () => lens.zoom(2, 1)),
    tool(t("session.zoom_in"), "+", () => lens.zoom(0.5, 1)),
    tool(t("session.earlier"), "◀", () => lens.pan(-0.5)),
    tool(t("session.later"), "▶", () => lens.pan(0.5)),
    button(t("session.whole"), () => lens.whole()),
    button(t("session.to_now"), back),
  );
  const stack = el("div", { class: "bands" }, ...bands.map((band) => band.node), slider);
  const node = el("div", { class: "trends" }, tools, stack, there);

  let cursorMs = /** @type {number | null} */ (null);
  let window_ = { fromMs: 0, toMs: 1 };
  let drawnAt = -Infinity;
  let drawnLost = false;

  /** @param {string} words @param {string} sign @param {() => void} deed */
  function tool(words, sign, deed) {
    const made = button(sign, deed);
    mark(made, "aria-label", words);
    mark(made, "title", words);
    return made;
  }

  /** @param {string} words @param {() => void} deed */
  function button(words, deed) {
    const press = () => {
      deed();
      redraw();
    };
    return el("button", { type: "button", class: "quiet small", onclick: press }, words);
  }

  function back() {
    lens.reset();
    cursorMs = null;
  }

  function redraw() {
    drawnAt = -Infinity;
    update(page.feed.nowMs);
  }

  /** @param {number} part  of the width, 0..1 */
  function point(part) {
    const { fromMs, toMs } = window_;
    cursorMs = part >= 0 && part <= 1 ? fromMs + part * (toMs - fromMs) : null;
    redraw();
  }

  handsOn(stack, {
    left: LEFT,
    canvas: laneCanvas,
    point,
    leave: () => {
      cursorMs = null;
      redraw();
    },
    pan: (part) => {
      lens.pan(part);
      redraw();
    },
    zoom: (factor, part) => {
      lens.zoom(factor, part);
      redraw();
    },
    reset: () => {
      back();
      redraw();
    },
  });

  slider.addEventListener("keydown", (event) => {
    const { fromMs, toMs } = window_;
    const step = (toMs - fromMs) / STEPS;
    const at = cursorMs ?? toMs;
    const part = (at - fromMs) / (toMs - fromMs);
    const ways = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    const way = ways[/** @type {keyof typeof ways} */ (event.key)];
    if (way !== undefined && event.shiftKey) lens.pan(way * 0.25);
    else if (way !== undefined) {
      cursorMs = at + way * step;
      if (cursorMs < fromMs) lens.pan(-0.25);
      if (cursorMs > toMs) lens.pan(0.25);
      cursorMs = Math.min(cursorMs, page.feed.nowMs);
    } else if (event.key === "+" || event.key === "=") lens.zoom(0.5, part);
    else if (event.key === "-") lens.zoom(2, part);
    else if (event.key === "PageUp") lens.pan(-0.5);
    else if (event.key === "PageDown") lens.pan(0.5);
    else if (event.key === "Home") lens.whole();
    else if (event.key === "End" || event.key === "Escape") back();
    else return;
    event.preventDefault();
    redraw();
  });

  /** @param {number} nowMs */
  function update(nowMs) {
    const room = current();
    if (room === null) return;
    const { lost } = page.feed;
    for (const band of bands) numbers(band, room, nowMs);
    const wall = performance.now();
    if (wall - drawnAt < CHART_MS && drawnLost === lost) return;
    drawnAt = wall;
    drawnLost = lost;
    window_ = lens.window(room, nowMs);
    const silent = room.reading("spo2", nowMs, { lost, graceMs: 1_000 }).stale;
    for (const band of bands) {
      const faded = lost || (silent && band.which !== "nibp" && !lens.back);
      band.graph.draw(bandScene(room, band.which, window_, { cursorMs, faded }));
    }
    lane.draw(laneScene(room, window_, cursorMs));
    tell(room);
  }

  /** @param {import("./room.js").Room} room */
  function tell(room) {
    const zero = room.state.dose_ms ?? room.startMs;
    const words = cursorMs === null ? "" : readout(room, cursorMs);
    say(there, words === "" ? t("session.cursor_help") : words);
    mark(there, "data-off", words === "" ? "yes" : null);
    const [from, to] = [stamp(window_.fromMs - zero), stamp(window_.toMs - zero)];
    say(where, lens.back ? t("session.looking_back", { from, to }) : "");
    show(where, lens.back);
    mark(node, "data-back", lens.back ? "yes" : null);
    mark(slider, "aria-valuemin", String(Math.round((window_.fromMs - zero) / 1000)));
    mark(slider, "aria-valuemax", String(Math.round((window_.toMs - zero) / 1000)));
    mark(slider, "aria-valuenow", String(Math.round(((cursorMs ?? window_.toMs) - zero) / 1000)));
    mark(slider, "aria-valuetext", words === "" ? t("session.to_now") : words);
  }

  /**
   * @param {(typeof bands)[number]} band
   * @param {import("./room.js").Room} room
   * @param {number} nowMs
   */
  function numbers(band, room, nowMs) {
    const { lost } = page.feed;
    const shown = room.reading(band.which, nowMs, page.feed.trust);
    say(band.value, shown.words);
    mark(band.value, "data-stale", shown.stale ? "yes" : null);
    mark(band.under, "data-stale", shown.stale && !lost ? "yes" : null);
    if (lost) say(band.under, t("session.not_live"));
    else if (shown.ageMs === null) say(band.under, t("session.no_data_yet"));
    else if (band.which === "nibp") {
      say(band.under, t("session.ago", { age: age(shown.ageMs) }));
    } else {
      const silence = t("session.no_data", { age: age(shown.ageMs) });
      const since = shown.stale ? silence : t("session.now");
      say(band.under, `${since}${pausedWord(room.state)}`);
    }
  }

  return { node, update };
}

/** @param {[string, string, string]} told */
function bandOf([which, title, unit]) {
  const canvas = canvasOf();
  const value = el("strong", { class: `value ${which}` });
  const under = el("span", { class: "under" });
  const node = el(
    "div",
    { class: "band" },
    el("div", { class: "trend" }, canvas),
    el(
      "div",
      { class: "number" },
      el("span", { class: `title ${which}` }, `${title} ${unit}`),
      value,
      under,
    ),
  );
  return { which, value, under, node, graph: new Graph(canvas) };
}

function canvasOf() {
  return /** @type {HTMLCanvasElement} */ (el("canvas", { "aria-hidden": "true" }));
}
