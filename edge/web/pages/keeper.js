// The counter: scanner first, number keys second, the mouse always. The server has the state; this page
// only remembers which part of it is being looked at.
import { el, live, post } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { CheckIn } from "/pages/keeper_check_in.js";
import { Cells } from "/pages/keeper_cells.js";
import { Parcels } from "/pages/keeper_parcels.js";
import { Devices, Today } from "/pages/keeper_today.js";
import { Handover } from "/pages/keeper_handover.js";
import { Returns } from "/pages/keeper_returns.js";
import { Exceptions } from "/pages/keeper_exceptions.js";
import { answerProxy, proxyCard } from "/pages/keeper_proxy.js";
import { Hamlets, noCodeCard, seeToNoCode } from "/pages/keeper_hamlets.js";
import { release } from "/pages/keeper_release.js";
import { KEYS, Menu, More } from "/pages/keeper_menu.js";
import { askCount, dialogKey, isAsking } from "/pages/keeper_dialogs.js";

const PAGES = { today: Today, check_in: CheckIn, parcels: Parcels, cells: Cells, devices: Devices, handover: Handover, returns: Returns, exceptions: Exceptions, hamlets: Hamlets, more: More };
const TOAST_MS = 6000;
const SETTLE_MS = 1000; // an answer and the screen that it changes do not come at the same moment
const MOVED = new Set(["open", "silent"]);

const at = (id) => document.getElementById(id);
const menu = new Menu(at("nav"), go);
let view = null;
let page = null;
let pageName = "";
let toastSerial = null;
let toastTimer = 0;
let told = null; // the toast that stands: {about: the parcel in hand, opens: the door that it waits for, at}

const counter = {
  get view() {
    return view;
  },
  go,
  toast,
  /** The page's number keys have changed. */
  lend() {
    menu.lend(page.digits?.() ?? "");
  },
  /** Ask the station; says how it went, or `instead`. Gives the answer when it is good, else null. */
  async ask(path, body = {}, instead = "") {
    const { status, data } = await post(path, body);
    return counter.told(status, data, instead);
  },
  /** What the station said to an asking of a page's own. */
  told(status, data, instead = "") {
    if (status === 401) window.location.assign("/keeper");
    if (status !== 200) {
      toast(false, status === 0 ? say("keeper.no_answer") : data.error.message);
      return null;
    }
    if (data.text) toast(data.ok, (data.ok && instead) || data.text, data.ok && data.auth ? data.cell : null, data.waits);
    return data.ok ? data : null;
  },
};

function go(name, about) {
  pageName = name;
  page = new PAGES[name](counter, about);
  at("main").className = `page ${name.replace("_", "-")}`;
  at("main").replaceChildren(...page.parts);
  menu.turn(name);
  window.history.replaceState(null, "", `#${name}`);
  if (view) page.update(view);
  counter.lend();
  if (page.focus) page.focus();
  else at("main").focus(); // or Enter would press the tab again
}

function toast(ok, text, opens = null, waits = false) {
  told = { about: view?.check_in.waybill_no ?? "", opens, at: Date.now() };
  const box = at("toast");
  box.textContent = `${waits ? "!" : ok ? "✓" : "✗"} ${text}`;
  box.className = `toast ${waits ? "warn" : ok ? "ok" : "bad"}`;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hush, TOAST_MS);
}

function hush() {
  at("toast").hidden = true;
  told = null;
}

/** A toast ends with its step: when the door has answered, or another parcel is in hand. */
function dropStale() {
  if (!told) return;
  const hand = view.check_in.waybill_no;
  const door = view.cells.find((cell) => cell.cell === told.opens)?.door;
  if (MOVED.has(door)) hush();
  else if (hand !== told.about && Date.now() - told.at > SETTLE_MS) hush();
  else told.about = hand;
}

function onScreen(next) {
  const first = view === null;
  view = next;
  at("station").textContent = view.station;
  at("link").textContent = view.link.text;
  at("link").className = view.link.online ? "" : "down";
  at("who").textContent = `${view.keeper} · ${view.time}`;
  at("devices").replaceChildren(...view.devices.map(deviceWord));
  menu.update(view);
  drawAlerts();
  drawCalls();
  dropStale();
  // What was answered before this page was opened is no news.
  if (!first && view.toast && view.toast.serial !== toastSerial) toast(view.toast.ok, view.toast.text, view.toast.opens, view.toast.waits);
  toastSerial = view.toast?.serial ?? toastSerial;
  if (first) go(startPage());
  else page.update(view);
  counter.lend();
}

