// @ts-check
/**
 * What a telephone shows when the companion's page is opened and the hub does not answer: at once,
 * that there is no hub, to look at the patient, and the emergency number.
 *
 * It keeps the few files of that one screen and nothing else: no page with numbers, no answer of
 * the hub, no token. Every other request goes past it. It is no way to run without the hub.
 *
 *   navigator.serviceWorker.register("/sw.js")   (kept.js)
 */

const worker = /** @type {any} */ (self);
const CACHE = "vigil-away";
const PAGE = "/companion.html";
const AWAY = "/away.html";
const SHELL = [
  AWAY,
  "/away.js",
  "/style.css",
  "/controls.css",
  "/companion.css",
  "/mark.svg",
  "/dom.js",
  "/text.js",
  "/texts_bedside.js",
  "/token.js",
];
/** A hub that is there answers in a moment; a telephone in another network waits for ever. */
const WAIT_MS = 3_000;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(refresh().then(() => worker.skipWaiting()));
});
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});
// The page says so at each start: the words of a hub that was renewed are renewed here.
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "refresh") event.waitUntil(refresh());
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(orKept(request, AWAY));
  } else if (SHELL.includes(pathname)) event.respondWith(orKept(request, pathname));
});

async function refresh() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" })));
}

/**
 * The hub's answer, or the kept file when there is none in time.
 * @param {Request} request
 * @param {string} path
 */
async function orKept(request, path) {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), WAIT_MS);
  try {
    return await fetch(request, { signal: ended.signal });
  } catch {
    // Why does not matter here: the screen that follows says what to do.
    return (await caches.match(path)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}
