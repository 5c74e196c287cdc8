// @ts-check
/**
 * One session as this page knows it: the state, the curves and the lines, kept up by the feed.
 *
 * It decides nothing about the patient. A value is only given out with its age, and as null when it
 * is too old or when the feed is lost: then nobody here knows how the patient is.
 *
 *   room.reading("spo2", nowMs, { lost: false, graceMs: 0 })  -> { words: "97", ageMs: 800 }
 */

import { Drawn } from "./drawn.js";
import { pressure } from "./pressure.js";
import { CUFF_LIFE_MS, DASHES, STALE_MS, number } from "./words.js";

const LINES = 400;
const CUFF = 128;
const BINS = 4_320;

/** @typedef {{words: string, ageMs: number | null, stale: boolean}} Shown */
/** @typedef {{lost: boolean, graceMs: number}} Trust */

export class Room {
  seq = 0;
  /** @type {any} */
  state = {};
  binMs = 0;
  startMs = 0;
  /** @type {{spo2: (number | null)[], pulse: (number | null)[]}} */
  bins = { spo2: [], pulse: [] };
  /** @type {[number, number, number][]} */
  cuff = [];
  /** @type {any[]} */
  lines = [];
  /** The number of the first of these lines; the hub tells earlier ones when it is asked. */
  firstLine = 0;
  drawn = new Drawn();
  /** Lines ever heard, so that a page can add only the new ones. */
  heard = 0;
  /** How often all of it was told anew. */
  life = 0;

  /** @param {any} snapshot */
  constructor(snapshot) {
    this.id = snapshot.session;
    this.gone = false;
    this.take(snapshot);
  }

  /** @param {any} snapshot */
  take(snapshot) {
    this.seq = snapshot.seq;
    this.state = snapshot.state;
    this.binMs = snapshot.history.bin_ms;
    this.startMs = snapshot.history.start_ms;
    this.bins = { spo2: snapshot.history.spo2, pulse: snapshot.history.pulse };
    this.cuff = snapshot.history.bp;
    this.lines = snapshot.lines;
    this.firstLine = snapshot.first_line ?? 0;
    this.drawn.take(snapshot.history, this.state.alarms);
    this.heard = snapshot.lines.length;
    this.life += 1;
  }

  /** @param {any} delta */
  patch(delta) {
    this.seq = delta.seq;
    this.state = { ...this.state, ...delta.patch, at_ms: delta.at_ms };
    this.lines.push(...delta.lines);
    for (const line of delta.lines) this.drawn.line(line);
    this.heard += delta.lines.length;
    const extra = this.lines.length - LINES;
    if (extra > 0) {
      this.lines.splice(0, extra);
      this.firstLine += extra;
    }
    if (delta.patch.values !== undefined) this.#draw(delta.patch.values);
  }

  /** The name of the patient, as the people there say it. */
  get name() {
    return this.state.patient_name || "the patient";
  }

  /** The alarms, the highest first; the hub sorts them. */
  get alarms() {
    return /** @type {any[]} */ (this.state.alarms);
  }

  /** The alarm that every screen shows first. */
  get top() {
    return this.alarms[0] ?? null;
  }

  /**
   * Time since the last dose in ms; null before it.
   * @param {number} nowMs
   */
  sinceDose(nowMs) {
    return this.state.dose_ms === null ? null : nowMs - this.state.dose_ms;
  }

  /**
   * One value as it may be shown now: "spo2", "pulse" or "nibp".
   * @param {string} name
   * @param {number} nowMs
   * @param {Trust} trust
   * @returns {Shown}
   */
  reading(name, nowMs, trust) {
    const values = this.state.values;
    const first = values[name === "nibp" ? "sbp" : name];
    if (first === undefined) return { words: DASHES, ageMs: null, stale: true };
    const ageMs = Math.max(0, nowMs - first.at_ms);
    const lifeMs = name === "nibp" ? CUFF_LIFE_MS : STALE_MS + trust.graceMs;
    const stale = trust.lost || ageMs > lifeMs;
    if (stale) return { words: DASHES, ageMs, stale };
    if (name !== "nibp") return { words: number(first.value_x100), ageMs, stale };
    const second = values.dbp;
    const words = `${pressure(first.value_x100)}/${second ? pressure(second.value_x100) : "-"}`;
    return { words, ageMs, stale };
  }

  /**
   * When the first value that is known here was measured; now, when there is none.
   * @param {number} nowMs
   */
  firstMs(nowMs) {
    return Math.min(this.startMs || nowMs, this.cuff[0]?.[0] ?? nowMs);
  }

  /**
   * The start of the window that charts show: 60 min, growing by half hours to 180.
   * @param {number} nowMs
   */
  windowMs(nowMs) {
    const pastMs = nowMs - this.firstMs(nowMs);
    // A minute over a half hour does not make the window grow.
    const halves = Math.ceil((pastMs - 60_000) / 1_800_000);
    return Math.min(Math.max(halves, 2), 6) * 1_800_000;
  }

  /** @param {any} values */
  #draw(values) {
    for (const name of /** @type {("spo2" | "pulse")[]} */ (["spo2", "pulse"])) {
      const value = values[name];
      if (value !== undefined) this.#bin(name, value.at_ms, value.value_x100);
    }
    const at = values.sbp?.at_ms;
    if (at !== undefined && values.dbp !== undefined && at > (this.cuff.at(-1)?.[0] ?? -1)) {
      this.cuff.push([at, values.sbp.value_x100, values.dbp.value_x100]);
      if (this.cuff.length > CUFF) this.cuff.shift();
    }
  }

  /**
   * A bin keeps the lowest SpO2, because a dip must not be smoothed away, and the last pulse.
   * @param {"spo2" | "pulse"} name
   * @param {number} atMs
   * @param {number} x100
   */
  #bin(name, atMs, x100) {
    if (this.bins.spo2.length === 0) {
      this.startMs = Math.floor(atMs / this.binMs) * this.binMs;
    }
    const at = Math.floor((atMs - this.startMs) / this.binMs);
    if (at < 0 || at > this.bins.spo2.length + BINS) return;
    while (this.bins.spo2.length <= at) {
      this.bins.spo2.push(null);
      this.bins.pulse.push(null);
    }
    const before = this.bins[name][at];
    const lower = name === "spo2" && before !== null ? Math.min(before, x100) : x100;
    this.bins[name][at] = lower;
    const extra = this.bins.spo2.length - BINS;
    if (extra > 0) {
      this.bins.spo2.splice(0, extra);
      this.bins.pulse.splice(0, extra);
      this.startMs += extra * this.binMs;
    }
  }
}
