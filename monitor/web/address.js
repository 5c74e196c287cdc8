// @ts-check
/**
 * The address to read out, on the card of an emergency: where the ambulance must come, and how it
 * gets in. It is asked for once, kept in this page alone, and shown while it is needed, also when
 * the feed is lost.
 *
 *   const address = addressLine(page);
 *   address.update(room);
 */

import { asking } from "./asking.js";
import { byId, el, say, show } from "./dom.js";
import { asks } from "./rights.js";
import { t } from "./text.js";

const AGAIN_MS = 10_000;

/** @param {import("./page.js").Page} page */
export function addressLine(page) {
  const ask = asking(page.feed);
  const where = el("strong");
  const entry = el("span");
  const node = el("p", { class: "address" }, where, entry);
  byId("card-why").after(node);
  /** @type {any} */
  let file = null;
  let asked = { session: "", at: -Infinity };

  /** @param {string} session */
  async function read(session) {
    asked = { session, at: performance.now() };
    const told = await ask(session, "sheet");
    if (asked.session !== session || told.error !== undefined) return;
    file = told.sheet.file;
    asked.at = Infinity;
  }

  return {
    /** @param {import("./room.js").Room} room */
    update(room) {
      if (asked.session !== room.id) file = null;
      const isDue = asked.session !== room.id || performance.now() - asked.at > AGAIN_MS;
      if (isDue && !page.feed.lost && asks(page.role, "sheet")) read(room.id);
      const grave = room.alarms.some(
        (alarm) =>
          alarm.alarm_class === "E" && alarm.rows.some((/** @type {any} */ row) => row.present),
      );
      const yes = file !== null && (grave || room.state.phase === "emergency");
      say(where, yes ? t("companion.now.address", { address: file.address }) : "");
      say(entry, yes && file.entry ? t("companion.now.entry", { entry: file.entry }) : "");
      show(node, yes);
    },
  };
}
