// @ts-check
/**
 * The few things that every page does with its elements: make one, change its words only when they
 * change (a screen reader must not be told the same again each second), show or hide it.
 *
 * Nothing here knows of sessions or alarms, and no text is ever read as HTML.
 *
 *   el("button", { type: "button", class: "big", onclick: go }, "I am with Alex")
 */

/** @typedef {Record<string, any>} Props */

/**
 * Make an element. `on...` are listeners, `class` is the class, everything else an attribute.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
  for (const child of children) if (child !== null) node.append(child);
  return node;
}

/**
 * Set the words of an element when they differ.
 * @param {Element} node
 * @param {string} words
 */
export function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/**
 * Set or remove an attribute when that changes something.
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value
 */
export function mark(node, name, value) {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Show or hide an element.
 * @param {HTMLElement} node
 * @param {boolean} yes
 */
export function show(node, yes) {
  if (node.hidden === yes) node.hidden = !yes;
}

/**
 * The element of the page with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the page has no element ${id}`);
  return node;
}

/**
 * Keep one child for each key, in the order given: children are made once, updated, and removed.
 * @template T
 * @param {HTMLElement} parent
 * @param {Map<string, {node: HTMLElement, update: (item: T) => void}>} kept
 * @param {[string, T][]} wanted
 * @param {(item: T) => {node: HTMLElement, update: (item: T) => void}} make
 */
export function keep(parent, kept, wanted, make) {
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, view] of kept) {
    if (keys.has(key)) continue;
    view.node.remove();
    kept.delete(key);
  }
  wanted.forEach(([key, item], at) => {
    let view = kept.get(key);
    if (view === undefined) {
      view = make(item);
      kept.set(key, view);
    }
    // Moved only when it stands elsewhere: a node that is moved loses its focus.
    const there = parent.children[at] ?? null;
    if (there !== view.node) parent.insertBefore(view.node, there);
    view.update(item);
  });
}

/**
 * A time of day as this browser's clock has it: 14:03:22.
 * @param {number} ms
 */
export function timeOfDay(ms) {
  return new Date(ms).toLocaleTimeString("en-GB");
}
