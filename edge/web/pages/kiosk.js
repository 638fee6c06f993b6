// The kiosk: the server says whether a door is being used; what a person types stays here.
import { live, post } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { drawCalls, drawDoor, drawHelp, drawHome, drawNo, drawProxy } from "/pages/kiosk_pages.js";
import { drawDisplay, languageNow, printNow } from "/pages/kiosk_display.js";
import { drawAsking, drawTracked, Tracking } from "/pages/kiosk_tracking.js";
import { drawNoCodeSent, NoCode } from "/pages/kiosk_no_code.js";
import { Typing } from "/pages/kiosk_typing.js";

const IDLE_S = 90; // nobody is hurried: at least a minute for each step
const LEAVING_S = 15;
const AT_REST = new Set(["battery_low", "just_restarted"]); // refusals that end when doors open again

const SPOKEN = new Set(["type", "track", "display", "no_code"]); // pages that a person turns to; a door speaks by itself

const at = (id) => document.getElementById(id);
const main = at("main");
const context = at("context");

let view = null; // the last screen from the server
let page = window.location.hash === "#display" ? "display" : "home"; // home | display | type | track | asking | tracked | no_code | no_code_sent | no | help: what the person is looking at
let told = null; // the way of the parcel that was asked for
let no = null; // {key, title, next}: why it cannot be done
let seenNotice = 0; // the last refused scan that was shown; numbers begin again when the station restarts
let busy = false;
let drawn = "";
let idleSince = Date.now();
let answered = 0; // the newest call that somebody has already put away
let leaving = false; // the page is being made anew for the next person
let leftProxy = ""; // the showing of a proxy's code that somebody has already put away
let seenProxy = "";
let proxySerial = 0; // of its last scan; a typed code has none
let doneWith = ""; // the visit whose thanks somebody has already put away
const typing = new Typing(submitCode, () => go("home"), () => go("no_code"), sayDigit);
const noCode = new NoCode(tellKeeper, () => go("home"), draw);
const tracking = new Tracking(track, () => go("home"));

function go(next) {
  page = next === "type" && view?.rest ? "home" : next; // no door opens: nothing to type
  noCode.clear();
  no = next === "no" ? no : null;
  if (page !== "display") window.history.replaceState(null, "", window.location.pathname);
  if (page !== "type") typing.clear();
  if (view?.voice && SPOKEN.has(page)) post("/api/kiosk/step", { page });
  if (page === "home") {
    tracking.clear();
    told = null;
  }
  draw();
}

function sayDigit(digit) {
  if (view?.voice) post("/api/kiosk/digit", { digit });
}

function refuse(key, title, next) {
  no = { key, title, next };
  page = "no";
  draw();
}

async function ask(path, body) {
  if (busy) return null;
  busy = true;
  const { status, data } = await post(path, body);
  busy = false;
  if (status === 200) return data;
  refuse(status === 0 ? "" : data.error.code, status === 0 ? say("kiosk.no_answer") : data.error.message, "");
  return null;
}

async function track(number) {
  if (busy) return;
  busy = true;
  go("asking");
  const { status, data } = await post("/api/kiosk/track", { waybill_no: number });
  busy = false;
  if (page !== "asking") return; // somebody has gone on meanwhile
  if (status === 200) {
    told = data;
    go("tracked");
  } else if (status === 0) {
    refuse("", say("kiosk.no_answer"), "");
  } else {
    go("track");
    tracking.wrong();
  }
}

async function submitCode(phoneTail, digits) {
  const answer = await ask("/api/kiosk/code", { phone_tail: phoneTail, digits });
  if (!answer) return;
  if (answer.ok) {
    leftProxy = "";
    go("home");
  } else if (answer.key === "wrong_code" && answer.tries_left !== 0) {
    typing.wrong(answer);
  } else {
    // The wrong code that used up the last try is told what follows from it.
    refuse(answer.key === "wrong_code" ? "locked_out" : answer.key, answer.headline, answer.next_step);
  }
}

/** What is answered is the same whatever lies here. */
async function tellKeeper(hamlet, phoneTail) {
  if (await ask("/api/kiosk/no-code", { hamlet, phone_tail: phoneTail })) go("no_code_sent");
}

async function askDoor(path, body) {
  const answer = await ask(path, body);
  if (answer && !answer.ok) refuse(answer.key, answer.headline, answer.next_step);
}

