// The kiosk: the server says whether a door is being used; what a person types stays here.
import { live, post } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { drawCalls, drawDoor, drawHelp, drawHome, drawNo } from "/pages/kiosk_pages.js";
import { drawAsking, drawTracked, Tracking } from "/pages/kiosk_tracking.js";
import { Typing } from "/pages/kiosk_typing.js";

const IDLE_S = 90; // nobody is hurried: at least a minute for each step
const LEAVING_S = 15;
const AT_REST = new Set(["battery_low", "just_restarted"]); // refusals that end when doors open again

const at = (id) => document.getElementById(id);
const main = at("main");
const context = at("context");

let view = null; // the last screen from the server
let page = "home"; // home | type | track | asking | tracked | no | help: what the person is looking at
let told = null; // the way of the parcel that was asked for
let no = null; // {key, title, next}: why it cannot be done
let seenNotice = 0; // the last refused scan that was shown; numbers begin again when the station restarts
let busy = false;
let drawn = "";
let idleSince = Date.now();
let answered = 0; // the newest call that somebody has already put away
let doneWith = ""; // the visit whose thanks somebody has already put away
const typing = new Typing(submitCode, () => go("home"), () => go("help"));
const tracking = new Tracking(track, () => go("home"));

function go(next) {
  page = next === "type" && view?.rest ? "home" : next; // no door opens: nothing to type
  no = next === "no" ? no : null;
  if (page !== "type") typing.clear();
  if (page === "home") {
    tracking.clear();
    told = null;
  }
  draw();
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
    go("home");
  } else if (answer.key === "wrong_code" && answer.tries_left !== 0) {
    typing.wrong(answer);
  } else {
    // The wrong code that used up the last try is told what follows from it.
    refuse(answer.key === "wrong_code" ? "locked_out" : answer.key, answer.headline, answer.next_step);
  }
}

async function askDoor(path, body) {
  const answer = await ask(path, body);
  if (answer && !answer.ok) refuse(answer.key, answer.headline, answer.next_step);
}

const acts = {
  collect: () => go("type"),
  home: () => go("home"),
  help: () => go("help"),
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
  done: () => {
    doneWith = view.door.auth;
    draw();
  },
};

function newestCall() {
  return view.calls.at(-1)?.at ?? 0;
}

function shown() {
  if (page === "help" || page === "no") return page;
  if (view.screen === "home" && ["track", "asking", "tracked"].includes(page)) return page;
  if (view.screen === "called") return page === "type" || newestCall() === answered ? page : "called";
  if (view.screen !== "home" && !(view.screen === "thanks" && view.door.auth === doneWith)) return "door";
  return page;
}

function draw() {
  if (!view) return;
  drawHeader();
  const what = shown();
  if (what === "door" && page !== "help" && page !== "no") page = "home";
  const still = ["track", "asking", "tracked"].includes(what) ? told : what === "type" ? view.scanner_ok : { ...view, time: "", link: "" };
  const key = JSON.stringify([what, no, still]);
  if (key === drawn) return;
  drawn = key;
  const parts = what === "type" ? typing.draw(view.scanner_ok)
    : what === "door" ? drawDoor(view, acts)
    : what === "called" ? drawCalls(view, acts)
    : what === "track" ? tracking.draw()
    : what === "asking" ? drawAsking(acts)
    : what === "tracked" ? drawTracked(told, acts)
    : what === "help" ? drawHelp(acts)
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
  } else if (event.key === "Escape" || event.key === "-") {
    go("home");
  } else if (event.key === "+") {
    go("help");
  } else if (event.key === "*" && (what === "home" || what === "tracked")) {
    acts.track();
  } else if ((what === "home" || what === "called") && (digit || event.key === "Enter") && event.target === document.body) {
    go("type");
    if (digit && page === "type") typing.press(event.key);
  } else if (what === "track") {
    const elsewhere = event.target !== document.body && !event.target.closest(".pad, .letters");
    if ((event.key === "Enter" && elsewhere) || !tracking.key(event.key)) return;
  } else if (what === "type") {
    const elsewhere = event.target !== document.body && !event.target.closest(".pad");
    if ((event.key === "Enter" && elsewhere) || !typing.key(event.key)) return;
  } else if (event.key === "Enter" && event.target === document.body) {
    if (what === "called") acts.putAway();
    else if (what === "no" || what === "help" || what === "tracked") go("home");
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
  } else if (what === "called") {
    idleSince = Date.now(); // the station ends it
  } else if (what === "home") {
    if (quiet > IDLE_S && !isPlain()) plain();
  } else if (quiet >= IDLE_S) {
    go("home");
  } else if (quiet >= IDLE_S - LEAVING_S) {
    const stay = button(`${say("kiosk.stay")} · ${IDLE_S - quiet} ${say("kiosk.leaving")}`, () => stay.remove());
    stay.id = "leaving";
    context.append(stay);
  }
}

function isPlain() {
  return document.documentElement.lang.startsWith("zh") && document.documentElement.dataset.print !== "big";
}

// The next person finds the kiosk as everybody knows it: Chinese, normal print.
function plain() {
  window.location.assign("/kiosk?lang=zh&print=normal");
}

at("help").addEventListener("click", () => go(page === "help" ? "home" : "help"));
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", () => {
  idleSince = Date.now();
});
setInterval(tick, 1000);
live("/events/kiosk", onScreen);
