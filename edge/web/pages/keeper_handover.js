// The van at the door: scan, see what is short in red and in words, sign. Problems stand first.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { choose, confirm } from "/pages/keeper_dialogs.js";
import { askCourier, askCount, askSeal } from "/pages/keeper_handover_dialogs.js";

const COUNTS = ["expected", "scanned", "short", "over", "damaged", "misrouted", "out"];
const BAD = new Set(["short", "misrouted"]);
const WARN = new Set(["over", "damaged"]);
const GOING_ON = new Set(["out", "cross_dock"]);
const DAMAGES = ["seal", "torn", "wet"];
const REASONS = ["away", "closed", "late"];

export class Handover {
  constructor(counter) {
    this.counter = counter;
    this.title = el("b", { class: "number" });
    this.who = el("span", { class: "pill" });
    this.head = el("div", { class: "scan-line" }, this.title, this.who);
    this.counts = el("div", { class: "counts tally" });
    this.text = el("p", { class: "panel dock-text", role: "status" });
    this.buttons = el("div", { class: "buttons" });
    this.work = el("section", { class: "work" }, this.head, this.counts, this.text, this.buttons);
    this.heading = el("h2", {});
    this.list = el("ul", { class: "rows" });
    this.side = el("aside", { class: "stack", tabindex: "0" }, this.heading, this.list);
    this.parts = [this.work, this.side];
  }

  update(view) {
    const now = view.handover;
    const key = JSON.stringify([now, view.returns.loaded, view.returns.loadable]);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    this.title.textContent = now.on ? now.title : now.text;
    this.who.textContent = now.courier;
    this.who.className = `pill ok${now.courier ? "" : " none"}`;
    this.counts.hidden = !now.on;
    this.counts.replaceChildren(...COUNTS.map((name) => this.count(name, now.tally[name])));
    this.text.hidden = !now.on;
    this.text.textContent = [now.text, now.disputed].filter(Boolean).join(" · ");
    this.text.classList.toggle("out", now.out);
    this.buttons.replaceChildren(...(now.on ? this.acts(now) : this.idle(now)));
    this.heading.textContent = now.on ? say("keeper.dock.bags", { count: now.bags.length }) : say("keeper.dock.to_empty");
    this.list.replaceChildren(...(now.on ? [...now.bags.map((bag) => this.bag(bag)), ...view.returns.loaded.map((no) => this.returned(no))] : this.inHand(now)));
  }

  count(name, number) {
    const mood = number > 0 && BAD.has(name) ? " bad" : number > 0 && WARN.has(name) ? " warn" : "";
    return el("div", { class: `card count ${name}${mood}` }, el("small", {}, say(`keeper.dock.${name}`)), el("b", {}, String(number)));
  }

  // -- no van: the trips of the day, and what is still to be emptied

  idle(now) {
    const trips = now.trips.map((trip, n) => {
      const made = button("", () => this.begin(trip.trip), `wide${trip.late ? " ask" : ""}`);
      made.append(el("span", {}, `${trip.title} · ${trip.bags}`, el("br"), el("small", {}, trip.state)), el("kbd", {}, keyOf(n, now)));
      return made;
    });
    return [...trips, keyed("keeper.dock.other_trip", "*", () => this.begin(""), "wide")];
  }

  inHand(now) {
    const bags = now.to_empty.map((bag) =>
      el("li", { class: "card row" },
        el("span", {}, bag.seal, el("br"), el("small", {}, bag.text)),
        button(say("keeper.dock.empty"), () => this.empty(bag), "small", { "aria-label": `${say("keeper.dock.empty")} ${bag.seal}` })));
    const held = now.held.map((bag) =>
      el("li", { class: `card ok${now.labels ? " row" : ""}` }, el("span", {}, bag.text), now.labels ? this.label(bag.seal) : ""));
    const none = el("li", { class: "quiet" }, say("keeper.dock.to_empty.none"));
    return bags.length || held.length ? [...bags, ...held] : [none];
  }

  begin(trip) {
    askCourier(say("keeper.dock.who"), { trip, reasons: [] }, (asked) =>
      this.counter.ask("/api/keeper/handover/arrive", asked));
  }

  empty(bag) {
    const go = () => this.counter.ask("/api/keeper/bag-empty", { seal: bag.seal });
    if (bag.missing === 0) return go();
    confirm(say("keeper.dock.empty.ask", { seal: bag.seal }), say("keeper.dock.empty.text", { count: bag.missing }), say("keeper.dock.empty"), go);
    return null;
  }

  // -- a handover under way

  acts(now) {
    const all = [keyed("keeper.dock.sign", "Enter", () => this.sign(now), "main")];
    all.push(now.out ? keyed("keeper.dock.turn_in", "+", () => this.turn("", "")) : keyed("keeper.dock.turn_out", "+", () => this.out(now)));
    if (now.last) all.push(keyed("keeper.dock.undo", "*", () => this.undo(now.last)));
    const { loadable } = this.counter.view.returns;
    if (loadable) all.push(keyed("keeper.returns.load", "0", () => this.load(), "", { count: loadable }));
    if (now.last && !now.out) all.push(keyed("keeper.dock.damage", "/", () => this.damage(now.last)));
    all.push(keyed("keeper.dock.type", ".", () => askSeal((text) => this.counter.ask("/api/keeper/scan", { text }))));
    all.push(button(say("keeper.dock.dispute"), () => this.dispute()));
    all.push(button(say("keeper.dock.hold"), () => this.hold(now)));
    return all;
  }

