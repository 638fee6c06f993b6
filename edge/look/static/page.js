// What every page needs: asking the server, staying live, and building elements without markup.
// No words in here: they come in the page or with the data.

const RETRY_MS = [500, 1000, 2000, 4000];
const PULSE_MS = 20000; // half-open connections are silent: ask whether anybody is there
const PATIENCE_MS = 15000;
const RELOAD_EVERY_MS = 30000;

const tokenMeta = () => document.querySelector('meta[name="csrf"]');
const lostBanner = () => document.getElementById("link-lost");

/** Add one element, built by text and attributes alone. `on…` functions listen, `style` is CSSOM. */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on") && typeof value === "function") {
      node.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (name === "style") {
      for (const [rule, is] of Object.entries(value)) node.style.setProperty(rule, String(is));
    } else if (name === "dataset") {
      Object.assign(node.dataset, value);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child === false || child === null || child === undefined) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** The words that the server put into the page as <script type="application/json" id="words">. */
export function words() {
  return JSON.parse(document.getElementById("words")?.textContent || "{}");
}

async function ask(path, options) {
  const answer = await fetch(path, {
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...options,
  });
  const fresh = answer.headers.get("X-Cunyi-Token");
  if (fresh && tokenMeta()) tokenMeta().content = fresh;
  const text = await answer.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = { error: { code: "unreadable_answer", message: String(answer.status) } };
  }
  return { status: answer.status, data };
}

const offline = () => ({
  status: 0,
  data: { error: { code: "offline", message: lostBanner()?.textContent ?? "" } },
});

/** Read a state: {status, data}; status 0 and data.error when the server is gone. */
export async function get(path) {
  try {
    return await ask(path, {});
  } catch {
    return offline();
  }
}

/** Act: {status, data}; never throws. A token from before the server's restart is renewed once. */
export async function post(path, body = {}) {
  const send = () =>
    ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Cunyi-Token": tokenMeta()?.content ?? "" },
      body: JSON.stringify(body),
    });
  try {
    const first = await send();
    if (first.status !== 403 || first.data?.error?.code !== "bad_token") return first;
    const session = await ask("/api/session", {});
    if (session.status !== 200 || !session.data?.token) return first;
    tokenMeta().content = session.data.token;
    return await send();
  } catch {
    return offline();
  }
}

/**
 * Keep a screen live. `onScreen(view)` gets each view that the server sends, and one on every
 * reconnection; `onLink(false)` tells that the server is gone and `onLink(true)` that it is back.
 * Where the server is there but refuses the stream (signed out), the page is loaded afresh.
 * Returns a function that ends it.
 */
export function live(path, onScreen, onLink = () => {}) {
  let source = null;
  let failures = 0;
  let timer = 0;
  let linked = null;
  let ended = false;

  const link = (up) => {
    if (lostBanner()) lostBanner().hidden = up;
    if (up !== linked) onLink(up);
    linked = up;
  };

  const connect = () => {
    if (ended) return;
    source = new EventSource(path);
    source.onopen = () => {
      failures = 0;
      link(true);
    };
    source.addEventListener("screen", (event) => onScreen(JSON.parse(event.data)));
    source.onerror = lose;
  };

  const lose = async () => {
    source?.close();
    source = null;
    clearTimeout(timer);
    if (ended) return;
    failures += 1;
    const there = (await get("/api/session")).status !== 0;
    if (!there) link(false);
    else if (failures > 1) reloadNowAndThen();
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1];
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
  };

  const pulse = setInterval(async () => {
    if (source !== null && (await get("/healthz")).status === 0 && source !== null) lose();
  }, PULSE_MS);

  connect();
  return () => {
    ended = true;
    clearInterval(pulse);
    clearTimeout(timer);
    source?.close();
  };
}

function reloadNowAndThen() {
  const last = Number(sessionStorage.getItem("cunyi.reloaded") ?? 0);
  if (Date.now() - last < RELOAD_EVERY_MS) return;
  sessionStorage.setItem("cunyi.reloaded", String(Date.now()));
  location.reload();
}
