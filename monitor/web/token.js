// @ts-check
/**
 * The token by which this page is let in. It comes behind the # of the address, lives in this tab,
 * and stays on the telephone only when its person says so, until the hub ends the invitation.
 *
 * With it are kept the patient's name and the emergency number, for the screen that says that the
 * hub is away. Nothing else is ever kept: no value and no state.
 *
 *   const { token, session } = fromAddress();
 *   keep(token); kept(); forget();
 */

const TOKEN = "vigil-token";
const KEPT = "vigil-kept-token";
const NAME = "vigil-kept-name";
const NUMBER = "vigil-emergency-number";

/** @returns {{token: string, session: string}} */
export function fromAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  const token = told.get("t");
  if (token !== null) {
    sessionStorage.setItem(TOKEN, token);
    // A new link stands for the one that is kept here.
    if (kept()) keep(token);
    told.delete("t");
    const rest = told.toString();
    history.replaceState(null, "", location.pathname + (rest === "" ? "" : `#${rest}`));
  }
  const known = token ?? sessionStorage.getItem(TOKEN) ?? localStorage.getItem(KEPT) ?? "";
  return { token: known, session: told.get("s") ?? "" };
}

/**
 * The token in a link that somebody pasted; empty when there is none in it.
 * @param {string} link
 */
export function inLink(link) {
  const at = link.indexOf("#");
  return at < 0 ? "" : (new URLSearchParams(link.slice(at + 1).trim()).get("t") ?? "");
}

/** @param {string} token */
export function keep(token) {
  localStorage.setItem(KEPT, token);
}

/** Whether a token is kept on this telephone. */
export function kept() {
  return localStorage.getItem(KEPT) !== null;
}

/** What was kept goes, but the emergency number: it is no secret, and it may be needed. */
export function forget() {
  localStorage.removeItem(KEPT);
  localStorage.removeItem(NAME);
}

/**
 * What the screen without a hub says of whom to look at, and whom to call.
 * @param {{name: string, number: string}} said
 */
export function note({ name, number }) {
  if (number !== "" && localStorage.getItem(NUMBER) !== number) {
    localStorage.setItem(NUMBER, number);
  }
  if (kept() && name !== "" && localStorage.getItem(NAME) !== name) {
    localStorage.setItem(NAME, name);
  }
}

/** What is known of it now. */
export function noted() {
  return {
    name: localStorage.getItem(NAME) ?? "",
    number: localStorage.getItem(NUMBER) ?? "",
  };
}
