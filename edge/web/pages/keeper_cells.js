// The map: every cell in colour and word; open one with a reason, say what is inside.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { askWaybill, choose } from "/pages/keeper_dialogs.js";
import { askLock, askMove } from "/pages/keeper_place_dialogs.js";
import { release } from "/pages/keeper_release.js";

const DRESS = { free: "", reserved: "note", held: "ok", questioned: "warn", faulted: "bad" };
const ROWS = { 1: "", 2: "two", 3: "three" };
const AJAR = new Set(["open", "forced"]);
const REASONS = ["look", "clean", "repair"];

export class Cells {
  constructor(counter) {
    this.counter = counter;
    this.chosen = null;
    this.typed = "";
    this.map = el("div", { class: "cabinet" });
    this.side = el("aside", { class: "stack" });
    this.slots = el("div", { class: "slots" });
    this.slotsTitle = el("h2", {}, say("keeper.shelves"));
    this.parts = [el("section", { class: "work" }, this.map, this.slotsTitle, this.slots), this.side];
  }

  update(view) {
    this.view = view;
    this.map.style.setProperty("--columns", view.picture.columns);
    this.boxes ??= view.picture.doors.map((door) => {
      const made = button("", () => this.choose(door.cell), "");
      made.dataset.cell = door.cell;
      return made;
    });
    if (!this.map.hasChildNodes()) this.map.append(...this.boxes);
    view.cells.forEach((cell, n) => {
      const made = this.boxes[n];
      const door = view.picture.doors[n];
      const off = cell.locked && cell.occupancy === "free";
      made.className = `door ${ROWS[door.rows]} ${off ? "off" : DRESS[cell.occupancy]}`;
      made.setAttribute("aria-pressed", String(cell.cell === this.chosen));
      const ajar = AJAR.has(cell.door) || cell.door === "unknown";
      made.replaceChildren(el("b", {}, cell.name), el("span", {}, cell.locked ? say("keeper.locked") : cell.word), ajar ? el("span", { class: "ajar" }, cell.door_word) : "");
    });
    this.drawSlots(view);
    this.showChosen();
  }

  drawSlots(view) {
    this.slotsTitle.hidden = !view.has_slots;
    const key = JSON.stringify([view.slots, this.chosen]);
    if (key === this.slotsDrawn) return; // the chosen one keeps its focus
    this.slotsDrawn = key;
    this.slots.replaceChildren(...view.slots.map((slot) => {
      const made = button("", () => this.choose(slot.slot), "slot ok");
      made.setAttribute("aria-pressed", String(slot.slot === this.chosen));
      made.append(el("b", {}, slot.name), el("span", {}, slot.parcel));
      return made;
    }), view.slots.length || !view.has_slots ? "" : el("p", { class: "quiet" }, say("keeper.shelves.empty")));
  }

  choose(cell) {
    this.chosen = cell;
    this.update(this.view);
  }

  showChosen() {
    const cell = this.view.cells.find((one) => one.cell === this.chosen);
    const slot = this.view.slots.find((one) => one.slot === this.chosen);
    if (slot) {
      this.side.replaceChildren(el("h2", { class: "big-number long" }, slot.name), el("p", {}, slot.parcel), ...this.about(slot.waybill_no));
      return;
    }
    if (!cell) {
      this.side.replaceChildren(el("p", { class: "quiet" }, say("keeper.cells.choose")));
      return;
    }
    this.side.replaceChildren(
      el("h2", { class: "big-number" }, `${say("keeper.cell")} ${cell.name}`),
      el("p", {}, `${cell.size} · ${cell.word} · ${cell.door_word}`),
      cell.parcel ? el("p", {}, cell.parcel) : "",
      cell.locked ? el("p", { class: "card warn" }, cell.locked_why) : "",
      cell.why ? el("p", { class: "card warn" }, cell.why) : "",
      cell.hint ? el("p", { class: "card note" }, cell.hint) : "",
      cell.article ? el("p", cell.look_again ? { class: "card warn" } : {}, cell.article) : "",
      ...this.asks(cell),
    );
  }

