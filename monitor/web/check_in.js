// @ts-check
/**
 * The 20-second check-in: look for ten seconds, say the name, tap what was seen.
 *
 * Nothing is preselected and there is no "all fine" button: each answer is one look. "No answer" is
 * sent at once. While a high alarm is open only the first two questions are asked, and those that
 * an alarm waits for; the last tap sends. Every tap can be corrected for 60 s. What an answer
 * means, and which extra questions are due, is decided by the hub.
 *
 *   const form = checkIn(page, () => room);
 *   form.open(false);
 */

import { el, mark, say, show } from "./dom.js";
import { QUESTIONS, extras, wanted } from "./questions.js";

const TOO_FAST_MS = 4_000;

export class CheckInForm {
  /**
   * @param {import("./page.js").Page} page
   * @param {() => import("./room.js").Room | null} current
   */
  constructor(page, current) {
    this.page = page;
    this.current = current;
    this.corrects = false;
    this.short = false;
    /** @type {string[]} */
    this.extra = [];
    this.openedAt = 0;
    this.warned = false;
    /** @type {Map<string, HTMLElement>} */
    this.buttons = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** @type {Set<string>} */
    this.tapped = new Set();
    this.title = el("h2", { id: "check-in-title" });
    this.lead = el("p", { class: "lead" });
    this.hint = el("p", { class: "hint", role: "status" });
    this.send = el(
      "button",
      { type: "button", class: "main", onclick: () => this.#press() },
      "Send",
    );
    this.dialog = /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { class: "sheet", "aria-labelledby": "check-in-title" },
        this.title,
        this.lead,
        ...QUESTIONS.map((question) => this.#row(question)),
        this.hint,
        el(
          "div",
          { class: "row sticky" },
          el(
            "button",
            { type: "button", class: "quiet", onclick: () => this.dialog.close() },
            "Back",
          ),
          this.send,
        ),
      )
    );
    document.body.append(this.dialog);
  }

  /**
   * Begin: empty, whatever was tapped before.
   * @param {boolean} corrects
   */
  open(corrects) {
    const name = this.current()?.name ?? "the patient";
    this.corrects = corrects;
    // What is asked stays while the form is open: nothing moves under the finger by itself.
    this.extra = extras(this.current()?.state?.check_in, corrects);
    this.tapped.clear();
    this.warned = false;
    this.openedAt = performance.now();
    say(this.title, corrects ? "Correct the last check-in" : `Look at ${name} for ten seconds.`);
    say(this.lead, `Then say: ${name}, are you OK? A word, a nod or a squeeze of the hand counts.`);
    QUESTIONS.forEach((question) => {
      const asked = this.rows.get(question.id)?.querySelector(".asked");
      if (asked) say(asked, question.ask.replace("{name}", name));
    });
    this.update();
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** A high alarm that comes meanwhile makes it short at once. */
  update() {
    const room = this.current();
    this.short = room?.alarms.some((alarm) => alarm.priority === "high") ?? false;
    const asked = this.#wanted();
    for (const [id, row] of this.rows) show(row, asked.includes(id));
    for (const [code, button] of this.buttons) {
      mark(button, "aria-pressed", String(this.tapped.has(code)));
    }
    const open = this.#open();
    const more = `${open} more to answer`;
    say(this.send, open === 0 ? "Send" : more);
    if (open === 0) this.send.removeAttribute("aria-disabled");
    else mark(this.send, "aria-disabled", "true");
    const few = this.short ? `High alarm: ${asked.length} questions only.` : "";
    if (!this.warned) say(this.hint, few);
  }

  /** @param {import("./questions.js").Question} question */
  #row(question) {
    const buttons = question.answers.map(([code, words]) => {
      const button = el(
        "button",
        {
          type: "button",
          class: "answer",
          "data-code": code,
          "aria-pressed": "false",
          onclick: () => this.#tap(question, code),
        },
        words,
      );
      this.buttons.set(code, button);
      return button;
    });
    const row = el(
      "fieldset",
      { "data-question": question.id },
      el(
        "legend",
        {},
        el("span", { class: "asked" }, question.ask.replace("{name}", "the patient")),
        question.hint ? el("small", {}, ` ${question.hint}`) : null,
      ),
      el("div", { class: "answers" }, ...buttons),
    );
    this.rows.set(question.id, row);
    return row;
  }

  /**
   * @param {{id: string, many?: boolean}} question
   * @param {string} code
   */
  #tap(question, code) {
    const was = this.tapped.has(code);
    for (const other of [...this.tapped]) {
      const same = other.startsWith(question.id);
      // "None of these" and a sign shut each other out; other signs may stand together.
      if (same && (!question.many || code === "X0" || other === "X0")) this.tapped.delete(other);
    }
    if (was && question.many) this.tapped.delete(code);
    else this.tapped.add(code);
    this.update();
    if (code === "W0") this.#give(["W0"]);
    else if (this.short && this.#open() === 0) this.#give(this.#codes());
  }

  #press() {
    const open = this.#open();
    if (open > 0) {
      const next = this.#wanted().find((one) => !this.#answered(one));
      say(this.hint, `Not sent: ${open} more to answer.`);
      this.rows
        .get(next ?? "W")
        ?.querySelector("button")
        ?.focus();
      return;
    }
    const fast = !this.short && performance.now() - this.openedAt < TOO_FAST_MS;
    if (fast && !this.warned) {
      this.warned = true;
      say(this.hint, "That was very quick. Look once more, then tap Send.");
      return;
    }
    this.#give(this.#codes());
  }

  #wanted() {
    return wanted(this.short, this.extra, this.tapped);
  }

  /** @param {string} id */
  #answered(id) {
    return [...this.tapped].some((code) => code.startsWith(id));
  }

  #open() {
    return this.#wanted().filter((id) => !this.#answered(id)).length;
  }

  #codes() {
    const wanted = this.#wanted();
    return [...this.buttons.keys()].filter(
      (code) => this.tapped.has(code) && wanted.includes(code[0]),
    );
  }

  /** @param {string[]} codes */
  #give(codes) {
    const room = this.current();
    this.dialog.close();
    if (room === null) return;
    const order = { do: this.corrects ? "correct" : "check_in", codes: codes.join(" ") };
    this.page.tell(room.id, order, this.corrects ? "Corrected" : "Thank you. Check-in sent");
  }
}
