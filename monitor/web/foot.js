// @ts-check
/**
 * The two calls at the foot of a telephone's page: for help, asked once more, and the emergency
 * number. They stand at the same place in every state, over every dialog, without the hub too.
 *
 *   const foot = footBar(page, () => room, { call: "Call the doctor", ... });
 *   foot.update(room);
 */

import { ask } from "./dialog.js";
import { byId, mark, say, show } from "./dom.js";
import { may } from "./rights.js";
import { note, noted } from "./token.js";
import { isOver } from "./words.js";

/**
 * @typedef {{call: string, back: string, called: string, cancelled: string,
 *   help: Parameters<typeof ask>[0], cancel: Parameters<typeof ask>[0]}} Words
 */

/**
 * @param {import("./page.js").Page} page
 * @param {() => import("./room.js").Room | null} current
 * @param {Words} words
 */
export function footBar(page, current, words) {
  let asking = false;

  byId("help").addEventListener("click", async () => {
    const room = current();
    if (room === null || asking) return;
    const calling = helpIsCalled(room);
    asking = true;
    const told = await ask(calling ? words.cancel : words.help);
    asking = false;
    if (told === null) return;
    const order = { do: calling ? "cancel_help" : "help" };
    await page.tell(room.id, order, calling ? words.cancelled : words.called);
  });

  return {
    /** @param {import("./room.js").Room | null} room */
    update(room) {
      // The number stays in this telephone, so that the call is there when the hub is not.
      const number = room?.state.emergency_number || noted().number;
      if (room !== null) note({ name: room.name, number });
      const call = byId("emergency");
      say(call, number ? `Emergency ${number}` : "Emergency: no number set");
      mark(call, "href", number ? `tel:${number.replaceAll(/[^+0-9]/g, "")}` : null);
      const living = room !== null && !isOver(room.state.phase) && !room.gone;
      say(byId("help"), room !== null && helpIsCalled(room) ? words.back : words.call);
      show(byId("help"), living && may(page.role, "help"));
    },
  };
}

/**
 * Whether somebody's call for help stands.
 * @param {import("./room.js").Room} room
 */
export function helpIsCalled(room) {
  return room.alarms.some(
    (alarm) => alarm.family === "panic" && alarm.rows.some((/** @type {any} */ row) => row.present),
  );
}
