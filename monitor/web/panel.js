// @ts-check
/**
 * What every panel of a session is: an element, and how it is brought up to date.
 *
 * A panel shows itself only while it makes sense and the person may use it; it never sends without
 * a tap, and a fact that cannot be undone is asked for once more.
 *
 *   const gate = gatePanel(page, () => room);
 *   side.append(gate.node);
 *   gate.update(nowMs);
 */

/** @typedef {{node: HTMLElement, update: (nowMs: number) => void}} Panel */

export {};
