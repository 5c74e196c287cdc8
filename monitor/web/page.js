// @ts-check
/**
 * What all pages share: who looks, whether the feed is live, whether it is recorded, what mode it
 * is, the sound, the one spoken line for the top alarm, and when to draw.
 *
 * The token is read from behind the # of the address, moved into this tab's storage and taken out
 * of the address at once, so that it is in no history and in no picture of the screen.
 *
 *   const page = new Page();
 *   page.draw((nowMs) => { ... });
 */

import { Called } from "./called.js";
import { byId, mark, say, show, timeOfDay } from "./dom.js";
import { Feed } from "./feed.js";
import { isPrivate } from "./private.js";
import { Bell, loudest } from "./sound.js";
import { fromAddress } from "./token.js";
import { alarmText, isOver, marks } from "./words.js";

const DRAW_MS = 100;
const LOOK_MS = 500;
const LOST_BURST_MS = 10_000;
const LOST_AGAIN_MS = 500;

export class Page {
  constructor() {
    const { token, session } = fromAddress();
    this.session = session;
    this.feed = new Feed(token);
    this.bell = new Bell();
    this.called = new Called(this);
    /** @type {(nowMs: number) => void} */
    this.paint = () => {};
    /** Which rooms this page sounds and speaks for. @type {() => import("./room.js").Room[]} */
    this.heard = () => [...this.feed.rooms.values()];
    /** Which rooms this page shows. @type {() => import("./room.js").Room[]} */
    this.seen = () => this.heard();
    /** What is said when the feed is lost, and whether that sounds. */
    this.lossWords = "FEED LOST: values not live";
    this.lossSpoken = "Feed lost. Values are not live.";
    this.ringsLoss = true;
    /** Whether this page lies beside the patient: nothing private sounds or is read out there. */
    this.beside = false;
    this.#spoken = "";
    this.#paintedAt = 0;
    this.#asked = 0;
    addEventListener("hashchange", () => {
      const next = fromAddress();
      if (next.token === this.feed.token) this.session = next.session;
      else location.reload();
      this.#soon();
    });
    byId("sound").addEventListener("click", () => this.#toggleSound());
    this.bell.addEventListener("change", () => this.#head());
    this.feed.addEventListener("change", () => this.#soon());
    this.feed.addEventListener("state", () => this.#now());
    this.feed.addEventListener("whole", () => this.#now());
    this.feed.addEventListener("state", () => this.#ringLoss());
    this.feed.addEventListener("word", () => this.#ring());
    setInterval(() => this.#soon(), LOOK_MS);
    if (token === "") {
      this.feed.state = "denied";
      this.feed.error = "this page opens by the link that was made for you (vigil invite)";
    } else this.feed.start();
    this.#now();
  }

  #spoken;
  #paintedAt;
  #asked;
  #lossTimer = 0;

  /**
   * Have the page drawn when something changes, and twice a second, because ages run.
   * @param {(nowMs: number) => void} paint
   */
  draw(paint) {
    this.paint = paint;
    this.#now();
  }

  /** What the page offers depends on who looks. */
  get role() {
    return /** @type {string | undefined} */ (this.feed.me?.role);
  }

  /**
   * Give an order and show its answer as a note on the page.
   * @param {string | null} session
   * @param {Record<string, any>} order
   * @param {string} done
   */
  async tell(session, order, done) {
    this.note("Sending ...", "");
    const reply = await this.feed.order(session, order);
    if (!reply.ok) this.note(`Not done: ${reply.error ?? "the hub gave no reason"}`, "bad");
    else if (!reply.recorded) this.note(`${done}. The hub could NOT record it.`, "bad");
    else this.note(reply.note ? `${done}. ${reply.note}` : done, "good");
    return reply;
  }

  /**
   * @param {string} words
   * @param {string} kind
   */
  note(words, kind) {
    const node = byId("note");
    say(node, words);
    mark(node, "data-kind", kind);
    show(node, words !== "");
  }

  #soon() {
    if (this.#asked !== 0) return;
    const waitMs = Math.max(0, DRAW_MS - (performance.now() - this.#paintedAt));
    this.#asked = setTimeout(() => this.#now(), waitMs);
  }

  #now() {
    clearTimeout(this.#asked);
    this.#asked = 0;
    this.#paintedAt = performance.now();
    this.#head();
    this.paint(this.feed.nowMs);
    this.called.update();
    this.#speak();
    // Of which record the screen is, for who asks later what a picture shows.
    const seqs = [...this.feed.rooms.values()].map((room) => room.seq);
    mark(document.body, "data-record", String(Math.max(0, ...seqs)));
  }

  #head() {
    const { feed } = this;
    const words = {
      live: "Live",
      connecting: "Connecting",
      lost: "FEED LOST",
      denied: "Not let in",
    };
    const lostAt = feed.state === "lost" ? feed.lostAt : null;
    const since = lostAt === null ? "" : ` since ${timeOfDay(lostAt)}`;
    say(byId("feed"), `${words[feed.state]}${since}`);
    mark(document.body, "data-feed", feed.state);
    const lost = byId("lost");
    if (feed.state === "denied")
      say(lost, `Not let in: ${feed.error || "the link is not valid any more"}`);
    else if (feed.state === "lost") {
      say(lost, `${this.lossWords}${feed.error ? ` (${feed.error})` : ""}`);
    }
    show(lost, feed.state === "denied" || feed.state === "lost");
    const fault = byId("unrecorded");
    if (!feed.recording) {
      say(fault, `NOT RECORDED: ${feed.recordFault || "the hub cannot write"}. Watching goes on.`);
    }
    show(fault, !feed.recording);
    const silent = this.bell.blocked ? "Sound blocked: press again" : "No sound: turn on";
    say(byId("sound"), this.bell.armed ? "Sound on" : silent);
    mark(byId("sound"), "aria-pressed", String(this.bell.armed));
    const me = byId("me");
    if (feed.me !== null) say(me, `${feed.me.name}, ${feed.me.role}`);
    this.#mode();
  }

  #mode() {
    const modes = new Set(this.seen().map((room) => room.state.mode));
    const words = ["demo", "test"]
      .filter((mode) => modes.has(mode))
      .map((mode) => mode.toUpperCase());
    if (this.feed.speed !== 1) words.push(`x${this.feed.speed}`);
    const node = byId("mode");
    say(node, words.join(" "));
    show(node, words.length > 0);
  }

  /** Only the top alarm is spoken, and only when it changes. */
  #speak() {
    const rooms = this.heard().filter((room) => !room.gone && room.top !== null);
    const rank = { high: 2, medium: 1, low: 0 };
    rooms.sort((a, b) => rank[levelOf(b.top)] - rank[levelOf(a.top)]);
    const room = rooms[0];
    const hushed = this.beside && room !== undefined && isPrivate(room.top);
    let words = "";
    if (this.feed.lost) words = this.feed.state === "lost" ? this.lossSpoken : "";
    else if (room !== undefined) {
      const priority = `${room.top.priority} priority alarm, ${room.name}: `;
      words = hushed ? `Please stay with ${room.name}.` : priority + alarmText(room.top);
    }
    if (words === this.#spoken) return;
    this.#spoken = words;
    say(byId("spoken"), words);
    const bare = this.feed.lost || room === undefined || hushed;
    const top = bare ? "" : `${marks(room.top.priority)} `;
    document.title = `${top}${document.title.replace(/^!+ /, "")}`;
  }

  #ring() {
    const rooms = this.heard().filter((room) => !room.gone && !isOver(room.state.phase));
    this.bell.beat(loudest(rooms.map((room) => room.state.sound)));
  }

  /** A lost feed sends nothing that could ring: it rings at once, then every 10 s. */
  #ringLoss() {
    clearTimeout(this.#lossTimer);
    if (this.feed.state !== "lost" || !this.ringsLoss) return;
    // A burst that still sounds, or a page that nobody has clicked yet: the next moment does.
    const waitMs = this.bell.ring("medium") ? LOST_BURST_MS : LOST_AGAIN_MS;
    this.#lossTimer = setTimeout(() => this.#ringLoss(), waitMs);
  }

  async #toggleSound() {
    if (this.bell.armed) await this.bell.disarm();
    else await this.bell.arm();
  }
}

/** @param {any} alarm */
function levelOf(alarm) {
  return /** @type {"high" | "medium" | "low"} */ (alarm.priority);
}
