// @ts-check
/**
 * What a page asks the hub for once: earlier lines, the plan in force, the sheet for an ambulance.
 * Each question has one answer or a reason why there is none; nothing is sent again by itself.
 *
 *   const told = await asking(page.feed)("s1", "past", 200);
 *   if (told.error === undefined) show(told.lines);
 */

const ANSWER_MS = 10_000;

/**
 * @param {import("./feed.js").Feed} feed
 * @returns {(session: string, what: "past" | "plan" | "sheet", before?: number) => Promise<any>}
 */
export function asking(feed) {
  /** @type {Map<string, (told: any) => void>} */
  const open = new Map();
  let asked = 0;
  feed.addEventListener("told", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    open.get(told.ref)?.(told);
    open.delete(told.ref);
  });
  return (session, what, before = 0) =>
    new Promise((answer) => {
      asked += 1;
      const ref = `${what}-${asked}`;
      open.set(ref, answer);
      feed.ask({ ref, session, what, before });
      setTimeout(() => {
        if (!open.delete(ref)) return;
        answer({ ref, error: "the hub has not answered in 10 s" });
      }, ANSWER_MS);
    });
}
