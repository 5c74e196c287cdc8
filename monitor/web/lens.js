// @ts-check
/**
 * Which part of a session is looked at: as the hub's windows grow by themselves, or as a person has
 * zoomed and moved it. Looking at now, it goes on with the time; looking back, it stays.
 *
 * Times in, times out; nothing here touches the page.
 *
 *   const lens = new Lens();
 *   lens.zoom(0.5, 0.8);                 half as much, around a point at 80 % of the width
 *   lens.window(room, nowMs)             -> { fromMs, toMs }
 */

const LEAST_MS = 120_000;
const SLACK = 0.02;

export class Lens {
  /** How much is shown; null: as the session grows. @type {number | null} */
  #spanMs = null;
  /** Where it ends; null: now. @type {number | null} */
  #toMs = null;
  #whole = false;
  #last = { fromMs: 0, toMs: 1, firstMs: 0, nowMs: 1 };

  /** Nobody has moved or zoomed it. */
  get untouched() {
    return this.#spanMs === null && this.#toMs === null && !this.#whole;
  }

  /** It shows an earlier time and not now. */
  get back() {
    return this.#toMs !== null;
  }

  /**
   * @param {import("./room.js").Room} room
   * @param {number} nowMs
   */
  window(room, nowMs) {
    const firstMs = room.firstMs(nowMs);
    const toMs = Math.min(this.#toMs ?? nowMs, nowMs);
    const whole = Math.max(nowMs - firstMs, LEAST_MS);
    const spanMs = this.#whole ? whole : (this.#spanMs ?? room.windowMs(nowMs));
    this.#last = { fromMs: toMs - spanMs, toMs, firstMs, nowMs };
    return { fromMs: toMs - spanMs, toMs };
  }

  /**
   * Show less (`factor` under 1) or more around a point of the width, 0..1.
   * @param {number} factor
   * @param {number} part
   */
  zoom(factor, part) {
    const { fromMs, toMs, firstMs, nowMs } = this.#last;
    const most = Math.max((nowMs - firstMs) * (1 + SLACK), 60 * 60_000);
    const spanMs = Math.min(Math.max((toMs - fromMs) * factor, LEAST_MS), most);
    const at = fromMs + part * (toMs - fromMs);
    this.#set(at + (1 - part) * spanMs, spanMs);
  }

  /**
   * Move by a part of the width; above 0 to later times.
   * @param {number} part
   */
  pan(part) {
    const spanMs = this.#last.toMs - this.#last.fromMs;
    this.#set(this.#last.toMs + part * spanMs, spanMs);
  }

  /** From the first value of the session until now. */
  whole() {
    this.reset();
    this.#whole = true;
  }

  /** As it was before anybody touched it. */
  reset() {
    this.#spanMs = null;
    this.#toMs = null;
    this.#whole = false;
  }

  /**
   * @param {number} toMs
   * @param {number} spanMs
   */
  #set(toMs, spanMs) {
    const { firstMs, nowMs } = this.#last;
    this.#whole = false;
    this.#spanMs = spanMs;
    const least = Math.min(firstMs + spanMs, nowMs);
    const end = Math.min(Math.max(toMs, least), nowMs);
    // Close enough to now is now: nobody should look at the past without meaning to.
    this.#toMs = nowMs - end < spanMs * SLACK ? null : end;
    this.#last = { ...this.#last, fromMs: end - spanMs, toMs: end };
  }
}