/** Call the keeper and say from which page; the page itself shows how far the call is. */
async function callKeeper() {
  const what = page === "help" ? "help" : shown();
  if (what === "help") return;
  const from = what === "asking" ? "track" : what === "no_code_sent" ? "no_code" : what === "home" && view.rest ? "rest" : what;
  go("help");
  await post("/api/kiosk/help", { page: from });
}

const acts = {
  voice: (choice) => post("/api/kiosk/voice", choice),
  collect: () => go("type"),
  home: () => go("home"),
  help: callKeeper,
  noHelp: () => {
    post("/api/kiosk/help-back");
    go("home");
  },
  track: () => {
    tracking.clear();
    go("track");
  },
  stuck: () => askDoor("/api/kiosk/stuck", { cell: view.door.cell, auth: view.door.auth }),
  taken: () => askDoor("/api/kiosk/taken", { cell: view.door.cell, auth: view.door.auth }),
  putBack: () => askDoor("/api/kiosk/put-back", { auth: view.door.auth }),
  putAway: () => {
    answered = newestCall();
    draw();
  },
  leaveProxy: () => {
    leftProxy = proxyName();
    go("home");
  },
  openNext: () => askDoor("/api/kiosk/proxy-open", { visit: view.proxy.visit }),
  done: () => {
    doneWith = view.door.auth;
    draw();
  },
};

function newestCall() {
  return view.calls.at(-1)?.at ?? 0;
}

/** One showing of a proxy's code; scanned again it is another. Empty where there is none. */
function proxyName() {
  return view.proxy ? `${view.proxy.visit} ${proxySerial}` : "";
}

function shown() {
  if (page === "help" || page === "no") return page;
  if (["home", "proxy"].includes(view.screen) && ["track", "asking", "tracked", "display", "no_code", "no_code_sent"].includes(page)) return page;
  if (view.screen === "called") return page === "type" || newestCall() === answered ? page : "called";
  const thanked = view.screen === "thanks" && view.door.auth === doneWith;
  if (view.proxy && (view.screen === "proxy" || thanked)) return page === "type" || proxyName() === leftProxy ? page : "proxy";
  if (view.screen !== "home" && view.screen !== "proxy" && !(view.screen === "thanks" && view.door.auth === doneWith)) return "door";
  return page;
}

function draw() {
  if (!view) return;
  drawHeader();
  const what = shown();
  if (what === "door" && page !== "help" && page !== "no") page = "home";
  const still = ["track", "asking", "tracked"].includes(what) ? told : what === "type" ? view.scanner_ok : ["no_code", "no_code_sent"].includes(what) ? [view.hamlets, noCode.hamlet, noCode.from] : { ...view, time: "", link: "" };
  const key = JSON.stringify([what, no, still]);
  if (key === drawn) return;
  drawn = key;
  const parts = what === "type" ? typing.draw(view.scanner_ok)
    : what === "door" ? drawDoor(view, acts)
    : what === "called" ? drawCalls(view, acts)
    : what === "proxy" ? drawProxy(view, acts)
    : what === "track" ? tracking.draw()
    : what === "asking" ? drawAsking(acts)
    : what === "tracked" ? drawTracked(told, acts)
    : what === "display" ? drawDisplay(view, acts)
    : what === "no_code" ? noCode.draw(view.hamlets)
    : what === "no_code_sent" ? drawNoCodeSent(acts)
    : what === "help" ? drawHelp(view, acts)
    : what === "no" ? drawNo(no, view, acts)
    : drawHome(view, acts);
  main.className = parts.className;
  main.replaceChildren(...parts.main);
  context.replaceChildren(...parts.context);
}

function drawHeader() {
  at("station").textContent = view.station;
  at("time").textContent = view.time;
  at("link").textContent = view.power || view.link.text;
  at("link").className = view.link.online && !view.power ? "" : "down";
}

