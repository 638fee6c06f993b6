// The kiosk's pages: each gives the class of <main>, what stands in it, and what stands beside the help corner.
import { el } from "/look/page.js";
import { button, say, steel } from "/pages/parts.js";

const NO_TYPING = new Set(["locked_out", "station_locked_out"]);
const NO_RETRY = new Set([...NO_TYPING, "no_code_busy", "already_collected", "ask_keeper", "door_unseen", "battery_low", "just_restarted", "pay_first", "sign_first", "proxy_expired", "proxy_dead", "proxy_not_agreed", "proxy_waits", "pass_forged", "pass_elsewhere", "pass_no_parcel"]);
const MOODS = { ready: "ok", waits: "warn", agreed: "ok", declined: "bad", taken: "note", ask_keeper: "warn" };
const WAITING = new Set(["opening", "open", "left_open"]);

export function drawHome(view, acts) {
  const counts = el("span", { class: "counts" },
    `${say("kiosk.arrived")} `, el("b", {}, String(view.arrived_today)),
    ` · ${say("kiosk.waiting")} `, el("b", {}, String(view.waiting)));
  if (view.rest) { // a key pad would only end in the same words
    return { className: "message", main: [el("h2", {}, view.rest.title), el("p", {}, view.rest.next_step)], context: [counts] };
  }
  const collect = button("", acts.collect, "collect");
  collect.append(
    el("b", {}, say("kiosk.collect")),
    el("span", { class: "other", lang: other() }, say("kiosk.collect.en")),
    el("span", { class: "how" }, say("kiosk.collect.how")),
  );
  const scan = el("section", { class: "scan" },
    ...(view.scanner_ok
      ? [
        el("img", { src: "/pages/scan.svg", alt: say("kiosk.scan.picture") }),
        el("b", {}, say("kiosk.scan")),
        el("span", {}, say("kiosk.scan.how")),
      ]
      : [el("b", { class: "broken" }, say("kiosk.scan.broken")), el("span", {}, say("kiosk.scan.broken.how"))]));
  const again = () => button(say("kiosk.again", { cell: view.door.name }), acts.putBack, "again");
  const track = button(say("kiosk.track"), acts.track, "track");
  return { className: "home", main: [collect, scan], context: [view.door?.can_put_back ? again() : counts, track] };
}

function other() {
  return document.documentElement.lang.startsWith("en") ? "zh-CN" : "en";
}

export function drawDoor(view, acts) {
  const door = view.door;
  const before = say("kiosk.cell");
  const number = el("h2", { class: "no" },
    before ? el("small", { class: "before" }, before) : "",
    door.name,
    el("small", {}, door.title));
  const text = el("section", {},
    number,
    el("p", { class: "say" }, door.text),
    door.parcel ? el("p", {}, el("span", { class: "pill note" }, door.parcel)) : "");
  const picture = steel(view.picture, say("kiosk.cabinet", { cell: door.name }), door.cell);
  const warning = view.screen === "left_open" || view.screen === "ask_keeper";
  return { className: warning ? "at-door warning" : "at-door", main: [text, picture], context: doorButtons(view, acts) };
}

function doorButtons(view, acts) {
  const taken = view.door.can_say_taken ? [button(say("kiosk.taken"), acts.taken)] : [];
  if (view.door.can_retry) return [...taken, button(say("kiosk.stuck.now"), acts.stuck, "main")];
  if (view.screen === "thanks") {
    return [
      button(say(view.proxy ? "kiosk.proxy.go_on" : "kiosk.done"), acts.done, "main"),
      ...(view.door.can_put_back ? [button(say("kiosk.open_again"), acts.putBack)] : []),
    ];
  }
  if (!WAITING.has(view.screen)) return taken;
  const waits = say(view.screen === "opening" ? "kiosk.wait_open" : "kiosk.wait_shut");
  const stuck = view.screen !== "open" ? [] : [button(say("kiosk.stuck"), acts.stuck)];
  return [el("div", { class: "progress" }), el("span", { role: "status" }, waits), ...stuck];
}

/** Parcels that lie on shelf or floor: the keeper fetches them, one line for each code shown. */
export function drawCalls(view, acts) {
  const lines = view.calls.map((call) => el("li", {}, el("b", {}, call.place), call.parcel ? el("span", { class: "pill note" }, call.parcel) : ""));
  return {
    className: "message called",
    main: [el("h2", {}, say("kiosk.calls")), el("ol", { class: "calls", tabindex: "0" }, ...lines), el("p", {}, say("kiosk.calls.text"))],
    context: [button(say("kiosk.done"), acts.putAway, "main")],
  };
}

/** 代取: what a proxy may take for whom, a door at a time; what only the keeper hands out waits. */
export function drawProxy(view, acts) {
  const { proxy } = view;
  const lines = proxy.lines.map((line) => el("li", { class: line.standing }, el("b", {}, line.place), el("span", { class: `pill ${MOODS[line.standing]}` }, line.word)));
  const waits = [el("div", { class: "progress" }), el("span", { role: "status" }, say("kiosk.proxy.waiting"))];
  return {
    className: "message called proxy",
    main: [
      el("h2", {}, proxy.title, " ", el("small", {}, proxy.count)),
      el("ol", { class: "calls", tabindex: "0" }, ...lines),
      el("p", {}, proxy.text),
    ],
    context: [
      button(say("kiosk.back"), acts.leaveProxy),
      ...(proxy.waits ? waits : []),
      ...(proxy.opens ? [button(say("kiosk.proxy.open", { cell: proxy.opens }), acts.openNext, "main next")] : []),
    ],
  };
}

/** Why it cannot be done. Trying again is offered only where it can help. */
export function drawNo(no, view, acts) {
  const next = NO_TYPING.has(no.key) && !view.scanner_ok ? say("kiosk.next.no_scanner") : no.next;
  return {
    className: "message",
    main: [el("h2", {}, no.title), ...(next ? [el("p", {}, next)] : [])],
    context: NO_RETRY.has(no.key)
      ? [button(say("kiosk.back"), acts.home, "main")]
      : [button(say("kiosk.back"), acts.home), button(say("kiosk.retry"), acts.collect, "main")],
  };
}

/** The keeper is called, and how far that is; then the number of the county's desk, where there is one. */
export function drawHelp(view, acts) {
  const call = view.help;
  const phone = view.county_phone
    ? [el("p", { class: "phone" }, say("kiosk.help.phone"), el("b", {}, view.county_phone))]
    : [];
  return {
    className: "message helping wanted",
    main: [
      el("h2", {}, call ? call.title : say("kiosk.help.title"), call?.waited ? el("small", {}, call.waited) : ""),
      el("p", {}, say("kiosk.help.text")),
      ...phone,
    ],
    context: [
      button(say("kiosk.back"), acts.home, "main"),
      ...(call && !call.seen ? [button(say("kiosk.help.back"), acts.noHelp)] : []),
    ],
  };
}
