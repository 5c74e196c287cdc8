// @ts-check
/**
 * The messages that the hub has for this person: each is shown over the page and sounded, and the
 * hub hears at once whether the browser let it sound. A message goes when it is answered, when the
 * hub takes it back, when its person has the alarm or when the alarm is over.
 *
 * Seen is not answered: only a tap with a name is.
 *
 *   const called = new Called(page);
 *   called.update(nowMs);
 */

import { el, keep, mark, say, show } from "./dom.js";
import { marks } from "./words.js";

/** @typedef {{session: string, delivery: string, alarm: string, priority: string, text: string,
 *   late: boolean, may_repeat: boolean, purpose: string, private: boolean,
 *   known?: boolean}} Message */

const SHOWN = 3;
const ABOUT_ALARM = ["alarm", "reminder"];
const RANK = { high: 0, medium: 1, low: 2 };

/** @type {Record<string, [string, string, string]>} */
const WORDS = {
  alarm: ["The hub calls you", "I take it", "I cannot"],
  reminder: ["It is still there", "I still have it", "I cannot"],
  callback: ["Please call the people in the room", "I will call", "I cannot"],
  question: ["A short question waits", "I will answer it", "I cannot"],
  rehearsal: ["This is a test of the alarm", "I got it", "I cannot"],
};

export class Called {
  /** @type {Map<string, Message>} */
  #open = new Map();
  #kept = new Map();

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** An alarm whose own card and button the page shows: it needs no second one.
     * @type {(message: Message) => boolean} */
    this.covered = () => false;
    this.list = el("ul", { class: "plain-list" });
    this.more = el("p", { class: "why" });
    this.node = el(
      "section",
      { class: "called", "aria-label": "Messages for you" },
      this.list,
      this.more,
    );
    show(this.node, false);
    document.querySelector("main")?.before(this.node);
    page.feed.addEventListener("message", (event) => {
      this.#take(/** @type {CustomEvent} */ (event).detail);
    });
    page.feed.addEventListener("over", (event) => {
      this.#open.delete(/** @type {CustomEvent} */ (event).detail.delivery);
      this.update();
    });
  }

  /** @param {Message} message */
  #take(message) {
    // A later message of the same alarm stands for the earlier one.
    for (const [id, old] of this.#open) {
      if (old.alarm === message.alarm && old.session === message.session) this.#open.delete(id);
    }
    this.#open.set(message.delivery, message);
    this.update();
    if (message.private && this.page.beside) {
      // Beside the patient nothing sounds, and that is no fault of the browser.
      this.page.feed.seen(message.delivery, "private");
      return;
    }
    this.page.bell.ring(message.priority);
    this.page.feed.seen(message.delivery, this.page.bell.armed ? "on" : "blocked");
  }

  update() {
    for (const [id, message] of this.#open) if (this.#isOver(message)) this.#open.delete(id);
    const shown = [...this.#open.values()].filter((message) => !this.covered(message));
    shown.sort((a, b) => rank(a) - rank(b));
    keep(
      this.list,
      this.#kept,
      shown.slice(0, SHOWN).map((message) => [message.delivery, message]),
      (message) => this.#make(message),
    );
    const more = shown.length - SHOWN;
    say(this.more, more > 0 ? `and ${more} more` : "");
    show(this.more, more > 0);
    show(this.node, shown.length > 0);
  }

  /**
   * A message may come before the page has heard of its alarm, so only one that was known can end.
   * @param {Message} message
   */
  #isOver(message) {
    if (!ABOUT_ALARM.includes(message.purpose)) return false;
    const room = this.page.feed.rooms.get(message.session);
    if (room === undefined) return false;
    const alarm = room.alarms.find((/** @type {any} */ one) => one.id === message.alarm);
    if (alarm === undefined) return room.gone || message.known === true;
    message.known = true;
    if (message.purpose === "reminder") return false;
    const me = this.page.feed.me?.person ?? "";
    return (alarm.accepted_by ?? "").split(", ").includes(me);
  }

  /** @param {Message} message */
  #make(message) {
    const [title, yes, no] = WORDS[message.purpose] ?? WORDS.alarm;
    const head = el("span", { class: "dim" });
    const text = el("strong", {});
    /** @param {string} verdict @param {string} words @param {string} look @param {string} done */
    const button = (verdict, words, look, done) => {
      const tap = el("button", { type: "button", class: look }, words);
      mark(tap, "aria-label", `${words}: ${message.text}`);
      tap.addEventListener("click", () => this.#answer(message, verdict, done));
      return tap;
    };
    const row = el(
      "div",
      { class: "row" },
      button("accept", yes, "main", message.purpose === "alarm" ? "You have it" : "Answered"),
      button("reject", no, "quiet", "The hub tells the next person"),
    );
    const node = el("li", { "data-priority": message.priority }, head, text, row);
    return {
      node,
      /** @param {Message} now */
      update: (now) => {
        const marked = [now.late && "late", now.may_repeat && "may be a repeat"].filter(Boolean);
        say(head, [title, ...marked].join(" · "));
        const hushed = now.private && this.page.beside;
        mark(node, "data-priority", hushed ? "private" : now.priority);
        say(text, hushed ? now.text : `${marks(now.priority)} ${now.text}`);
      },
    };
  }

  /**
   * @param {Message} message
   * @param {string} verdict
   * @param {string} done
   */
  async #answer(message, verdict, done) {
    const order = { do: "answer", delivery: message.delivery, verdict };
    const reply = await this.page.tell(message.session, order, done);
    if (reply.ok) this.#open.delete(message.delivery);
    this.update();
  }
}

/** @param {Message} message */
function rank(message) {
  return RANK[/** @type {keyof typeof RANK} */ (message.priority)] ?? 3;
}
