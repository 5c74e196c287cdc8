// @ts-check
/**
 * The live feed of the hub: one socket, kept up, and every order answered.
 *
 * Silence is visible: the hub speaks every second, and after 4 s without a word nothing here is
 * live any more. The token came after the # of the address, lives in this tab only and is said
 * once, inside the socket. An order that was under way when the connection broke is sent again with
 * the same id, so that it counts once; without an answer in 30 s the page says that nobody knows.
 *
 *   const feed = new Feed(token);
 *   feed.addEventListener("change", draw);
 *   const reply = await feed.order("s1", { do: "accept", alarm: "oxygen@5" });
 */

import { Room } from "./room.js";

export const SILENT_MS = 4_000;
const ANSWER_MS = 30_000;
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 5_000;
const BEHIND = 3;
// The hub has said no for good: asking again would change nothing.
const FINAL = [4401, 4403];

/**
 * @typedef {{ok: boolean, error?: string, recorded: boolean, note?: string,
 *   session?: string}} Reply
 */

export class Feed extends EventTarget {
  /** @param {string} token */
  constructor(token) {
    super();
    this.token = token;
    /** @type {Map<string, Room>} */
    this.rooms = new Map();
    /** @type {any} */
    this.me = null;
    /** @type {"connecting" | "live" | "lost" | "denied"} */
    this.state = "connecting";
    this.error = "";
    this.recording = true;
    this.recordFault = "";
    this.speed = 1;
    /** When the hub was last heard before the feed was lost, on this browser's clock. */
    this.lostAt = /** @type {number | null} */ (null);
    /** How often the connection was lost after it had been there. */
    this.losses = 0;
    this.#clock = { hubMs: 0, at: performance.now() };
    this.#heardAt = performance.now();
    setInterval(() => this.#watch(), 200);
    addEventListener("online", () => this.#again(0));
  }

  /** @type {WebSocket | null} */
  #socket = null;
  #clock;
  #heardAt;
  #waitMs = FIRST_WAIT_MS;
  #timer = 0;
  /** @type {Map<string, {text: string, answer: (reply: Reply) => void, at: number}>} */
  #asked = new Map();
  /** @type {Map<string, number>} */
  #behind = new Map();

  /** Hub time now, as well as it can be known here. */
  get nowMs() {
    return this.#clock.hubMs + (performance.now() - this.#clock.at) * this.speed;
  }

  /** The feed is not live: no value may be shown as if it were. */
  get lost() {
    return this.state !== "live";
  }

  /** On a hurried clock (a demonstration) a value may be one real second old. */
  get trust() {
    return { lost: this.lost, graceMs: this.speed > 1 ? this.speed * 1000 : 0 };
  }

  start() {
    this.#connect();
  }

  /**
   * Give an order; the answer comes after the hub has recorded it. Never rejects.
   * @param {string | null} session
   * @param {Record<string, any>} order
   * @returns {Promise<Reply>}
   */
  order(session, order) {
    const ref = name();
    const told = order.do === "open" ? order : { ...order, id: ref };
    const message = { type: "order", ref, order: told, ...(session === null ? {} : { session }) };
    const text = JSON.stringify(message);
    return new Promise((answer) => {
      this.#asked.set(ref, { text, answer, at: performance.now() });
      if (this.state === "live") this.#socket?.send(text);
    });
  }

  /**
   * Say that a message was shown, and whether the browser let it sound.
   * @param {string} delivery
   * @param {"on" | "blocked" | "private"} sound
   */
  seen(delivery, sound) {
    this.#socket?.send(JSON.stringify({ type: "seen", delivery, sound }));
  }

  /** Whether this page keeps its screen on: then a lost link is somebody. @param {boolean} awake */
  here(awake) {
    if (this.state === "live") this.#socket?.send(JSON.stringify({ type: "here", awake }));
  }

  /** Ask for what is told once (`asking.js`). @param {Record<string, any>} question */
  ask(question) {
    if (this.state === "live") this.#socket?.send(JSON.stringify({ type: "ask", ...question }));
  }

  #connect() {
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      const since = Object.fromEntries([...this.rooms].map(([id, room]) => [id, room.seq]));
      socket.send(JSON.stringify({ type: "hello", token: this.token, since }));
    });
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#hear(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      if (this.state === "denied") return;
      if (FINAL.includes(event.code)) this.#become("denied");
      else {
        if (this.me !== null) this.#become("lost");
        this.#again(this.#waitMs);
        this.#waitMs = Math.min(this.#waitMs * 2, LAST_WAIT_MS);
      }
    });
  }

  /** @param {number} waitMs */
  #again(waitMs) {
    if (this.#socket !== null || this.state === "denied") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }

  /** @param {any} message */
  #hear(message) {
    this.#heardAt = performance.now();
    if (message.type === "denied") {
      this.error = message.error;
      // What follows a hub's "no" is decided by the code with which it closes.
      this.dispatchEvent(new Event("change"));
      return;
    }
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "snapshot") this.#snapshot(message);
    else if (message.type === "delta") this.#delta(message);
    else if (message.type === "heartbeat") this.#heartbeat(message);
    else if (message.type === "reply") this.#reply(message);
    else if (message.type === "gone") this.#gone(message);
    else if (["message", "told"].includes(message.type)) this.#tell(message.type, message);
    else if (message.type === "message_over") this.#tell("over", message);
    if (this.state === "lost" && this.me !== null) this.#become("live");
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("word"));
  }

  /** @param {any} message */
  #welcome(message) {
    this.me = message;
    this.error = "";
    this.speed = message.speed;
    this.#set(message.now_ms);
    this.#waitMs = FIRST_WAIT_MS;
    // What ended while we were away is not heard of again.
    const open = new Set(message.sessions.map((/** @type {any} */ line) => line.session));
    for (const [id, room] of this.rooms) if (!open.has(id)) room.gone = true;
    this.#become("live");
    for (const asked of this.#asked.values()) this.#socket?.send(asked.text);
  }

  /** @param {any} message */
  #snapshot(message) {
    const room = this.rooms.get(message.session);
    if (room === undefined) this.rooms.set(message.session, new Room(message));
    else room.take(message);
    this.#set(message.state.at_ms);
    // All is told that there is: nobody should wait for the next moment to see it.
    if (this.rooms.size === this.me?.sessions.length) this.dispatchEvent(new Event("whole"));
  }

  /** @param {any} message */
  #delta(message) {
    const room = this.rooms.get(message.session);
    if (room === undefined) this.#resync(message.session, 0);
    else if (message.seq >= room.seq) room.patch(message);
    this.#set(message.at_ms);
  }

  /** @param {any} message */
  #heartbeat(message) {
    this.#set(message.now_ms);
    this.recording = message.recording;
    this.recordFault = message.record_fault;
    for (const [id, seq] of Object.entries(message.sessions)) {
      const have = this.rooms.get(id)?.seq ?? -1;
      const times = have < seq ? (this.#behind.get(id) ?? 0) + 1 : 0;
      this.#behind.set(id, times >= BEHIND ? 0 : times);
      if (times >= BEHIND) this.#resync(id, Math.max(have, 0));
    }
  }

  /** @param {any} message */
  #reply(message) {
    const asked = this.#asked.get(message.ref);
    this.#asked.delete(message.ref);
    asked?.answer(message);
  }

  /** @param {any} message */
  #gone(message) {
    const room = this.rooms.get(message.session);
    if (room === undefined) return;
    room.gone = true;
    room.state = { ...room.state, phase: message.phase };
  }

  /**
   * @param {string} kind
   * @param {any} message
   */
  #tell(kind, message) {
    this.dispatchEvent(new CustomEvent(kind, { detail: message }));
  }

  /**
   * @param {string} session
   * @param {number} since
   */
  #resync(session, since) {
    this.#socket?.send(JSON.stringify({ type: "resync", session, since }));
  }

  /**
   * Hub time only goes forward, also when a late message is read after a newer one.
   * @param {number} hubMs
   */
  #set(hubMs) {
    if (hubMs < this.#clock.hubMs) return;
    this.#clock = { hubMs, at: performance.now() };
  }

  #watch() {
    const now = performance.now();
    for (const [ref, asked] of this.#asked) {
      if (now - asked.at < ANSWER_MS) continue;
      this.#asked.delete(ref);
      const error = "no answer from the hub in 30 s: nobody knows whether it was done";
      asked.answer({ ok: false, recorded: false, error });
    }
    if (this.state !== "denied" && this.me !== null && now - this.#heardAt > SILENT_MS) {
      if (this.state === "live") this.#become("lost");
      // A socket that is silent for long is dead, whatever the network says.
      if (this.#socket !== null && now - this.#heardAt > 3 * SILENT_MS) {
        const socket = this.#socket;
        this.#socket = null;
        socket.close();
        this.#heardAt = now;
        this.#again(0);
      }
    }
  }

  /** @param {"live" | "lost" | "denied"} state */
  #become(state) {
    if (this.state === state) return;
    if (state === "lost") {
      this.losses += 1;
      this.lostAt = Date.now() - (performance.now() - this.#heardAt);
    }
    this.state = state;
    this.dispatchEvent(new Event("state"));
    this.dispatchEvent(new Event("change"));
  }
}

/** A name for one tap; it only has to be unlike the others. */
function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
