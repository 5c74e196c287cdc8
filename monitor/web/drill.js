// @ts-check
/**
 * The drill: before the session the companion walks through all twelve cards and one check-in.
 *
 * Every screen of it says DRILL. No tap of it is an order, and it rings nothing. It ends by itself
 * as soon as there is a real alarm or the hub is lost; the two calls at the foot stay real. At its
 * end the record hears one line, if a session is open.
 *
 *   const drill = new Drill(page, () => room);
 *   drill.open();
 */

import { CheckInForm } from "./check_in.js";
import { openOver } from "./dialog.js";
import { byId, el, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { steps, t } from "./text.js";
import { noted } from "./token.js";
import { marks } from "./words.js";

/** @typedef {{kind: string, line: string, steps: string[]}} Card */

const QUICK_MS = 4_000;

export class Drill {
  /** @type {Card[]} */
  cards = [];
  at = 0;
  form = /** @type {CheckInForm | null} */ (null);

  /**
   * @param {import("./page.js").Page} page
   * @param {() => import("./room.js").Room | null} current
   */
  constructor(page, current) {
    this.page = page;
    this.current = current;
    this.sign = el("p", { class: "card-mark", "aria-hidden": "true" });
    this.line = el("h2", { id: "drill-line" });
    this.mine = button("with", "", () => this.#mine());
    this.steps = el("ol", { class: "steps" });
    this.card = el("section", { class: "card" }, this.sign, this.line, this.mine, this.steps);
    this.said = el("p", { class: "note", role: "status" });
    this.next = button("main wide", "", () => this.#next());
    this.where = el("strong", { class: "mode" });
    const real = el("span", { class: "dim" }, t("companion.drill.real"));
    this.dialog = /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { class: "sheet drill", "aria-labelledby": "drill-line" },
        el("p", { class: "row" }, this.where, real),
        this.card,
        this.said,
        this.next,
        button("quiet wide", t("companion.drill.end"), () => this.dialog.close()),
      )
    );
    // On the page only while it is practised: a page has one sheet.
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  /** The form is the real one; what it would tell the hub stays here. It leaves with the drill. */
  #practise() {
    const told = /** @type {any} */ ({
      tell: (/** @type {any} */ _, /** @type {any} */ order) => this.#checked(order),
    });
    const state = { check_in: { ask: [] } };
    const somebody = /** @type {any} */ ({ id: "drill", name: this.#name(), alarms: [], state });
    const form = new CheckInForm(told, () => somebody, "drill-check-in");
    const drill = el("strong", { class: "mode" }, t("companion.drill.mark"));
    form.dialog.prepend(el("p", {}, drill));
    form.dialog.addEventListener("close", () => form.dialog.remove());
    this.form = form;
    form.open(false);
  }

  async open() {
    if (this.dialog.open) return;
    if (this.cards.length === 0) this.cards = await (await fetch("/drill.json")).json();
    this.at = 0;
    this.#show();
    document.body.append(this.dialog);
    openOver(this.dialog);
  }

  /** A real alarm, or no hub: the drill is over at once. */
  update() {
    const real = (this.current()?.alarms.length ?? 0) > 0 || this.page.feed.state === "lost";
    if (!real || !this.dialog.open) return;
    this.form?.dialog.close();
    this.dialog.close();
  }

  #name() {
    return this.current()?.name ?? (noted().name || t("companion.drill.somebody"));
  }

  #show() {
    const { name, number } = { name: this.#name(), number: noted().number || "911" };
    /** @param {string} words */
    const filled = (words) => words.replaceAll("{name}", name).replaceAll("{911}", number);
    const last = this.at >= this.cards.length;
    const shown = this.cards[this.at] ?? {
      kind: "calm",
      line: t("companion.drill.check"),
      steps: steps("companion.drill.check_steps"),
    };
    const total = this.cards.length + 1;
    say(this.where, t("companion.drill.where", { n: this.at + 1, total }));
    mark(this.card, "data-kind", shown.kind);
    say(this.sign, shown.kind === "private" || last ? "●" : marks(shown.kind));
    say(this.line, filled(shown.line));
    say(this.mine, last ? t("companion.drill.open_check") : t("companion.drill.with", { name }));
    this.steps.replaceChildren(...shown.steps.map((step) => el("li", {}, filled(step))));
    say(this.said, "");
    show(this.said, false);
    say(this.next, last ? t("companion.drill.done") : t("companion.drill.next"));
    this.dialog.scrollTop = 0;
  }

  #mine() {
    if (this.at >= this.cards.length) this.#practise();
    else this.#tell(t("companion.drill.accepted"));
  }

  /** @param {string} words */
  #tell(words) {
    say(this.said, words);
    show(this.said, true);
    this.said.scrollIntoView({ block: "nearest" });
  }

  /** @param {{took_ms: number}} order */
  #checked(order) {
    const seconds = Math.max(1, Math.round(order.took_ms / 1000));
    const quick = order.took_ms < QUICK_MS;
    const words = quick
      ? t("companion.drill.too_quick", { seconds })
      : t("companion.drill.took", { seconds });
    this.#tell(words);
  }

  #next() {
    this.at += 1;
    if (this.at <= this.cards.length) {
      this.#show();
      return;
    }
    this.dialog.close();
    const room = this.current();
    if (room === null || !may(this.page.role, "annotate")) return;
    const text = t("companion.drill.record");
    this.page.tell(room.id, { do: "annotate", text }, t("companion.drill.thanks"));
  }
}

/**
 * Where a drill is offered: before the dose, and on a page that has no session yet.
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 */
export function drillPanel(page, current) {
  const drill = new Drill(page, current);
  const early = button("quiet wide", t("companion.drill.start"), () => drill.open());
  byId("empty").after(early);
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "drill-title" },
    el("h2", { id: "drill-title" }, t("companion.drill.title")),
    el("p", { class: "why" }, t("companion.drill.why")),
    button("quiet wide", t("companion.drill.start"), () => drill.open()),
  );
  if (new URLSearchParams(location.hash.slice(1)).has("drill")) drill.open();
  return {
    node,
    update() {
      const room = current();
      const before = room === null || ["setup", "gate"].includes(room.state.phase);
      show(node, before && page.role === "companion");
      show(early, room === null);
      drill.update();
    },
  };
}

/**
 * @param {string} look
 * @param {string} words
 * @param {() => void} deed
 */
function button(look, words, deed) {
  return el("button", { type: "button", class: look, onclick: deed }, words);
}
