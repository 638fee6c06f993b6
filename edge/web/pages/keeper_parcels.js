// Parcels: search by waybill or phone digits; hand out, reprint, add digits, undo.
import { el, post } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";
import { askTail, askUndo, confirm } from "/pages/keeper_dialogs.js";
import { askFlags, askMove, askUndoRelease } from "/pages/keeper_place_dialogs.js";
import { askWord, contactLine } from "/pages/keeper_contact.js";
import { askProxy, proxyLine } from "/pages/keeper_proxy.js";
import { askHamlet } from "/pages/keeper_hamlets.js";
import { release } from "/pages/keeper_release.js";
import { askIssue } from "/pages/keeper_issue.js";

const LISTS = { all: (view) => view.parcels, no_tail: (view) => view.parcels.filter((p) => p.needs_tail), contact: (view) => view.contact, proxy: (view) => view.proxies.codes, collected: (view) => view.collected };
const WAYBILL = /^[A-Z0-9-]{8,30}$/;

export class Parcels {
  constructor(counter, list = "all") {
    this.counter = counter;
    this.list = list;
    this.field = el("input", { type: "search", "aria-label": say("keeper.search"), placeholder: say("keeper.search"), autocomplete: "off", maxlength: "40", oninput: () => this.show() });
    this.tabs = el("div", { class: "actions tabs", role: "group" });
    this.rows = el("ul", { class: "rows scroll" });
    const pad = numberPad((key) => this.press(key), say("keeper.pad"), say("keeper.pad.clear"), say("keeper.pad.delete"));
    this.parts = [
      el("section", { class: "work" }, this.field, this.tabs, this.rows),
      el("aside", { class: "stack" }, el("h2", {}, say("keeper.search")), pad),
    ];
  }

  focus() {
    this.field.focus();
  }

  press(key) {
    if (key === "clear") this.field.value = "";
    else if (key === "delete") this.field.value = this.field.value.slice(0, -1);
    else this.field.value += key;
    this.show();
  }

  update(view) {
    this.view = view;
    this.show();
  }

  wanted() {
    return this.field.value.replace(/\s/g, "").toUpperCase();
  }

  found() {
    const wanted = this.wanted();
    return LISTS[this.list](this.view).filter((p) => !wanted || p.waybill_no.includes(wanted) || p.tail === wanted || p.place.includes(wanted));
  }

  show() {
    this.tabs.replaceChildren(...Object.keys(LISTS).map((name) => {
      const made = button(`${say(`keeper.list.${name}`)} ${LISTS[name](this.view).length}`, () => {
        this.list = name;
        this.show();
      });
      made.setAttribute("aria-pressed", String(name === this.list));
      return made;
    }));
    const found = this.found();
    const asked = this.wanted();
    const key = JSON.stringify([this.list, found, found.length ? "" : asked]);
    if (key === this.drawn) return; // an open list keeps its place and its focus
    this.drawn = key;
    this.rows.replaceChildren(...(found.length ? found.map((parcel) => this.line(parcel)) : this.nothing(asked)));
  }

  /** Not here: the county may know. A tail is nobody else's business, a waybill number is. */
  nothing(asked) {
    if (this.list === "contact" && !asked) return [el("li", { class: "card ok" }, say("keeper.contact.none"))];
    if (this.list === "proxy" && !asked) return [el("li", { class: "card" }, say("keeper.proxy.none"))];
    const none = el("li", { class: "quiet" }, say("keeper.search.none"));
    if (!WAYBILL.test(asked)) return [none];
    const told = el("div", { class: "stack told", role: "status" });
    const go = button(say("keeper.where.ask"), () => this.askCounty(asked, told, go), "wide");
    return [none, el("li", { class: "stack" }, go, told)];
  }

  async askCounty(waybillNo, told, go) {
    go.disabled = true;
    told.replaceChildren(el("p", { class: "card" }, say("keeper.where.asking")));
    const { status, data } = await post("/api/keeper/where", { waybill_no: waybillNo });
    go.disabled = false;
    if (status === 401) window.location.assign("/keeper");
    const lines = status === 200 ? data.lines : [data?.error?.message ?? say("keeper.no_answer")];
    const dress = status === 200 && data.known ? "card ok" : "card warn";
    told.replaceChildren(...lines.map((line) => el("p", { class: dress }, line)));
  }

