// @ts-check
/**
 * When which alarm stood, and the moments that explain a curve: taken from the hub's history and
 * kept up with each line, by the same rules as `monitor/history_marks.py`.
 *
 *   const drawn = new Drawn();
 *   drawn.take(history);
 *   drawn.line({ effect: "AlarmChanged", transition: "raised", ... });
 */

/**
 * @typedef {{alarm: string, family: string, priority: string, from_ms: number,
 *   to_ms: number | null}} Span
 */
/** @typedef {{at_ms: number, kind: string, words: string}} Mark */

const MOST = 256;
const ON = ["raised", "joined", "upgraded"];
const OFF = ["cleared", "latched", "reset"];
/** @type {Record<string, string>} */
const MARKS = {
  DoseConfirmed: "dose",
  DoseExtra: "extra_dose",
  CheckedIn: "check_in",
  CuffFailed: "cuff_failed",
  HelpCalled: "help",
  MonitorDown: "down",
};

export class Drawn {
  /** @type {Span[]} */
  spans = [];
  /** @type {Mark[]} */
  marks = [];
  /** Which rows of an open alarm are present. @type {Map<string, Set<string>>} */
  #rows = new Map();

  /**
   * All of it anew. Of an alarm that is open the state tells which rows are present.
   * @param {any} history
   * @param {any[]} alarms
   */
  take(history, alarms) {
    this.spans = [...(history.alarms ?? [])];
    this.marks = [...(history.marks ?? [])];
    this.#rows = new Map();
    for (const alarm of alarms) {
      const present = alarm.rows.filter((/** @type {any} */ row) => row.present);
      if (present.length === 0) continue;
      this.#rows.set(alarm.id, new Set(present.map((/** @type {any} */ row) => row.row)));
      if (this.spans.some((one) => one.alarm === alarm.id && one.to_ms === null)) continue;
      const { id, family, priority, raised_ms: from } = alarm;
      this.spans.push({ alarm: id, family, priority, from_ms: from, to_ms: null });
    }
  }

  /** @param {any} line */
  line(line) {
    if (line.effect === "AlarmChanged") this.#alarm(line);
    const kind = MARKS[line.event ?? ""];
    if (kind === undefined) return;
    const at = line.at_ms - (line.ago_ms ?? 0);
    this.marks.push({ at_ms: at, kind, words: line.codes ?? "" });
    if (this.marks.length > MOST) this.marks.shift();
  }

  /** @param {any} line */
  #alarm(line) {
    const rows = this.#rows.get(line.id) ?? new Set();
    this.#rows.set(line.id, rows);
    if (ON.includes(line.transition)) rows.add(line.row);
    else if (OFF.includes(line.transition)) rows.delete(line.row);
    let at = this.spans.findLastIndex((one) => one.alarm === line.id && one.to_ms === null);
    if (at >= 0 && (rows.size === 0 || this.spans[at].priority !== line.priority)) {
      this.spans[at] = { ...this.spans[at], to_ms: line.at_ms };
      at = -1;
    }
    if (rows.size === 0) this.#rows.delete(line.id);
    else if (at < 0) {
      const { id: alarm, family, priority, at_ms: from } = line;
      this.spans.push({ alarm, family, priority, from_ms: from, to_ms: null });
      if (this.spans.length > MOST) this.spans.shift();
    }
  }
}
