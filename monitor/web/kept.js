// @ts-check
/**
 * The companion's page on this telephone: kept as an icon, when its person says so, and what is
 * missing where the browser does not trust the connection.
 *
 * An icon starts the page without the link, so that its token must be kept here; it ends with the
 * invitation, at once when the hub says no, or when somebody taps "Forget". Without a token the
 * page takes the link as pasted text: an icon on an iPhone shares nothing with the browser.
 *
 *   const panel = keptPanel(page);
 */

import { byId, el, say, show } from "./dom.js";
import { t } from "./text.js";
import { forget, inLink, keep, kept } from "./token.js";

/** @typedef {import("./panel.js").Panel} Panel */

/**
 * @param {import("./page.js").Page} page
 * @returns {Panel}
 */
export function keptPanel(page) {
  /** What some browsers give, so that a button of the page can ask. @type {any} */
  let offer = null;
  const words = el("p", { class: "why" });
  const yes = button("main wide", t("companion.kept.keep"), () => {
    keep(page.feed.token);
    navigator.storage?.persist?.();
  });
  const icon = button("quiet wide", t("companion.kept.icon"), async () => {
    await offer.prompt();
    offer = null;
  });
  const no = button("quiet wide", t("companion.kept.forget"), forget);
  const node = el(
    "section",
    { class: "panel", "aria-labelledby": "kept-title" },
    el("h2", { id: "kept-title" }, t("companion.kept.title")),
    words,
    yes,
    icon,
    no,
  );
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
  });
  page.feed.addEventListener("state", () => {
    if (page.feed.state === "denied") forget();
  });
  linkForm(page);
  let fault = "";
  serve().catch((error) => {
    fault = t("companion.kept.no_away", { why: String(error) });
  });

  return {
    node,
    update() {
      const trusted = page.feed.me?.secure === true && isSecureContext;
      const is = kept();
      const missing = t("companion.kept.untrusted");
      const told = is ? t("companion.kept.is_kept") : t("companion.kept.why");
      say(words, fault || (trusted ? told : missing));
      show(yes, trusted && !is);
      show(icon, trusted && is && offer !== null);
      show(no, is);
      show(node, page.role === "companion");
    },
  };
}

/**
 * For a page that was opened without a link, or whose link has ended.
 * @param {import("./page.js").Page} page
 */
function linkForm(page) {
  const input = el("input", { id: "pasted", type: "text", autocomplete: "off", required: true });
  const hint = el("p", { class: "hint", role: "status" });
  const form = el(
    "form",
    { class: "panel", hidden: true },
    el("label", { for: "pasted" }, t("companion.kept.paste")),
    input,
    el("button", { type: "submit", class: "main wide" }, t("companion.kept.open")),
    hint,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (input);
    const token = inLink(field.value);
    if (token === "") say(hint, t("companion.kept.no_link"));
    else {
      location.hash = new URLSearchParams({ t: token }).toString();
      location.reload();
    }
  });
  byId("empty").after(form);
  const look = () => show(form, page.feed.state === "denied");
  page.feed.addEventListener("state", look);
  look();
}

/** The screen for a hub that is away, where the browser can keep it. */
async function serve() {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage("refresh");
}

/**
 * @param {string} look
 * @param {string} words
 * @param {() => void} deed
 */
function button(look, words, deed) {
  return el("button", { type: "button", class: look, onclick: deed }, words);
}
