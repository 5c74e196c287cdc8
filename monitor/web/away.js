// @ts-check
/**
 * The screen without a hub: to look at the patient, to call, and that it comes back by itself.
 *
 * It shows no value, because it knows none. It asks for the hub every two seconds, and loads the
 * page anew as soon as it answers.
 */

import { byId, el, mark, say } from "./dom.js";
import { steps, t } from "./text.js";
import { noted } from "./token.js";

const AGAIN_MS = 2_000;

const { name, number } = noted();
if (name !== "") say(byId("away-line"), t("companion.away.line", { name }));
const told = steps("companion.away.steps");
byId("away-steps").append(...told.map((step) => el("li", {}, step)));
if (number !== "") {
  say(byId("emergency"), t("companion.away.call", { number }));
  mark(byId("emergency"), "href", `tel:${number.replaceAll(/[^+0-9]/g, "")}`);
}

async function again() {
  try {
    await fetch("/healthz", { signal: AbortSignal.timeout(AGAIN_MS) });
    location.reload();
  } catch {
    // Still away: the next try comes by itself.
    setTimeout(again, AGAIN_MS);
  }
}
setTimeout(again, AGAIN_MS);
