// Check-in: one huge target, one next instruction, the phone's digits right there, the last five, undo.
import { el, post } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { askUndo, askWaybill, choose, TailPad } from "/pages/keeper_dialogs.js";
import { askFlags, askLock } from "/pages/keeper_place_dialogs.js";
import { HamletCard } from "/pages/keeper_hamlets.js";
import { askDamage } from "/pages/keeper_issue.js";

const PLACES = ["small", "medium", "large", "shelf", "floor"];

export class CheckIn {
  constructor(counter) {
    this.counter = counter;
    this.number = el("b", { class: "number" });
    this.carrier = el("span", { class: "pill" });
    this.head = el("div", { class: "scan-line" }, this.number, this.carrier);
    this.target = el("div", { class: "panel target", "aria-live": "polite" });
    this.buttons = el("div", { class: "buttons" });
    this.places = el("div", { class: "buttons places", role: "group", "aria-label": say("keeper.choice") });
    this.tail = new TailPad((digits) => this.saveTail(digits));
    this.tailCard = el("section", { class: "card" }, el("h2", {}, say("keeper.tail")), this.tail.root, el("small", {}, say("keeper.tail.four")));
    this.hamlet = new HamletCard(counter, () => {
      this.update(counter.view);
      counter.lend();
    });
    this.counts = el("div", { class: "counts two" });
    this.advised = el("p", { class: "card note", hidden: true });
    this.last = el("ul", { class: "rows" });
    this.side = el("aside", { class: "stack", tabindex: "0" }, this.tailCard, this.hamlet.root, this.counts, this.advised, el("h2", {}, say("keeper.check_in.last")), this.last);
    this.parts = [el("section", { class: "work" }, this.head, this.target, this.places, this.buttons), this.side];
    this.about = "";
  }

