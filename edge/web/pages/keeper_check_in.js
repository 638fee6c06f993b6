// Check-in: one huge target, one next instruction, the phone's digits right there, the last five, undo.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { askUndo, askWaybill, TailPad } from "/pages/keeper_dialogs.js";

export class CheckIn {
  constructor(counter) {
    this.counter = counter;
    this.number = el("b", { class: "number" });
    this.carrier = el("span", { class: "pill" });
    this.head = el("div", { class: "scan-line" }, this.number, this.carrier);
    this.target = el("div", { class: "panel target", "aria-live": "polite" });
    this.buttons = el("div", { class: "buttons" });
    this.tail = new TailPad((digits) => this.saveTail(digits));
    this.tailCard = el("section", { class: "card" }, el("h2", {}, say("keeper.tail")), this.tail.root, el("small", {}, say("keeper.tail.four")));
    this.counts = el("div", { class: "counts two" });
    this.advised = el("p", { class: "card note", hidden: true });
    this.last = el("ul", { class: "rows" });
    this.side = el("aside", { class: "stack" }, this.tailCard, this.counts, this.advised, el("h2", {}, say("keeper.check_in.last")), this.last);
    this.parts = [el("section", { class: "work" }, this.head, this.target, this.buttons), this.side];
    this.about = "";
  }

  update(view) {
    const now = view.check_in;
    if (now.waybill_no !== this.about) this.tail.reset();
    this.about = now.waybill_no;
    this.number.textContent = spaced(now.waybill_no) || now.title;
    this.carrier.textContent = now.carrier;
    this.carrier.className = `pill ok${now.carrier ? "" : " none"}`;
    this.target.className = `panel target ${now.step}${now.cell === null ? "" : " celled"}`;
    this.target.replaceChildren(...(now.cell === null ? this.waiting(now) : this.cell(now)));
    this.buttons.replaceChildren(...this.choices(now));
    this.tailCard.hidden = !now.needs_tail;
    this.counts.hidden = now.needs_tail;
    const { advised, brands } = view.handover;
    this.advised.replaceChildren(advised, advised && brands ? el("br") : "", el("small", {}, brands));
    this.advised.hidden = now.needs_tail || !(advised || brands);
    this.known = view.handover.in_hand;
    this.counts.replaceChildren(...["arrived", "free"].map((name) =>
      el("div", { class: "card count" }, el("small", {}, say(`keeper.count.${name}`)), el("b", {}, String(view.counts[name])))));
    this.last.replaceChildren(...(view.last.length ? view.last.map((parcel) => this.line(parcel)) : [el("li", { class: "quiet" }, say("keeper.check_in.none"))]));
  }

  waiting(now) {
    return [el("p", { class: "title" }, now.title), el("p", {}, now.text)];
  }

  cell(now) {
    return [
      el("div", {}, el("p", {}, now.title), el("p", { class: "cell" }, `${say("keeper.cell")} ${now.cell_name}`), el("p", {}, now.text)),
      el("p", { class: "side" }, now.size, el("br"), now.tail ? `${say("keeper.tail")} ${now.tail}` : "", this.known ? el("br") : "", this.known),
    ];
  }

  choices(now) {
    const all = [];
    if (now.can_retry) all.push(keyed("keeper.check_in.retry", "+", () => this.retry(), "main"));
    if (!now.on) all.push(keyed("keeper.check_in.on", "Enter", () => this.turn(true), "main"));
    else if (!now.can_undo) all.push(keyed("keeper.check_in.type", "Enter", () => this.type(), now.step === "no_scanner" ? "main" : ""));
    if (now.can_undo) all.push(keyed("keeper.undo", "*", () => this.undo(now.waybill_no, now.in_hand)));
    if (now.on) all.push(button(say("keeper.check_in.off"), () => this.turn(false)));
    return all;
  }

  line(parcel) {
    const state = parcel.needs_tail ? say("keeper.list.no_tail") : parcel.word;
    return el("li", { class: `card row last${parcel.needs_tail ? " warn" : ""}` },
      el("span", {}, `${parcel.carrier} ${parcel.short}`, el("br"), el("small", {}, state)),
      el("b", {}, parcel.cell ? `${say("keeper.cell")} ${parcel.cell}` : ""),
      parcel.can_undo ? button(say("keeper.undo"), () => this.undo(parcel.waybill_no, parcel.stage === "received"), "small", { "aria-label": `${say("keeper.undo")} ${parcel.short}` }) : "");
  }

  saveTail(digits) {
    const about = this.about;
    this.tail.reset();
    this.counter.ask("/api/keeper/phone-tail", { waybill_no: about, phone_tail: digits });
  }

  turn(on) {
    this.counter.ask("/api/keeper/check-in", { on });
  }

  type() {
    askWaybill((text) => this.counter.ask("/api/keeper/scan", { text }));
  }

  retry() {
    const { cell, auth } = this.counter.view.check_in;
    this.counter.ask("/api/keeper/stuck", { cell, auth });
  }

  undo(waybillNo, inHand) {
    askUndo(this.counter, waybillNo, inHand, spaced(waybillNo));
  }

  key(key) {
    const now = this.counter.view.check_in;
    if (now.needs_tail && this.tail.key(key)) return true;
    if (key === "*" && now.can_undo) this.undo(now.waybill_no, now.in_hand);
    else if (key === "+" && now.can_retry) this.retry();
    else if (key === "Enter" && !now.on) this.turn(true);
    else if (key === "Enter" && !now.can_undo) this.type();
    else return false;
    return true;
  }
}

function keyed(word, key, act, dress = "") {
  const made = button("", act, dress);
  made.append(el("span", {}, say(word)), el("kbd", {}, key));
  return made;
}

/** A waybill as people read it: groups of four. */
function spaced(waybillNo) {
  return waybillNo.replace(/([A-Z]+|\d{4})(?=.)/g, "$1 ");
}
