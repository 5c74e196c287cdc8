// @ts-check
/**
 * The lane below the curves: what people did, what has no curve of its own, and the time. Signs are
 * told apart by their shape and named when there is room; the cursor names every one.
 *
 *   const lane = new Lane(canvas);
 *   lane.draw({ fromMs, toMs, zeroMs, marks, spans, cuff, cursorMs });
 */

import { Canvas, LEFT, shadeOf, vertical, xOf } from "./canvas.js";
import { ticks } from "./graph.js";
import { t } from "./text.js";

/**
 * @typedef {{fromMs: number, toMs: number, zeroMs: number | null, cursorMs: number | null,
 *   marks: import("./drawn.js").Mark[], spans: import("./drawn.js").Span[],
 *   cuff: [number, number, number][]}} Scene
 */

const AXIS_PX = 18;
/** What is drawn for each kind of mark: a sign and its colour. @type {Record<string, string[]>} */
const SIGNS = {
  dose: ["▼", "#e9b8ff"],
  extra_dose: ["▼", "#ff9d9d"],
  check_in: ["●", "#a7d8ff"],
  cuff_failed: ["✕", "#ffb86b"],
  help: ["!", "#ff9d9d"],
  down: ["▮", "#ff9d9d"],
};
/** @type {Record<string, string>} */
const LOUD = { high: "#ff6b6b", medium: "#ffd60a", low: "#d8c264" };

export class Lane extends Canvas {
  /** @param {Scene} scene */
  paint(scene) {
    const { pen, width, height } = this;
    if (pen === null) return;
    const x = xOf(scene, width);
    const inner = height - AXIS_PX;
    pen.fillStyle = "#0f161d";
    pen.fillRect(LEFT, 0, width - LEFT, inner);
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT, height);
    pen.clip();
    for (const span of scene.spans) {
      const from = x(span.from_ms);
      const wide = Math.max(x(span.to_ms ?? scene.toMs) - from, 2);
      pen.fillStyle = shadeOf(span.priority);
      pen.fillRect(from, 0, wide, inner);
      pen.fillStyle = LOUD[span.priority] ?? LOUD.low;
      pen.fillRect(from, 0, wide, 3);
    }
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    for (const [atMs] of scene.cuff) {
      pen.fillStyle = "#f5f5f5";
      pen.fillText("◆", x(atMs), inner - 4);
    }
    for (const mark of scene.marks) {
      const [sign, colour] = SIGNS[mark.kind] ?? ["·", "#f1f5f9"];
      pen.fillStyle = colour;
      const isDose = mark.kind.endsWith("dose");
      const word = mark.kind === "dose" ? t("session.dose") : "";
      const words = mark.kind === "extra_dose" ? t("session.extra_dose") : word;
      pen.fillText(sign, x(mark.at_ms), isDose ? 14 : inner - 4);
      if (!isDose) continue;
      pen.textAlign = "left";
      pen.fillText(words, x(mark.at_ms) + 8, 14);
      pen.textAlign = "center";
    }
    pen.restore();
    if (scene.cursorMs !== null) vertical(pen, x(scene.cursorMs), inner, "#f1f5f9");
    this.#times(scene, x);
  }

  /**
   * @param {Scene} scene
   * @param {(ms: number) => number} x
   */
  #times(scene, x) {
    const { pen, width, height } = this;
    if (pen === null) return;
    pen.fillStyle = "#a7b4c2";
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    for (const at of ticks(scene)) {
      const minutes = Math.round((at - (scene.zeroMs ?? scene.toMs)) / 60_000);
      const after = `T${minutes < 0 ? "-" : "+"}${Math.abs(minutes)}`;
      const words = scene.zeroMs === null ? `${minutes} min` : after;
      pen.fillText(words, Math.min(Math.max(x(at), LEFT + 20), width - 24), height - 4);
    }
  }
}
