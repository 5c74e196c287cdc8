// @ts-check
/**
 * How many columns a wall needs, so that its tiles fill the screen and each can still be read.
 *
 * A tile's place follows from its number and from this alone, never from an alarm. Nothing here
 * touches the page: it is given the room that there is and answers with numbers.
 *
 *   places(8, 1424, 836)    -> { columns: 4, rows: 2, fits: true }
 */

/** The space between tiles, and the least size of one that shows everything. In CSS pixels. */
export const GAP = 8;
const LEAST = { wide: 296, high: 196 };
/** A tile of this form is the best to read; a larger one gains from both sides alike. */
const FORM = { wide: 340, high: 300 };
const PHONE = 480;

/**
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @returns {{columns: number, rows: number, fits: boolean}} fits: no need to scroll
 */
export function places(count, width, height) {
  if (count < 1 || width < PHONE) return { columns: 1, rows: Math.max(count, 1), fits: false };
  const most = Math.max(1, Math.min(count, Math.floor((width + GAP) / (LEAST.wide + GAP))));
  let best = { columns: most, rows: Math.ceil(count / most), score: -1, fits: false };
  for (let columns = 1; columns <= most; columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = (width - GAP * (columns - 1)) / columns;
    const high = (height - GAP * (rows - 1)) / rows;
    if (high < LEAST.high) continue;
    const score = Math.min(wide / FORM.wide, high / FORM.high);
    if (score > best.score) best = { columns, rows, score, fits: true };
  }
  return { columns: best.columns, rows: best.rows, fits: best.fits };
}