  /** What comes first is the loud button: open and look, then say what is inside. */
  asks(cell) {
    const open = (dress) => keyed("keeper.cells.open", "Enter", () => this.open(cell), dress);
    const lock = cell.locked
      ? keyed("keeper.unlock", "+", () => this.lock(cell), "")
      : keyed("keeper.lock", "+", () => this.lock(cell), "");
    if (!cell.needs_look) return [...this.about(cell.waybill_no), open(""), lock];
    const inside = (dress) => keyed("keeper.cells.inside", "*", () => this.inside(cell), dress);
    return cell.can_say_empty ? [inside("main"), open(""), lock] : [open("main"), inside(""), lock];
  }

  /** What may be done with the parcel that lies there. */
  about(waybillNo) {
    const parcel = this.view.parcels.find((one) => one.waybill_no === waybillNo);
    if (!parcel) return [];
    return [
      parcel.can_move ? keyed("keeper.move", "/", () => this.move(parcel), "") : "",
      parcel.can_release && !parcel.cell ? keyed("keeper.release.slot", "Enter", () => release(this.counter, parcel), "main") : "",
    ];
  }

  move(parcel) {
    askMove(this.counter, parcel.waybill_no, `${parcel.carrier} ${parcel.short}`);
  }

  lock(cell) {
    if (cell.locked) this.counter.ask(`/api/keeper/cells/${cell.cell}/unlock`);
    else askLock(this.counter, cell.cell, cell.name);
  }

  open(cell) {
    choose(`${say("keeper.cell")} ${cell.name} · ${say("keeper.cells.why")}`, REASONS.map((name) => {
      const reason = say(`keeper.cells.why.${name}`);
      return { label: reason, act: () => this.counter.ask(`/api/keeper/cells/${cell.cell}/open`, { reason }) };
    }));
  }

  inside(cell) {
    const tell = (holds) => this.counter.ask(`/api/keeper/cells/${cell.cell}/inspected`, { holds });
    const sensed = cell.article ? ` · ${cell.article}` : "";
    choose(`${say("keeper.cell")} ${cell.name} · ${say("keeper.cells.inside")}${sensed}`, [
      ...(cell.can_say_empty ? [{ label: say("keeper.cells.empty"), act: () => tell(null) }] : []),
      ...cell.candidates.map((one) => ({ label: one.word, act: () => tell(one.waybill_no) })),
      { label: say("keeper.cells.other"), act: () => askWaybill(tell) },
    ]);
  }

  parcelThere() {
    const there = this.view.cells.find((one) => one.cell === this.chosen) ?? this.view.slots.find((one) => one.slot === this.chosen);
    return this.view.parcels.find((one) => one.waybill_no === there?.waybill_no);
  }

  key(key) {
    const cell = this.view.cells.find((one) => one.cell === this.chosen);
    if (/^[0-9]$/.test(key)) {
      this.typed = (this.typed + key).slice(-2);
      const found = this.view.cells.find((one) => one.cell === Number(this.typed));
      if (found) this.choose(found.cell);
    } else if (key === "+" && cell) {
      this.lock(cell);
    } else if (key === "/" && this.parcelThere()?.can_move) {
      this.move(this.parcelThere());
    } else if (key === "Enter" && this.parcelThere() && !cell) {
      release(this.counter, this.parcelThere());
    } else if (key === "Enter" && cell) {
      this.open(cell);
    } else if (key === "*" && cell?.needs_look) {
      this.inside(cell);
    } else {
      return false;
    }
    return true;
  }
}

function keyed(word, key, act, dress) {
  const made = button("", act, dress);
  made.append(el("span", {}, say(word)), el("kbd", {}, key));
  return made;
}
