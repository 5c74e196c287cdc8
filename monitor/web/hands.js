// @ts-check
/**
 * Hands on a drawing: a pointer that points, drags, pinches or turns its wheel, told as parts of
 * the width. A finger that goes up or down scrolls the page as everywhere.
 *
 *   handsOn(node, { left: 40, canvas, point, leave, pan, zoom, reset });
 */

const DRAG_PX = 5;
const WHEEL = 0.0015;

/**
 * @param {HTMLElement} node
 * @param {{left: number, canvas: HTMLElement, point: (part: number) => void, leave: () => void,
 *   pan: (part: number) => void, zoom: (factor: number, part: number) => void,
 *   reset: () => void}} told
 */
export function handsOn(node, told) {
  /** Where each finger or pressed mouse is. @type {Map<number, number>} */
  const down = new Map();
  let moved = 0;

  function box() {
    const { left, width } = told.canvas.getBoundingClientRect();
    return { left: left + told.left, width: Math.max(width - told.left, 1) };
  }

  /** @param {number} x */
  function part(x) {
    const { left, width } = box();
    return (x - left) / width;
  }

  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, event.clientX);
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") told.point(part(event.clientX));
      return;
    }
    const others = [...down].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    const by = event.clientX - before;
    moved += Math.abs(by);
    if (moved < DRAG_PX) return;
    down.set(event.pointerId, event.clientX);
    if (others.length === 0) told.pan(-by / box().width);
    else {
      const old = Math.max(Math.abs(before - others[0]), 1);
      const now = Math.max(Math.abs(event.clientX - others[0]), 1);
      told.zoom(old / now, part((event.clientX + others[0]) / 2));
    }
  });
  node.addEventListener("pointerup", (event) => {
    if (down.delete(event.pointerId) && moved < DRAG_PX) told.point(part(event.clientX));
  });
  node.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  node.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && down.size === 0) told.leave();
  });
  node.addEventListener("dblclick", () => told.reset());
  node.addEventListener(
    "wheel",
    (event) => {
      const at = part(event.clientX);
      if (at < 0 || at > 1) return;
      event.preventDefault();
      told.zoom(Math.exp(event.deltaY * WHEEL), at);
    },
    { passive: false },
  );
}
