// @ts-check
/**
 * One question to a person before something is sent: a few fields, a clear yes, and a way out.
 *
 * The browser's own dialog element keeps the keyboard inside and gives Escape its meaning. It sends
 * nothing by itself.
 *
 *   const told = await ask({ title: "End the session?", yes: "End", fields: [
 *     { name: "reason", label: "Reason", required: true } ] });
 *   if (told !== null) page.tell(id, { do: "end", reason: told.reason }, "Ended");
 */

import { el } from "./dom.js";

/**
 * @typedef {{name: string, label: string, type?: string, required?: boolean, value?: string,
 *   min?: number, max?: number, options?: [string, string][], inputmode?: string}} Field
 */

/**
 * Ask; the answers by name, or null when the person went back.
 * @param {{title: string, words?: string, yes: string, no?: string, danger?: boolean,
 *   fields?: Field[]}} question
 * @returns {Promise<Record<string, string> | null>}
 */
export function ask(question) {
  const title = el("h2", { id: "asked" }, question.title);
  const fields = (question.fields ?? []).map(fieldOf);
  const form = el(
    "form",
    { method: "dialog" },
    title,
    question.words ? el("p", {}, question.words) : null,
    ...fields,
    el(
      "div",
      { class: "row" },
      el(
        "button",
        { type: "button", class: "quiet", onclick: () => dialog.close() },
        question.no ?? "Back",
      ),
      el("button", { type: "submit", class: question.danger ? "danger" : "main" }, question.yes),
    ),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { "aria-labelledby": "asked" }, form)
  );
  /** @type {Record<string, string> | null} */
  let told = null;
  form.addEventListener("submit", () => {
    told = {};
    for (const [name, value] of new FormData(/** @type {HTMLFormElement} */ (form))) {
      told[name] = String(value).trim();
    }
  });
  document.body.append(dialog);
  openOver(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(told);
    });
  });
}

/**
 * Open a dialog over the page. The calls for help at the foot of a telephone's page come along:
 * they stay where they are and can be pressed, whatever covers the rest.
 * @param {HTMLDialogElement} dialog
 */
export function openOver(dialog) {
  const foot = document.querySelector(".foot-bar");
  const home = foot?.parentElement ?? null;
  if (foot !== null && home !== null) {
    dialog.append(foot);
    const back = () => {
      const open = home instanceof HTMLDialogElement ? home.open : true;
      (open && home.isConnected ? home : document.body).append(foot);
    };
    dialog.addEventListener("close", back, { once: true });
  }
  dialog.showModal();
}

/** @param {Field} field */
export function fieldOf(field) {
  const id = `field-${field.name}`;
  const input = field.options
    ? el(
        "select",
        { id, name: field.name },
        ...field.options.map(([value, words]) => el("option", { value }, words)),
      )
    : el("input", {
        id,
        name: field.name,
        type: field.type ?? "text",
        required: field.required ?? false,
        min: field.min,
        max: field.max,
        inputmode: field.inputmode,
        maxlength: field.type === "number" ? null : 500,
        value: field.value,
        autocomplete: "off",
      });
  return el("div", { class: "field" }, el("label", { for: id }, field.label), input);
}