  bag(bag) {
    const acts = [];
    if (bag.scanned && bag.kind !== "out") acts.push(named("keeper.dock.damage", bag.seal, () => this.damage(bag.seal)));
    if (this.counter.view.handover.labels && GOING_ON.has(bag.kind)) acts.push(this.label(bag.seal));
    if (bag.scanned) acts.push(named("keeper.dock.undo", bag.seal, () => this.undo(bag.seal)));
    return el("li", { class: `card bag ${bag.mood}` },
      el("span", {}, el("b", {}, bag.word), ` ${bag.seal}`, bag.where ? el("br") : "", bag.where ? el("small", {}, bag.where) : ""),
      el("span", { class: "bag-acts" }, ...acts));
  }

  /** Asks nothing: a label more does no harm. */
  label(seal) {
    return named("keeper.label", seal, () => this.counter.ask("/api/keeper/bag-label", { seal }));
  }

  sign(now) {
    const returns = this.counter.view.returns.loaded.length;
    const text = [say("keeper.dock.sign.text", now.tally), returns ? say("keeper.returns.sign", { count: returns }) : ""].join(" ").trim();
    askCourier(say("keeper.dock.sign.ask"), { trip: null, text, reasons: [], name: courierOf(now) }, ({ courier, pin }) =>
      this.counter.ask("/api/keeper/handover/sign", { courier, pin }));
  }

  hold(now) {
    const reasons = REASONS.map((name) => say(`keeper.dock.why.${name}`));
    askCourier(say("keeper.dock.hold.ask"), { trip: now.trip, reasons }, (asked) =>
      this.counter.ask("/api/courier/hold-up", asked));
  }

  out(now) {
    if (now.ways.length === 0) return this.counter.toast(false, say("keeper.dock.no_routes"));
    choose(say("keeper.dock.which_way"), now.ways.slice(0, 9).map((way) => ({
      label: way.label,
      act: () => this.turn(way.network, way.direction),
    })));
    return null;
  }

  turn(network, direction) {
    this.counter.ask("/api/keeper/handover/turn", { network, direction });
  }

  /** Everything that is in the return bag. */
  load() {
    this.counter.ask("/api/keeper/handover/returns");
  }

  /** A parcel of the return bag that goes along. */
  returned(waybillNo) {
    return el("li", { class: "card bag ok" },
      el("span", {}, el("b", {}, say("keeper.returns.loaded")), ` ${waybillNo}`),
      el("span", { class: "bag-acts" }, named("keeper.dock.undo", waybillNo, () => this.undo(waybillNo))));
  }

  undo(seal) {
    this.counter.ask("/api/keeper/handover/undo", { seal });
  }

  damage(seal) {
    choose(say("keeper.dock.damage.ask", { seal }), DAMAGES.map((name) => {
      const label = say(`keeper.dock.damage.${name}`);
      return { label, act: () => this.counter.ask("/api/keeper/handover/damaged", { seal, note: label }) };
    }));
  }

  dispute() {
    askCount(say("keeper.dock.dispute.ask"), (count) => this.counter.ask("/api/keeper/handover/dispute", { count }));
  }

  key(key) {
    const now = this.counter.view.handover;
    if (now.on) return this.keyOfHandover(key, now);
    const trip = now.trips.find((_trip, n) => keyOf(n, now) === key);
    if (key === "*") this.begin("");
    else if (trip) this.begin(trip.trip);
    else return false;
    return true;
  }

  keyOfHandover(key, now) {
    if (key === "Enter") this.sign(now);
    else if (key === "+" && now.out) this.turn("", "");
    else if (key === "+") this.out(now);
    else if (key === "*" && now.last) this.undo(now.last);
    else if (key === "/" && now.last && !now.out) this.damage(now.last);
    else if (key === "0" && this.counter.view.returns.loadable) this.load();
    else if (key === ".") askSeal((text) => this.counter.ask("/api/keeper/scan", { text }));
    else return false;
    return true;
  }
}

/** Number keys lead to other pages: the trip that is due goes with Enter alone. */
function keyOf(n, now) {
  return n === now.trips.findIndex((trip) => !trip.done) ? "Enter" : "";
}

function courierOf(now) {
  return now.courier.split(" ").pop();
}

function keyed(word, key, act, dress = "", blanks = {}) {
  const made = button("", act, dress);
  made.append(el("span", {}, say(word, blanks)), el("kbd", {}, key));
  return made;
}

function named(word, seal, act) {
  return button(say(word), act, "small", { "aria-label": `${say(word)} ${seal}` });
}