  update(view) {
    const now = view.check_in;
    this.hasSlots = view.has_slots;
    this.hamlet.update(view);
    if (now.waybill_no !== this.about) this.tail.reset();
    this.about = now.waybill_no;
    this.number.textContent = spaced(now.waybill_no) || now.title;
    this.carrier.textContent = [now.carrier, now.marks?.text].filter(Boolean).join(" · ");
    this.carrier.className = `pill ok${now.carrier ? "" : " none"}`;
    this.target.className = `panel target ${now.step}${now.place ? " celled" : ""}`;
    this.target.replaceChildren(...(now.place ? this.cell(now) : this.waiting(now)));
    this.buttons.replaceChildren(...this.choices(now));
    this.places.replaceChildren(...this.placeKeys(now));
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
      el("div", {}, el("p", {}, now.title), el("p", { class: now.slot ? "cell slot" : "cell" }, now.place), el("p", {}, now.text)),
      el("p", { class: "side" }, now.size, el("br"), now.tail ? `${say("keeper.tail")} ${now.tail}` : "", this.known ? el("br") : "", this.known),
    ];
  }

  /** Which place by number: for the next parcel before its scan, at once for one in her hands. */
  placeKeys(now) {
    if (!this.numbered(now) || this.hamlet.about) return []; // its number keys are another's now
    return PLACES.filter((name) => this.hasSlots || !["shelf", "floor"].includes(name)).map((name, n) => {
      const made = keyed(`keeper.choice.${name}`, String(n + 1), () => this.place(name));
      if (now.step !== "in_hand") made.setAttribute("aria-pressed", String(now.choice === name));
      return made;
    });
  }

  numbered(now) {
    return now.step === "in_hand" || (now.on && ["scan", "no_scanner", "to_contact"].includes(now.step));
  }

  choices(now) {
    const all = [];
    if (now.can_enlarge) all.push(keyed("keeper.too_small", "+", () => this.enlarge(now)));
    const done = now.step === "to_contact"; // it lies on its slot: the next one may come
    if (now.marks && !done) all.push(keyed("keeper.choice.other", "/", () => this.elsewhere(now)));
    if (now.can_retry) all.push(keyed("keeper.check_in.retry", "+", () => this.retry(), "main"));
    if (!now.on) all.push(keyed("keeper.check_in.on", "Enter", () => this.turn(true), "main"));
    else if (!now.can_undo || done) all.push(keyed("keeper.check_in.type", "Enter", () => this.type(), now.step === "no_scanner" ? "main" : ""));
    if (now.can_undo) all.push(keyed("keeper.undo", "*", () => this.undo(now.waybill_no, now.in_hand)));
    if (now.on) all.push(button(say("keeper.check_in.off"), () => this.turn(false)));
    return all;
  }

  line(parcel) {
    const state = parcel.to_ask ? parcel.agreed : parcel.needs_tail ? say("keeper.list.no_tail") : parcel.word;
    return el("li", { class: `card row last${parcel.needs_tail || parcel.to_ask ? " warn" : ""}` },
      el("span", {}, `${parcel.carrier} ${parcel.short}`, el("br"), el("small", {}, state)),
      el("b", {}, parcel.place),
      parcel.can_undo ? button(say("keeper.undo"), () => this.undo(parcel.waybill_no, parcel.stage === "received"), "small", { "aria-label": `${say("keeper.undo")} ${parcel.short}` }) : "");
  }

  /** For the parcel in her hands, or the next one; the same key again is the station's own choice. */
  place(name) {
    const now = this.counter.view.check_in;
    const held = now.step === "in_hand";
    const choice = !held && now.choice === name ? null : name;
    this.counter.ask("/api/keeper/place", { waybill_no: held ? now.waybill_no : null, choice });
  }

  enlarge(now) {
    this.counter.ask("/api/keeper/place", { waybill_no: now.waybill_no, choice: "larger" });
  }

  /** Another place for the parcel at the door, this cell off the offer, or marks on the parcel. */
  elsewhere(now) {
    const put = (name) => ({ label: say(`keeper.choice.${name}`), act: () => this.counter.ask("/api/keeper/place", { waybill_no: now.waybill_no, choice: name }) });
    const names = now.can_choose ? PLACES.filter((name) => this.hasSlots || !["shelf", "floor"].includes(name)) : [];
    choose(say("keeper.choice.ask"), [
      ...names.map(put),
      ...(now.can_choose && now.cell !== null ? [{ label: say("keeper.lock"), act: () => askLock(this.counter, now.cell, now.cell_name) }] : []),
      { label: say("keeper.flags"), act: () => askFlags(this.counter, now.waybill_no, now.marks) },
      { label: say("keeper.issue.damaged"), act: () => askDamage(this.counter, now.waybill_no) },
    ]);
  }

  async saveTail(digits) {
    const about = this.about;
    this.tail.reset();
    this.hamlet.begin(about); // a quick hand presses the village's key before the station has answered
    if (!(await this.counter.ask("/api/keeper/phone-tail", { waybill_no: about, phone_tail: digits }))) this.hamlet.leave(about);
  }

  turn(on) {
    this.counter.ask("/api/keeper/check-in", { on });
  }

  type() {
    askWaybill((text) => this.typed(text));
  }

  /** A number with a wrong check digit is most likely mistyped, but a label may really say so. */
  async typed(text) {
    const { status, data } = await post("/api/keeper/scan", { text });
    if (status !== 409 || data.error.code !== "check_digit") this.counter.told(status, data);
    else choose(`${text} · ${data.error.message}`, [
      { label: say("keeper.check_in.type_again"), act: () => this.type() },
      { label: say("keeper.check_in.sure"), act: () => this.counter.ask("/api/keeper/scan", { text, sure: true }) },
    ]);
  }

  retry() {
    const { cell, auth } = this.counter.view.check_in;
    this.counter.ask("/api/keeper/stuck", { cell, auth });
  }

  undo(waybillNo, inHand) {
    askUndo(this.counter, waybillNo, inHand, spaced(waybillNo));
  }

  /** The number keys that are places, villages or the phone's digits by now. */
  digits() {
    const now = this.counter.view?.check_in;
    if (!now) return "";
    if (this.hamlet.about || now.needs_tail) return "0123456789";
    return this.placeKeys(now).map((_place, n) => n + 1).join("");
  }

  key(key) {
    const now = this.counter.view.check_in;
    if (this.hamlet.key(key)) return true;
    if (now.needs_tail && this.tail.key(key)) return true;
    const name = this.numbered(now) && this.placeKeys(now)[Number(key) - 1];
    if (name) name.click();
    else if (key === "+" && now.can_enlarge) this.enlarge(now);
    else if (key === "/" && now.marks && now.step !== "to_contact") this.elsewhere(now);
    else if (key === "*" && now.can_undo) this.undo(now.waybill_no, now.in_hand);
    else if (key === "+" && now.can_retry) this.retry();
    else if (key === "Enter" && !now.on) this.turn(true);
    else if (key === "Enter" && (!now.can_undo || now.step === "to_contact")) this.type();
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
