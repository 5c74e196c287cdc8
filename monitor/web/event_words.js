// @ts-check
/**
 * One line of the record as a sentence in plain English: what an alarm saw and against which limit,
 * who was told by which way and what came of it, what people did, and every "no" with its reason.
 *
 * The words come from the hub's own lines; nothing is concluded here.
 *
 *   wordsOf(line, state)   -> { kind: "high", group: "alarms", words: "!!! SpO2 low: 86 for 10 s" }
 */

import { inUnit, pressure } from "./pressure.js";
import { codeWords } from "./readout.js";
import { group, t } from "./text.js";
import {
  channelWord,
  deliveryWords,
  marks,
  nameOf,
  number,
  phaseWord,
  plain,
  stamp,
} from "./words.js";

/**
 * @typedef {{kind: string, group: string, words: string, alarm?: string,
 *   delivery?: string}} Told
 */

const LOUD = ["raised", "upgraded", "joined", "repeated"];

/**
 * @param {any} line
 * @param {any} state
 * @returns {Told | null}
 */
export function wordsOf(line, state) {
  if (line.event !== undefined) return deed(line, state);
  if (line.effect === "AlarmChanged") return alarmWords(line, state);
  if (line.effect === "SignalChanged") return signalWords(line);
  return tellingWords(line, state) ?? otherWords(line, state);
}

/**
 * A sound that comes back or stops; the rest of a signal's life is told by the alarm's own lines.
 * @param {any} line
 * @returns {Told | null}
 */
function signalWords(line) {
  if (!["on", "off"].includes(line.state) || !line.reason) return null;
  const alarm = plain(line.id.split("@")[0]);
  const words =
    line.state === "on"
      ? t("session.event.again", { alarm, reason: line.reason })
      : t("session.event.silent", { alarm, reason: line.reason });
  return { kind: "quiet", group: "alarms", words };
}

/** @param {any} line @param {any} state @returns {Told} */
function alarmWords(line, state) {
  const { transition, priority } = line;
  const known = group("session.event.alarm");
  const happened = transition === "latched" && isOnce(line, state);
  const head = known[happened ? "happened" : transition] ?? transition;
  const what = inUnit(line.reason || line.row);
  const isLoud = LOUD.includes(transition);
  const seen = isLoud ? seenWords(line) : "";
  const start = transition === "raised" ? "" : `${head}: `;
  return {
    kind: isLoud ? priority : "quiet",
    group: "alarms",
    words: `${marks(priority)} ${start}${what}${seen}${byWords(line, state)}`,
    ...(transition === "raised" ? { alarm: line.id } : {}),
  };
}

/**
 * What was seen and against which limit, where the number has a unit that everybody knows.
 * @param {any} line
 */
function seenWords(line) {
  const { value_x100: value, limit_x100: limit, family } = line;
  if (value === undefined || value === null || limit === undefined || limit === null) return "";
  const isPressure = family.startsWith("pressure");
  const unit = family.startsWith("oxygen") ? " %" : family.startsWith("pulse") ? " /min" : "";
  if (unit === "" && !isPressure) return "";
  const say = isPressure ? pressure : number;
  const [saw, held] = [`${say(value)}${unit}`, `${say(limit)}${unit}`];
  return ` ${t("session.event.seen", { value: saw, limit: held })}`;
}

/** @param {any} line @param {any} state */
function byWords(line, state) {
  return line.by ? ` ${t("session.event.by", { who: nameOf(line.by, state) })}` : "";
}

/**
 * Whether a line is of a row that tells of what happened once: it is never over.
 * @param {any} line
 * @param {any} state
 */
function isOnce(line, state) {
  const alarm = (state.alarms ?? []).find((/** @type {any} */ one) => one.id === line.id);
  const row = alarm?.rows.find((/** @type {any} */ one) => one.row === line.row);
  return row === undefined ? line.id.endsWith(`@${line.at_ms}`) : row.once === true;
}

/** @param {any} line @param {any} state @returns {Told | null} */
function tellingWords(line, state) {
  switch (line.effect) {
    case "Send": {
      const to = nameOf(line.contact, state);
      const rung = plain(line.rung).toLowerCase();
      const head = t("session.event.sent", { to, way: channelWord(line.channel), rung });
      const late = line.late ? `, ${t("session.event.late")}` : "";
      const known = (state.told ?? []).find(
        (/** @type {any} */ one) => one.delivery === line.delivery,
      );
      const came = known === undefined ? "" : `: ${deliveryWords(known)}`;
      const why = line.reason ? ` (${line.reason})` : "";
      const words = `${head}${why}${late}${came}`;
      return { kind: "told", group: "told", words, delivery: line.delivery };
    }
    case "CancelSend": {
      const to = nameOf(String(line.delivery).split("/")[1] ?? "", state);
      const words = t("session.event.taken_back", { to, reason: line.reason });
      return { kind: "told", group: "told", words };
    }
    case "Skipped": {
      const rung = plain(line.rung).toLowerCase();
      const words = t("session.event.nobody", { rung, reason: line.reason });
      return { kind: "no", group: "told", words };
    }
    case "TaskChanged": {
      const who = line.to ? nameOf(line.to, state) : t("session.event.no_one");
      const reason = line.reason ? `: ${line.reason}` : "";
      const words = `${t("session.event.call_back", { state: line.state, who })}${reason}`;
      return { kind: "told", group: "told", words };
    }
    case "RehearsalChanged": {
      const who = line.contact ? nameOf(line.contact, state) : (line.role ?? "");
      const way = line.channel ? ` (${channelWord(line.channel)})` : "";
      const why = line.reason ? `: ${line.reason}` : "";
      const words = `${t("session.event.rehearsal", { who })}${way}: ${line.state}${why}`;
      return { kind: "told", group: "told", words };
    }
    case "Speak":
      return { kind: "told", group: "told", words: t("session.event.spoken") };
    default:
      return null;
  }
}

