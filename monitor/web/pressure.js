// @ts-check
/**
 * Blood pressures in the unit of the hub, mmHg or kPa; the hub itself knows mmHg only.
 *
 * The sums are those of `monitor/pressure_unit.py`, which says why no value is shown across a limit
 * that it did not cross. What a person types is read in the same unit, and a number that looks like
 * the other one is not taken.
 *
 *   pressure(16_000)            -> "160", or "21.3"
 *   typed("120", 30, 300)       -> in kPa: {mmhg: null, error: "120 looks like mmHg. ..."}
 */

import { pressureUnit, t } from "./text.js";

/** Ten-thousandths of a pascal in one conventional mmHg. */
const TENTHS_MPA = 1_333_224;
/** No arm has so many kPa, and no cuff shows a tenth of a mmHg. */
const MOST_KPA = 40;

/**
 * A reading: cut to whole mmHg, then to 0.1 kPa.
 * @param {number} x100
 */
export function pressure(x100) {
  return shown(Math.floor(x100 / 100));
}

/**
 * A limit: raised to whole mmHg.
 * @param {number} mmhg
 */
export function pressureLimit(mmhg) {
  return shown(Math.ceil(mmhg));
}

/**
 * Words of the hub with their mmHg in the unit of the screen.
 * @param {string} words
 */
export function inUnit(words) {
  if (pressureUnit() !== "kPa") return words;
  return words
    .replaceAll(/(\d+)\/(\d+) mmHg/g, (_, high, low) => `${shown(+high)}/${shown(+low)} kPa`)
    .replaceAll(/(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?) mmHg/g, (_, from, to) => {
      return `${pressureLimit(+from)} to ${pressureLimit(+to)} kPa`;
    })
    .replaceAll(/(\d+(?:\.\d+)?) mmHg/g, (_, one) => `${pressureLimit(+one)} kPa`);
}

/**
 * The reason of a row of pressures, with its unit where the screen has another one.
 * @param {any} row
 */
export function reasonIn(row) {
  const told = row?.reason ?? "";
  const isPressure = pressureUnit() === "kPa" && /^BP-/.test(row?.row ?? "") && /\d/.test(told);
  return isPressure ? t("shared.in_mmhg", { words: told }) : told;
}

/**
 * What somebody typed off a cuff, in whole mmHg.
 * @param {string} words
 * @param {number} least  in mmHg
 * @param {number} most   in mmHg
 * @returns {{mmhg: number, error: ""} | {mmhg: null, error: string}}
 */
export function typed(words, least, most) {
  const told = words.trim().replace(",", ".");
  const number = /^\d{1,3}(\.\d{1,2})?$/.test(told) ? Number(told) : null;
  const kpa = pressureUnit() === "kPa";
  if (number === null) return no(t("shared.pressure_no_number", { words }));
  if (kpa && number > MOST_KPA) return no(t("shared.pressure_is_mmhg", { words }));
  if (!kpa && (told.includes(".") || number < least)) {
    return no(t("shared.pressure_is_kpa", { words }));
  }
  const mmhg = Math.round(kpa ? (number * 10_000_000) / TENTHS_MPA : number);
  if (mmhg >= least && mmhg <= most) return { mmhg, error: "" };
  const span = { words, least: pressureLimit(least), most: pressureLimit(most) };
  return no(t("shared.pressure_out", span));
}

/** @param {string} error */
function no(error) {
  return { mmhg: /** @type {null} */ (null), error };
}

/** @param {number} mmhg */
function shown(mmhg) {
  if (pressureUnit() !== "kPa") return String(mmhg);
  return (Math.floor((mmhg * TENTHS_MPA + 500_000) / 1_000_000) / 10).toFixed(1);
}