let callsDrawn = "";

/** Who waits at the counter with a right code, on every page; the key "." hands out the first. */
function drawCalls() {
  const { waiting } = view.proxies;
  const key = JSON.stringify([view.calls, waiting, view.no_code]);
  if (key === callsDrawn) return;
  callsDrawn = key;
  at("calls").hidden = waitingHere() === 0;
  const proxies = waiting.map((card, n) => proxyCard(counter, card, n === 0 && view.calls.length === 0));
  const uncoded = view.no_code.map((card, n) => noCodeCard(counter, card, n === 0 && view.calls.length + waiting.length === 0));
  at("calls").replaceChildren(...view.calls.map((call, n) => {
    const made = button("", () => answerCall(call), "main", { "aria-label": `${say("keeper.release.slot")} ${call.text}` });
    made.append(el("span", {}, say("keeper.release.slot")), n === 0 ? el("kbd", {}, ".") : "");
    return el("p", { class: "row" }, el("b", {}, call.text), el("span", {}, `${call.parcel} · ${say("keeper.call.coded")}`), made);
  }), ...proxies, ...uncoded);
}

function waitingHere() {
  return view.calls.length + view.proxies.waiting.length + view.no_code.length;
}

function answerCall(call) {
  const parcel = view.parcels.find((one) => one.waybill_no === call.waybill_no);
  if (parcel) release(counter, parcel);
}

/** Somebody at the kiosk wants the keeper, until she says that she comes; "." where no parcel is called for. */
function helpLine(help) {
  const made = button("", answerHelp, "main");
  made.append(el("span", {}, say("keeper.help.go")), waitingHere() ? "" : el("kbd", {}, "."));
  return el("p", { class: "row help-call" }, el("b", {}, help.text), made);
}

function answerHelp() {
  counter.ask("/api/keeper/help-seen", { serial: view.help.serial });
}

let alertsDrawn = "";

function drawAlerts() {
  const key = JSON.stringify([view.alerts, view.help, waitingHere()]);
  if (key === alertsDrawn) return; // or a finger on the button would lose it
  alertsDrawn = key;
  at("alerts").hidden = view.alerts.length === 0 && !view.help;
  at("alerts").replaceChildren(...(view.help ? [helpLine(view.help)] : []), ...view.alerts.map((door) => {
    const again = () => counter.ask("/api/keeper/stuck", { cell: door.cell, auth: door.auth });
    const taken = () => counter.ask("/api/keeper/taken", { cell: door.cell, auth: door.auth });
    return el("p", { class: "row" },
      el("b", {}, door.text),
      door.can_retry ? button(say("keeper.check_in.retry"), again) : "",
      door.can_say_taken ? button(say("keeper.alert.taken"), taken) : "",
      door.can_sign_count ? button(say("keeper.count.sign"), () => askCount(counter)) : "");
  }));
}

function startPage() {
  const wanted = window.location.hash.slice(1);
  if (wanted in PAGES) return wanted;
  if (view.handover.on) return "handover";
  return view.check_in.on ? "check_in" : "today";
}

function deviceWord(device) {
  return el("span", {}, `${device.name} `, el("b", { class: device.ok ? "fine" : "trouble" }, device.word));
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !view) return;
  const typing = event.target.matches("input, textarea");
  if (isAsking()) {
    if (dialogKey(event, typing)) event.preventDefault();
    return;
  }
  if (event.key === "Enter" && event.target.matches("button, a")) return;
  if (event.key === "." && !typing && view.calls.length) answerCall(view.calls[0]);
  else if (event.key === "." && !typing && view.proxies.waiting.length) answerProxy(counter, view.proxies.waiting[0]);
  else if (event.key === "." && !typing && view.no_code.length) seeToNoCode(counter, view.no_code[0]);
  else if (event.key === "." && !typing && view.help) answerHelp();
  else if (page.key?.(event.key, typing)) event.preventDefault();
  else if (typing) return;
  else if (event.key === "-" || event.key === "Escape") go("today");
  else if (event.key in KEYS) go(...KEYS[event.key]);
  else return;
  event.preventDefault();
}

at("sign-out").addEventListener("click", async () => {
  await post("/api/keeper/sign-out");
  window.location.assign("/keeper");
});
document.addEventListener("keydown", onKey);
live("/events/keeper", onScreen);
