// @ts-check
/**
 * The 20-second check-in: look for ten seconds, say the name, tap what was seen.
 *
 * Nothing is preselected and there is no "all fine" button: each answer is one look. The last
 * answer sends, unless a sign was tapped: then there may be more of them, and "Send" ends the list.
 * "No answer" is sent at once. While a high alarm is open only the first two questions are asked,
 * and those that an alarm waits for. Whoever is done within 4 s is asked to look once more, and the
 * hub is told how long it took. Every tap can be corrected for 60 s. What an answer means, and
 * which extra questions are due, is decided by the hub.
 *
 *   const form = new CheckInForm(page, () => room);
 *   form.open(false);
 */

import { openOver } from "./dialog.js";
import { el, mark, say, show } from "./dom.js";
import { isPrivate } from "./private.js";
import { QUESTIONS, extras, wanted } from "./questions.js";

const TOO_FAST_MS = 4_000;

export class CheckInForm {
  /** @type {string[]} */
  extra = [];
  corrects = false;
  short = false;
  warned = false;
  /** What the form has last said; it stands until the next tap. */
  word = "";
  unfolded = false;
  openedAt = 0;
  /** From the opening to the first tap, and to the first time that all was answered. */
  firstMs = /** @type {number | null} */ (null);
  tookMs = /** @type {number | null} */ (null);
  /** @type {Map<string, HTMLElement>} */
  buttons = new Map();
  /** @type {Map<string, HTMLElement>} */
  rows = new Map();
  /** @type {Set<string>} */
  tapped = new Set();