/** @param {any} line @param {any} state @returns {Told} */
function otherWords(line, state) {
  const reason = line.reason ?? "";
  switch (line.effect) {
    case "PhaseChanged":
      return { kind: "phase", group: "course", words: `${phaseWord(line.phase)}: ${reason}` };
    case "Prompted": {
      const asked = group("session.event.asked")[line.prompt] ?? plain(line.prompt);
      return { kind: "prompt", group: "course", words: `${asked}: ${reason}` };
    }
    case "FollowUpChanged": {
      const by = byWords(line, state);
      const step = plain(line.step).toLowerCase();
      const words = `${t("session.event.follow_up", { step })}${by}`;
      return { kind: "prompt", group: "course", words };
    }
    case "BaselineFrozen": {
      const value = number(line.value_x100 ?? 0);
      const none = line.value_x100 === null || line.value_x100 === undefined;
      const words = none
        ? t("session.event.no_baseline", { metric: line.metric, reason })
        : t("session.event.baseline", { metric: line.metric, value });
      return { kind: "quiet", group: "course", words };
    }
    case "LimitChanged": {
      const [from, to] = [number(line.before_x100), number(line.limit_x100)];
      const who = nameOf(line.by, state);
      const words = `${t("session.event.limit", { row: line.row, from, to, who })}: ${reason}`;
      return { kind: "phase", group: "people", words };
    }
    case "CardStep":
      return {
        kind: "told",
        group: "course",
        words: t("session.event.first_step", { step: line.step }),
      };
    case "Refused": {
      const what = plain(line.what.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")).toLowerCase();
      const words = line.by
        ? t("session.event.refused_by", { what, who: nameOf(line.by, state), reason })
        : t("session.event.refused", { what, reason });
      return { kind: "no", group: "no", words };
    }
    case "Unjudged": {
      const words = t("session.event.unjudged", { device: line.device, reason });
      return { kind: "no", group: "no", words };
    }
    case "Informed":
      return { kind: "no", group: "course", words: line.words };
    case "RowOff":
      return {
        kind: "no",
        group: "no",
        words: t("session.event.row_off", { row: line.row, why: line.why }),
      };
    default:
      return { kind: "quiet", group: "course", words: `${plain(line.effect)} ${reason}`.trim() };
  }
}

/**
 * What a person did, or what happened to the hub.
 * @param {any} line
 * @param {any} state
 * @returns {Told}
 */
function deed(line, state) {
  const known = group("session.event.deed");
  const what = known[line.event] ?? plain(line.event);
  const by = byWords(line, state);
  const detail = detailOf(line, state);
  const kind = line.event === "HelpCalled" ? "high" : "deed";
  return { kind, group: "people", words: `${what}${by}${detail === "" ? "" : `: ${detail}`}` };
}

/** @param {any} line @param {any} state */
function detailOf(line, state) {
  if (line.codes !== undefined) return codeWords(line.codes);
  if (line.sbp_x100 !== undefined) return `${pressure(line.sbp_x100)}/${pressure(line.dbp_x100)}`;
  if (line.pulse_x100 !== undefined) return `${number(line.pulse_x100)} /min`;
  if (line.verdict !== undefined) {
    const verdict = group("session.verdict")[line.verdict] ?? line.verdict;
    const note = line.note ? `, ${line.note}` : "";
    return `${plain(line.alarm.split("@")[0])} ${stampOf(line.alarm, state)}: ${verdict}${note}`;
  }
  if (line.item !== undefined) {
    const rest = [line.state, line.note, line.reason].filter(Boolean).join(", ");
    return `${plain(line.item)}${rest ? `: ${rest}` : ""}`;
  }
  if (line.what !== undefined) {
    const count = line.number === undefined || line.number === null ? "" : ` ${line.number}`;
    const over = line.over ? `, ${t("session.event.over")}` : "";
    return `${plain(line.what)}${count}${over}`;
  }
  if (line.down_ms !== undefined && line.down_ms !== null) {
    return `${Math.round(line.down_ms / 1000)} s`;
  }
  return String(line.text ?? line.to ?? line.reason ?? line.detail ?? "");
}

/**
 * When an alarm was raised, as its id has it.
 * @param {string} alarm
 * @param {any} state
 */
export function stampOf(alarm, state) {
  const at = Number(alarm.split("@")[1]);
  return Number.isFinite(at) ? stamp(at - (state.dose_ms ?? 0)) : "";
}
