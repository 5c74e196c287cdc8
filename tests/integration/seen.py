"""What eyes would find wrong on a page: words cut off, words over words, things that jump.

Everything is measured in the browser from where the letters really are, and handed back as
sentences that name the element, so that an empty list is a page without a fault.
"""

from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.integration.fake_feed import FakeFeed, State, state

# Letters outside of what shows them, and letters over other letters. An element with a `title`
# may shorten its words: the whole of them can be had. What is fixed to the screen lies over the
# rest by intent and is only compared with its own kind.
_FAULTS = """() => {
  const found = [];
  const boxes = [];
  const name = (node) => `${node.tagName.toLowerCase()}.${node.className || node.id}`;
  const over = document.querySelector("dialog[open]");
  const walk = document.createTreeWalker(over ?? document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text !== null; text = walk.nextNode()) {
    const words = text.data.trim();
    const node = text.parentElement;
    if (words === "" || node.closest(".unseen, script, style, noscript, option") !== null) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter((one) => one.width > 1 && one.height > 1);
    if (rects.length === 0) continue;
    const all = range.getBoundingClientRect();
    let fixed = null;
    let folded = false;
    for (let up = node; up !== null && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.position === "fixed" || style.position === "sticky") fixed = up;
      const box = up.getBoundingClientRect();
      const titled = up.querySelector(":scope > [title]") !== null || up.title !== "";
      const cutX = ["hidden", "clip"].includes(style.overflowX) && !titled;
      const cutY = ["hidden", "clip"].includes(style.overflowY) && up.closest("[title]") === null;
      if (up.matches("details:not([open])") && node.closest("summary") === null) folded = true;
      if (parseFloat(style.borderBottomWidth) > 0 && style.display !== "inline" && !titled &&
          style.overflowY === "visible" && (all.bottom > box.bottom + 1 || all.top < box.top - 1))
        found.push(`sticks out: "${words}" of ${name(up)}`);
      if (cutX && (all.right > box.right + 1.5 || all.left < box.left - 1.5))
        found.push(`cut sideways: "${words}" in ${name(up)}`);
      if (cutY && (all.bottom > box.bottom + 2.5 || all.top < box.top - 2.5))
        found.push(`cut in height: "${words}" in ${name(up)}`);
      if (style.overflowX === "auto" || style.overflowY === "auto") folded ||=
        all.bottom > box.bottom || all.top < box.top || all.right > box.right;
    }
    if (folded) continue;
    if (all.right > innerWidth + 1 || all.left < -1) found.push(`off the screen: "${words}"`);
    for (const rect of rects) boxes.push({ rect, node, words, fixed });
  }
  for (let a = 0; a < boxes.length; a += 1) {
    for (let b = a + 1; b < boxes.length; b += 1) {
      const [one, two] = [boxes[a], boxes[b]];
      if (one.node === two.node || one.fixed !== two.fixed) continue;
      // A line's box is higher than its letters.
      const right = Math.min(one.rect.right, two.rect.right);
      const wide = right - Math.max(one.rect.left, two.rect.left);
      const [low, top] = [
        Math.min(...[one, two].map(({ rect }) => rect.bottom - 0.17 * rect.height)),
        Math.max(...[one, two].map(({ rect }) => rect.top + 0.17 * rect.height)),
      ];
      if (wide > 1.5 && low - top > 1) found.push(`"${one.words}" lies over "${two.words}"`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the screen");
  return [...new Set(found)];
}"""

_WATCH = """() => {
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      const names = one.sources.map(({ node }) => node?.className || node?.id || node?.nodeName);
      if (!one.hadRecentInput) window.moved.push([one.value, names.join(" ")]);
    }
  }).observe({ type: "layout-shift", buffered: false });
}"""

_AXE = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(
  (one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)} ${one.nodes[0].failureSummary}`)"""


async def faults(page: Page) -> list[str]:
    """What is cut, what lies over what, and what reaches off the screen."""
    found: list[str] = await page.evaluate(_FAULTS)
    return found


async def barriers(page: Page) -> list[str]:
    """What axe finds wrong; the page is told of axe once."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    found: list[str] = await page.evaluate(_AXE)
    return found


async def watch_shifts(page: Page) -> None:
    """From now on the browser keeps what moved without a person's doing."""
    await page.evaluate(_WATCH)


async def shifts(page: Page) -> tuple[float, list[Any]]:
    """How much has moved since, in the browser's own measure, and what."""
    moved: list[Any] = await page.evaluate("window.moved")
    return sum(value for value, _ in moved), moved


async def show_state(feed: FakeFeed, page: Page, patch: State, session: str = "s1") -> None:
    """Put a session into a state on the open page, and wait until the page has drawn it."""
    whole = state(session) | patch
    await feed.show(**whole)
    await drawn(page, feed.seq)


async def drawn(page: Page, seq: int) -> None:
    """Wait until the page shows this record."""
    await page.wait_for_selector(f"body[data-record='{seq}']", timeout=10_000, state="attached")
