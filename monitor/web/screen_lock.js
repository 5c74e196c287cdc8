// @ts-check
/**
 * Keeping the phone's screen on: browsers allow it only over a connection that they trust. Where
 * they do not, the page says so and what to do instead, and never pretends.
 *
 *   const lock = new ScreenLock(page);
 *   lock.update();
 */

import { byId, say, show } from "./dom.js";

export class ScreenLock {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {WakeLockSentinel | null} */
    this.held = null;
    this.asking = false;
    this.error = "";
    /** Whether the hub was told, of this connection. @type {any} */
    this.toldOf = null;
    document.addEventListener("visibilitychange", () => {
      // A browser takes the lock away from a page that is put aside, and may refuse it once.
      if (document.visibilityState === "visible") this.error = "";
      this.update();
    });
  }

  get possible() {
    return this.page.feed.me?.secure === true && isSecureContext && "wakeLock" in navigator;
  }

  update() {
    if (this.page.feed.me === null) return;
    if (this.possible && this.held === null && !this.asking && this.error === "") this.#ask();
    this.#tell();
    const why = this.possible ? this.error : "this connection is not trusted (no TLS)";
    say(byId("screen"), `The screen may go dark: ${why}. Set the phone to stay on.`);
    show(byId("screen"), why !== "" && this.held === null);
  }

  /** The companion's page says once a connection what it can do; a lock that was held counts. */
  #tell() {
    const { feed } = this.page;
    const known = this.held !== null || this.error !== "" || !this.possible;
    if (feed.lost || feed.me?.role !== "companion" || !known || this.toldOf === feed.me) return;
    this.toldOf = feed.me;
    feed.here(this.held !== null);
  }

  async #ask() {
    if (document.visibilityState !== "visible") return;
    this.asking = true;
    try {
      this.held = await navigator.wakeLock.request("screen");
      this.held.addEventListener("release", () => {
        this.held = null;
        this.update();
      });
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      show(byId("screen"), true);
    } finally {
      this.asking = false;
      this.#tell();
    }
  }
}
