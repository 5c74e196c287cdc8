// @ts-check
/**
 * The question for a verdict on an alarm: true, false or unclear, and a note.
 *
 *   await askVerdict(page, room, "oxygen@61000");
 */

import { ask } from "./dialog.js";
import { stampOf } from "./event_words.js";
import { group, t } from "./text.js";
import { plain } from "./words.js";

/**
 * @param {import("./page.js").Page} page
 * @param {import("./room.js").Room} room
 * @param {string} alarm
 */
export async function askVerdict(page, room, alarm) {
  const named = `${plain(alarm.split("@")[0])}, ${stampOf(alarm, room.state)}`;
  const told = await ask({
    title: t("session.judge.title", { alarm: named }),
    words: t("session.judge.words"),
    yes: t("session.judge.yes"),
    fields: [
      {
        name: "verdict",
        label: t("session.judge.verdict"),
        options: Object.entries(group("session.verdict")),
      },
      { name: "note", label: t("session.judge.note") },
    ],
  });
  if (told === null) return;
  const order = { do: "judge_alarm", alarm, verdict: told.verdict, note: told.note };
  page.tell(room.id, order, t("session.judge.done"));
}