  /**
   * @param {import("./page.js").Page} page
   * @param {() => import("./room.js").Room | null} current
   * @param {string} [title] the id of its title, for a second one on the page
   */
  constructor(page, current, title = "check-in-title") {
    this.page = page;
    this.current = current;
    this.title = el("h2", { id: title });
    this.lead = el("p", { class: "lead" });
    this.hint = el("p", { class: "hint", role: "status" });
    this.send = button("main", "Send", () => this.#press());
    this.more = button("answer", "I see one of these", () => this.#unfold());
    this.signs = el("div", { class: "answers signs" });
    this.dialog = /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { class: "sheet", "aria-labelledby": title },
        this.title,
        this.lead,
        ...QUESTIONS.map((question) => this.#row(question)),
        this.hint,
        el(
          "div",
          { class: "row sticky" },
          button("quiet", "Back", () => this.dialog.close()),
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
    this.warned = this.unfolded = false;
    this.word = "";
    this.openedAt = performance.now();
    this.firstMs = this.tookMs = null;
    say(this.title, corrects ? "Correct the last check-in" : `Look at ${name} for ten seconds.`);
    say(this.lead, `Then say: ${name}, are you OK? A word, a nod or a squeeze of the hand counts.`);
    QUESTIONS.forEach((question) => {
      const asked = this.rows.get(question.id)?.querySelector(".asked");
      if (asked) say(asked, question.ask(name));
    });
    this.update();
    if (!this.dialog.open) openOver(this.dialog);
    this.dialog.scrollTop = 0;
  }

  /** A high alarm that comes meanwhile makes it short at once. */
  update() {
    const room = this.current();
    this.short =
      room?.alarms.some((alarm) => alarm.priority === "high" && !isPrivate(alarm)) ?? false;
    const asked = this.#wanted();
    for (const [id, row] of this.rows) show(row, asked.includes(id));
    for (const [code, one] of this.buttons) {
      mark(one, "aria-pressed", String(this.tapped.has(code)));
    }
    show(this.signs, this.unfolded);
    mark(this.more, "aria-expanded", String(this.unfolded));
    const open = this.#open();
    say(this.send, open === 0 ? "Send" : `${open} more to answer`);
    mark(this.send, "aria-disabled", open === 0 ? null : "true");
    const few = this.short ? `High alarm: ${asked.length} questions only.` : "";
    say(this.hint, this.word || few);
  }

  /** @param {import("./questions.js").Question} question */
  #row(question) {
    const buttons = question.answers.map(([code, words]) => {
      const one = button("answer", words, () => this.#tap(question, code));
      one.dataset.code = code;
      mark(one, "aria-pressed", "false");
      this.buttons.set(code, one);
      return one;
    });
    const list = el("div", { class: "answers" }, ...buttons);
    const row = el(
      "fieldset",
      { "data-question": question.id },
      el(
        "legend",
        {},
        el("span", { class: "asked" }, question.ask("...")),
        question.hint ? el("small", {}, ` ${question.hint}`) : null,
      ),
      list,
    );
    if (question.many) this.#folded(row, list, buttons, question.answers);
    this.rows.set(question.id, row);
    return row;
  }

  /**
   * The signs stand as words above their two buttons; who sees one unfolds a button for each.
   * @param {HTMLElement} row
   * @param {HTMLElement} list
   * @param {HTMLElement[]} buttons
   * @param {[string, string][]} answers
   */
  #folded(row, list, buttons, answers) {
    const words = answers.slice(1).map(([, sign]) => sign.charAt(0).toLowerCase() + sign.slice(1));
    list.before(el("p", { class: "list" }, `${words.join(", ")}?`));
    list.replaceChildren(buttons[0], this.more);
    this.signs.append(...buttons.slice(1));
    row.append(this.signs);
  }

  #unfold() {
    this.unfolded = !this.unfolded || this.#signs().length > 0;
    this.update();
    this.signs.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {{id: string, many?: boolean}} question
   * @param {string} code
   */
  #tap(question, code) {
    this.firstMs ??= this.#sinceOpened();
    if (!this.warned) this.word = "";
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
    else if (this.#open() > 0) this.#showNext(question.id);
    else if (this.#signs().length === 0 || this.short) this.#end();
  }

  #press() {
    const open = this.#open();
    if (open > 0) {
      this.word = `Not sent: ${open} more to answer.`;
      this.update();
      this.#next()?.querySelector("button")?.focus();
    } else this.#end();
  }

  /** All is answered: it goes out, unless that was too quick to be a look. */
  #end() {
    const full = !this.short && !this.corrects;
    if (full) this.tookMs ??= this.#sinceOpened();
    if (full && !this.warned && this.#sinceOpened() < TOO_FAST_MS) {
      this.warned = true;
      this.word = "That was very quick. Look once more, then tap Send.";
      this.update();
      this.send.scrollIntoView({ block: "nearest" });
      return;
    }
    this.#give(this.#codes());
  }

  /**
   * On a short screen the next question comes up by itself, as soon as this one is answered.
   * @param {string} answered
   */
  #showNext(answered) {
    const next = this.#next();
    if (next !== null && next.dataset.question !== answered) {
      next.scrollIntoView({ block: "nearest" });
    }
  }

  #next() {
    const next = this.#wanted().find((one) => !this.#answered(one));
    return next === undefined ? null : (this.rows.get(next) ?? null);
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

  #signs() {
    return [...this.tapped].filter((code) => code.startsWith("X") && code !== "X0");
  }

  #sinceOpened() {
    return Math.round(performance.now() - this.openedAt);
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
    /** @type {Record<string, any>} */
    const order = { do: this.corrects ? "correct" : "check_in", codes: codes.join(" ") };
    if (!this.corrects) {
      order.first_tap_ms = this.firstMs ?? 0;
      order.took_ms = this.tookMs ?? this.#sinceOpened();
    }
    this.page.tell(room.id, order, this.corrects ? "Corrected" : "Thank you. Check-in sent");
  }
}

/**
 * @param {string} look
 * @param {string} words
 * @param {() => void} deed
 */
function button(look, words, deed) {
  return el("button", { type: "button", class: look, onclick: deed }, words);
}
