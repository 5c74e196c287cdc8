// @ts-check
/**
 * What a telephone's vibration says: each priority by a rhythm of its own, a question by two short
 * ones. It needs no sound to be on; a browser lets it happen after the first tap on the page, and
 * one without vibration (every iPhone) does nothing.
 *
 *   buzz("high")
 */

/** @type {Record<string, number[]>} */
export const BUZZ = {
  high: [400, 200, 400, 200, 400],
  medium: [300, 200, 300],
  low: [200],
  asked: [120, 120, 120],
};

/** @param {string} pattern */
export function buzz(pattern) {
  const rhythm = BUZZ[pattern];
  // Before the first tap a browser refuses, and writes an error.
  const may = navigator.userActivation?.hasBeenActive ?? true;
  if (rhythm !== undefined && may) navigator.vibrate?.(rhythm);
}
