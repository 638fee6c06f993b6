// 自然村: which village a parcel is for, today's parcels by village, and who has no code at the kiosk.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { choose, open } from "/pages/keeper_dialogs.js";
import { release } from "/pages/keeper_release.js";

/** The village of one parcel, by its number key; the last choice takes a wrong word back. */
export function askHamlet(counter, waybillNo, name) {
  const tell = (hamlet) => () => counter.ask("/api/keeper/hamlet", { waybill_no: waybillNo, hamlet });
  choose(`${say("keeper.hamlet.ask")} ${name}`, [
    ...counter.view.hamlets.choices.map((hamlet) => ({ label: hamlet, act: tell(hamlet) })),
    { label: say("keeper.hamlet.none"), act: tell("") },
  ]);
}

/** After the phone's digits, and never in the way: one number key, "0" or the next scan leaves it. */
export class HamletCard {
  constructor(counter, changed) {
    this.counter = counter;
    this.changed = changed;
    this.about = ""; // the parcel whose digits were typed last
    this.root = el("section", { class: "card village-card", hidden: true });
  }

  begin(waybillNo) {
    this.about = waybillNo;
    this.changed();
  }

  update(view) {
    const parcel = view.parcels.find((one) => one.waybill_no === this.about);
    const { choices } = view.hamlets;
    const inHand = view.check_in.waybill_no;
    if (!parcel || parcel.hamlet || !choices.length || (inHand && inHand !== this.about)) this.about = "";
    this.root.hidden = !this.about;
    const key = this.about && JSON.stringify([this.about, choices]);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    if (!this.about) return;
    const picks = choices.map((hamlet, n) => keyed(hamlet, String(n + 1), () => this.tell(hamlet)));
    this.root.replaceChildren(
      el("h2", {}, `${say("keeper.hamlet.ask")} ${parcel.carrier} ${parcel.short}`),
      el("div", { class: "picks" }, ...picks, keyed(say("keeper.hamlet.skip"), "0", () => this.leave())));
  }

  async tell(hamlet) {
    const about = this.about;
    this.leave();
    await this.counter.ask("/api/keeper/hamlet", { waybill_no: about, hamlet });
  }

  /** Asks no more about this parcel, or about any. */
  leave(waybillNo = this.about) {
    if (waybillNo !== this.about) return;
    this.about = "";
    this.changed();
  }

  key(key) {
    if (!this.about || !/^[0-9]$/.test(key)) return false;
    const hamlet = this.counter.view.hamlets.choices[Number(key) - 1];
    if (key === "0") this.leave();
    else if (hamlet) this.tell(hamlet);
    return true;
  }
}

function keyed(label, key, act, dress = "", name = label) {
  const made = button("", act, dress, { "aria-label": name });
  made.append(el("span", {}, label), key ? el("kbd", {}, key) : "");
  return made;
}

/** 今日包裹·按村: keys 1 to 9 print a village, Enter prints all. */
export class Hamlets {
  constructor(counter) {
    this.counter = counter;
    this.sums = el("p", { class: "sums" });
    this.all = keyed(say("keeper.hamlets.print_all"), "Enter", () => this.print(null), "main");
    this.lists = el("div", { class: "stack by-village" });
    const head = el("div", { class: "row" }, el("h2", {}, say("keeper.hamlets.title")), this.all);
    this.parts = [el("section", { class: "work wide", tabindex: "0" }, head, this.sums, this.lists)];
  }

  update(view) {
    const { hamlets } = view;
    const key = JSON.stringify(hamlets);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    this.sums.replaceChildren(hamlets.today, hamlets.older ? el("small", {}, ` ${hamlets.older}`) : "");
    this.all.disabled = hamlets.groups.every((group) => group.count === 0);
    const hint = hamlets.choices.length ? [] : [el("p", { class: "card note" }, say("keeper.hamlets.unlisted"))];
    this.lists.replaceChildren(...hint, ...hamlets.groups.map((group, n) => this.group(group, n)));
  }

  group(group, n) {
    const print = keyed(say("keeper.hamlets.print"), n < 9 ? String(n + 1) : "", () => this.print(group.hamlet), "", `${say("keeper.hamlets.print")} ${group.title}`);
    const lines = group.lines.map((line) => el("li", {},
      el("b", {}, line.tail ? `${say("keeper.tail")} ${line.tail}` : say("keeper.list.no_tail")),
      el("span", { class: "where" }, line.place),
      el("small", {}, `${line.carrier} ${line.short}`)));
    return el("section", { class: "card hamlet" },
      el("div", { class: "row" }, el("h2", {}, group.title), el("b", { class: "count" }, say("keeper.hamlets.count", { count: group.count })), group.count ? print : ""),
      group.count ? el("ul", {}, ...lines) : "");
  }

  print(hamlet) {
    this.counter.ask("/api/keeper/hamlet-list", { hamlet });
  }

  digits() {
    return "123456789";
  }

  key(key) {
    if (key === "Enter" && !this.all.disabled) this.print(null);
    else if (/^[1-9]$/.test(key)) {
      const group = this.counter.view.hamlets.groups[Number(key) - 1];
      if (group?.count) this.print(group.hamlet);
    } else return false;
    return true;
  }
}

/** Somebody at the kiosk has no code. The key "." sees to the first. */
export function noCodeCard(counter, card, isFirst) {
  const made = button("", () => seeToNoCode(counter, card), "main", { "aria-label": `${say("keeper.no_code.go")} ${card.text}` });
  made.append(el("span", {}, say("keeper.no_code.go")), isFirst ? el("kbd", {}, ".") : "");
  const count = el("span", {}, say("keeper.no_code.count", { count: card.waybills.length }));
  return el("div", { class: "row proxy-card" },
    el("div", {}, el("b", {}, card.text), el("br", {}), count, ` · ${card.time}`),
    el("div", { class: "actions" }, made));
}

/** What lies here for these digits, by number keys to the usual handing out; "*" puts the card away. */
export function seeToNoCode(counter, card) {
  const hers = card.waybills.map((no) => counter.view.parcels.find((one) => one.waybill_no === no)).filter(Boolean);
  const picks = hers.map((parcel, n) => {
    const label = [`${parcel.carrier} ${parcel.short}`, parcel.place, parcel.hamlet, parcel.marks.text].filter(Boolean).join(" · ");
    const made = keyed(label, n < 9 ? String(n + 1) : "", () => {
      done();
      release(counter, parcel);
    }, "wide");
    made.disabled = !parcel.can_release;
    return made;
  });
  const away = keyed(say("keeper.no_code.away"), "*", () => {
    done();
    counter.ask("/api/keeper/no-code-seen", { serial: card.serial });
  });
  const parts = picks.length
    ? [el("div", { class: "stack" }, el("p", {}, say("keeper.no_code.ask")), ...picks)]
    : [el("p", { class: "card warn" }, say("keeper.no_code.nothing"))];
  const done = open(card.text, parts, [away], (key) => {
    const pick = key === "*" ? away : picks[Number(key) - 1];
    pick?.click();
    return Boolean(pick);
  });
}