function onScreen(next) {
  view = next;
  const notice = view.notice;
  const same = view.proxy && seenProxy.startsWith(`${view.proxy.visit} `);
  if (view.proxy) proxySerial = Math.max(same ? proxySerial : 0, view.proxy.serial);
  const proxy = proxyName();
  if (proxy && proxy !== seenProxy) {
    idleSince = Date.now();
    if (page !== "help") page = "home"; // a code that was scanned meanwhile
  }
  seenProxy = proxy || seenProxy;
  if (notice && notice.serial !== seenNotice) {
    seenNotice = notice.serial;
    idleSince = Date.now();
    if (notice.waybill_no && !busy) track(notice.waybill_no);
    else refuse(notice.key, notice.title, notice.next_step);
  } else if (page === "no" && (view.screen === "open" || (view.screen === "called" && newestCall() !== answered) || (AT_REST.has(no.key) && !view.rest))) {
    go("home"); // a later scan was good, or doors open again
  } else if (page === "type" && view.rest) {
    go("home");
  }
  draw();
}

function onKey(event) {
  idleSince = Date.now();
  if (event.ctrlKey || event.altKey || event.metaKey || !view) return;
  const what = shown();
  const digit = /^[0-9]$/.test(event.key);
  if (digit && view.screen === "thanks" && what === "door") {
    acts.done();
    go("type");
    typing.press(event.key);
  } else if ((event.key === "Escape" || event.key === "-") && what === "proxy") {
    acts.leaveProxy();
  } else if (event.key === "Escape" || event.key === "-") {
    go("home");
  } else if (event.key === "+") {
    callKeeper();
  } else if (event.key === "*" && (what === "home" || what === "tracked")) {
    acts.track();
  } else if (["home", "called", "proxy"].includes(what) && (digit || what !== "proxy") && (digit || event.key === "Enter") && event.target === document.body) {
    go("type");
    if (digit && page === "type") typing.press(event.key);
  } else if (what === "track") {
    const elsewhere = event.target !== document.body && !event.target.closest(".pad, .letters");
    if ((event.key === "Enter" && elsewhere) || !tracking.key(event.key)) return;
  } else if (what === "no_code") {
    const elsewhere = event.target !== document.body && !event.target.closest(".pad, .names");
    if ((event.key === "Enter" && elsewhere) || !noCode.key(event.key)) return;
  } else if (what === "type") {
    const elsewhere = event.target !== document.body && !event.target.closest(".pad");
    if ((event.key === "Enter" && elsewhere) || !typing.key(event.key)) return;
  } else if (event.key === "Enter" && event.target === document.body) {
    if (what === "called") acts.putAway();
    else if (what === "proxy" && view.proxy.opens) acts.openNext();
    else if (what === "no" || what === "help" || what === "tracked" || what === "no_code_sent") go("home");
    else if (view.door?.can_retry) acts.stuck();
    else if (view.screen === "thanks") acts.done();
  } else {
    return;
  }
  event.preventDefault();
}

function tick() {
  if (!view) return;
  const what = shown();
  const quiet = Math.round((Date.now() - idleSince) / 1000);
  at("leaving")?.remove();
  if (what === "door") {
    idleSince = Date.now(); // the station itself ends a visit
  } else if (what === "called" || (what === "proxy" && view.proxy.waits)) {
    idleSince = Date.now(); // the station ends it
  } else if (what === "home") {
    if (quiet > IDLE_S && !isPlain()) plain();
  } else if (quiet >= IDLE_S) {
    if (what === "proxy") acts.leaveProxy();
    else go("home");
  } else if (quiet >= IDLE_S - LEAVING_S) {
    const stay = button(`${say("kiosk.stay")} · ${IDLE_S - quiet} ${say("kiosk.leaving")}`, () => stay.remove());
    stay.id = "leaving";
    context.append(stay);
  }
}

function isPlain() {
  const usual = !view.voice || (view.voice.dialect === "mandarin" && view.voice.loudness === "usual");
  return usual && languageNow() === "zh" && printNow() === "normal";
}

// The next person finds the kiosk as everybody knows it: Chinese, normal print.
async function plain() {
  if (leaving) return;
  leaving = true;
  if (view.voice) await post("/api/kiosk/voice", { dialect: "mandarin", loudness: "usual", aloud: false });
  window.location.assign("/kiosk?lang=zh&print=normal");
}

at("help").addEventListener("click", () => (page === "help" ? go("home") : callKeeper()));
at("display").addEventListener("click", () => go(page === "display" ? "home" : "display"));
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", () => {
  idleSince = Date.now();
});
setInterval(tick, 1000);
live("/events/kiosk", onScreen);