  line(parcel) {
    if (this.list === "contact") return contactLine(parcel, () => this.contact(parcel));
    if (this.list === "proxy") return proxyLine(this.counter, parcel);
    const named = (word, act, dress = "") => button(say(word), act, dress, { "aria-label": `${say(word)} ${parcel.short}` });
    return el("li", { class: `card parcel${parcel.needs_tail ? " warn" : ""}` },
      el("div", {},
        el("b", {}, `${parcel.carrier} ${parcel.short}`),
        el("span", { class: "tail-word" }, parcel.tail ? `${say("keeper.tail")} ${parcel.tail}` : say("keeper.list.no_tail")),
        el("small", {}, [parcel.word, parcel.at, parcel.hamlet, parcel.marks.text, parcel.agreed].filter(Boolean).join(" · "))),
      el("b", { class: "where" }, parcel.stage === "picked_up" || parcel.stage === "missing" ? "" : parcel.place),
      el("div", { class: "actions" },
        parcel.to_ask ? named("keeper.contact", () => this.contact(parcel)) : "",
        parcel.needs_tail ? named("keeper.add_tail", () => this.addTail(parcel)) : "",
        parcel.can_reprint ? named("keeper.reprint", () => this.reprint(parcel)) : "",
        parcel.can_label ? named("keeper.label", () => this.label(parcel)) : "",
        parcel.can_reprint ? named("keeper.proxy", () => askProxy(this.counter, parcel)) : "",
        parcel.can_move ? named("keeper.move", () => askMove(this.counter, parcel.waybill_no, `${parcel.carrier} ${parcel.short}`)) : "",
        parcel.can_move ? named("keeper.flags", () => askFlags(this.counter, parcel.waybill_no, parcel.marks, () => askWord(this.counter, parcel))) : "",
        parcel.can_undo && this.view.hamlets.choices.length ? named("keeper.hamlet", () => askHamlet(this.counter, parcel.waybill_no, `${parcel.carrier} ${parcel.short}`)) : "",
        parcel.can_report ? named("keeper.issue", () => askIssue(this.counter, parcel.waybill_no, `${parcel.carrier} ${parcel.short}`)) : "",
        parcel.can_undo_release ? named("keeper.undo_release", () => askUndoRelease(this.counter, parcel)) : "",
        parcel.can_undo ? named("keeper.undo", () => this.undo(parcel)) : "",
        parcel.can_release ? named("keeper.release", () => this.release(parcel), "main") : ""));
  }

  contact(parcel) {
    askWord(this.counter, parcel, true);
  }

  addTail(parcel) {
    askTail(`${parcel.carrier} ${parcel.waybill_no}`, (digits) =>
      this.counter.ask("/api/keeper/phone-tail", { waybill_no: parcel.waybill_no, phone_tail: digits }));
  }

  release(parcel) {
    release(this.counter, parcel);
  }

  reprint(parcel) {
    confirm(say("keeper.reprint.ask"), say("keeper.reprint.text"), say("keeper.reprint"), () =>
      this.counter.ask("/api/keeper/reprint", { waybill_no: parcel.waybill_no }));
  }

  /** Asks nothing: a label more does no harm. */
  label(parcel) {
    this.counter.ask("/api/keeper/label", { waybill_no: parcel.waybill_no });
  }

  undo(parcel) {
    askUndo(this.counter, parcel.waybill_no, parcel.stage === "received", `${parcel.carrier} ${parcel.short}`);
  }

  key(key, typing) {
    if (key === "Enter") {
      const found = this.found();
      if (this.list === "contact" && found.length) {
        this.contact(found[0]);
        return true;
      }
      if (found.length !== 1) return false;
      if (found[0].needs_tail) this.addTail(found[0]);
      else if (found[0].can_release) this.release(found[0]);
      else return false;
      return true;
    }
    if (key === "-" || key === "Escape") {
      this.counter.go("today");
      return true;
    }
    if (!typing && /^[0-9]$/.test(key)) {
      this.press(key);
      return true;
    }
    return false;
  }
}
