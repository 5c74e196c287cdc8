// @ts-check
/**
 * Alarm bursts in the browser. A browser gives no sound before a person has clicked, so the page
 * says "No sound: turn on" until somebody has.
 *
 * Bursts are driven by the hub's messages and not by a timer: a hidden tab is given its messages on
 * time, its timers not. Only the loss of the feed, which sends no message, is told by a timer.
 * Timing and pitch follow the ranges in docs; the room's own loudspeaker stays the first alarm.
 *
 *   sound.arm()             at a click
 *   sound.beat("high")      at each message
 */

import { buzz } from "./buzz.js";

const HIGH = [0, 0.2, 0.4, 0.8, 1.0, 1.65, 1.85, 2.05, 2.45, 2.65];
/** @type {Record<string, {starts: number[], long: number, everyMs: number}>} */
const BURSTS = {
  high: { starts: HIGH, long: 0.12, everyMs: 6_000 },
  medium: { starts: [0, 0.38, 0.76], long: 0.18, everyMs: 15_000 },
  low: { starts: [0], long: 0.18, everyMs: 30_000 },
};
const RANK = { silent: 0, low: 1, medium: 2, high: 3 };
const RING_MS = 3_000;
const PITCH_HZ = 523;
const HARMONICS = 5;

export class Bell extends EventTarget {
  /** @type {AudioContext | null} */
  #audio = null;
  #lastAt = -Infinity;
  #beatAt = -Infinity;
  #last = "silent";
  #wanted = false;
  /** How many bursts were played; a test and the page's own check read it. */
  bursts = 0;

  /** Somebody has turned the sound on, and the browser gives none all the same. */
  get blocked() {
    return this.#wanted && !this.armed;
  }

  get armed() {
    return this.#audio !== null && this.#audio.state === "running";
  }

  /** Turn the sound on; must be called from a click. */
  async arm() {
    this.#wanted = true;
    this.#audio ??= new AudioContext();
    this.#audio.onstatechange = () => this.dispatchEvent(new Event("change"));
    await this.#audio.resume();
    this.#play(BURSTS.low);
    this.dispatchEvent(new Event("change"));
  }

  async disarm() {
    this.#wanted = false;
    await this.#audio?.suspend();
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Play a burst when it is time for one; a louder pattern begins at once.
   * @param {string} pattern
   */
  beat(pattern) {
    const burst = BURSTS[pattern];
    const louder = rank(pattern) > rank(this.#last);
    this.#last = pattern;
    if (burst === undefined) return;
    const now = performance.now();
    if (!louder && now - this.#beatAt < burst.everyMs) return;
    this.#beatAt = now;
    // A telephone in a hand is felt whether or not somebody has turned its sound on.
    buzz(pattern);
    if (!this.armed) return;
    this.#lastAt = now;
    this.#play(burst);
  }

  /**
   * Sound a message to this person, or the loss of the feed, now, if nothing has just sounded.
   * @param {string} pattern
   * @returns {boolean} whether it sounds
   */
  ring(pattern) {
    const now = performance.now();
    if (!this.armed || now - this.#lastAt < RING_MS) return false;
    this.#lastAt = now;
    this.#play(BURSTS[pattern] ?? BURSTS.low);
    buzz(pattern);
    return true;
  }

  /** @param {{starts: number[], long: number}} burst */
  #play(burst) {
    const audio = this.#audio;
    if (audio === null) return;
    this.bursts += 1;
    const begin = audio.currentTime + 0.05;
    for (const start of burst.starts) pulse(audio, begin + start, burst.long);
  }
}

/**
 * The louder of several patterns.
 * @param {string[]} patterns
 */
export function loudest(patterns) {
  return patterns.reduce((a, b) => (rank(b) > rank(a) ? b : a), "silent");
}

/** @param {string} pattern */
function rank(pattern) {
  return RANK[/** @type {keyof typeof RANK} */ (pattern)] ?? 0;
}

/**
 * One pulse: a fundamental and four harmonics, rising and falling softly.
 * @param {AudioContext} audio
 * @param {number} at
 * @param {number} long
 */
function pulse(audio, at, long) {
  const gain = audio.createGain();
  gain.connect(audio.destination);
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.25, at + 0.15 * long);
  gain.gain.setValueAtTime(0.25, at + 0.85 * long);
  gain.gain.linearRampToValueAtTime(0, at + long);
  for (let nth = 1; nth <= HARMONICS; nth += 1) {
    const tone = audio.createOscillator();
    const part = audio.createGain();
    tone.frequency.value = PITCH_HZ * nth;
    part.gain.value = 1 / nth;
    tone.connect(part).connect(gain);
    tone.start(at);
    tone.stop(at + long);
  }
}
