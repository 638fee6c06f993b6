// Questions about places and marks, asked over the page like all others.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { choose, open } from "/pages/keeper_dialogs.js";

const FLAGS = ["bulky", "fresh", "signature", "valuable"];
const WHY = ["lock", "dirty", "kept"];

/** A cell off the offer, with a reason. */
export function askLock(counter, cell, name) {
  choose(`${say("keeper.cell")} ${name} · ${say("keeper.lock.why")}`, WHY.map((why) => {
    const reason = say(`keeper.lock.why.${why}`);
    return { label: reason, act: () => counter.ask(`/api/keeper/cells/${cell}/lock`, { reason }) };
  }));
}

/** Take a parcel from its place; where it goes is chosen on the check-in page. */
export function askMove(counter, waybillNo, name) {
  const go = async () => {
    if (await counter.ask("/api/keeper/move", { waybill_no: waybillNo })) counter.go("check_in");
  };
  choose(`${say("keeper.move.ask")} ${name}`, [{ label: say("keeper.move.text"), act: go }]);
}

/** A handing out that is taken back. */
export function askUndoRelease(counter, parcel) {
  const go = () => counter.ask("/api/keeper/undo-release", { waybill_no: parcel.waybill_no });
  choose(`${say("keeper.undo_release.ask")} ${parcel.carrier} ${parcel.short}`, [{ label: say("keeper.undo_release.text"), act: go }]);
}

/** A row to tick with its key, e.g. what was seen before a parcel is handed out. */
export function tickRow(id, label, key, changed, checked = false) {
  const box = el("input", { type: "checkbox", id, checked });
  box.checked = checked;
  box.addEventListener("change", changed);
  return { box, row: el("label", { class: "tick", for: id }, box, label, el("kbd", {}, key)) };
}

/** What is to be minded: keys 1 to 4 tick, cash due is typed in yuan, "*" asks for another wish. */
export function askFlags(counter, waybillNo, marks, askWish = null) {
  const ticks = FLAGS.map((flag, n) => tickRow(`flag-${flag}`, say(`keeper.flag.${flag}`), String(n + 1), () => {}, marks.flags.includes(flag)));
  const cash = el("input", { id: "cash", inputmode: "decimal", maxlength: "9", autocomplete: "off", value: marks.yuan });
  const go = () => {
    const fen = fenOf(cash.value);
    cash.setAttribute("aria-invalid", String(fen === null));
    if (fen === null) return;
    done();
    const flags = FLAGS.filter((_, n) => ticks[n].box.checked);
    counter.ask("/api/keeper/flags", { waybill_no: waybillNo, flags, cash_due_fen: fen });
  };
  const wish = () => {
    done();
    askWish();
  };
  const done = open(say("keeper.flags.ask"), [
    el("div", { class: "flags" }, ...ticks.map((tick) => tick.row), el("label", { class: "tick cash", for: "cash" }, say("keeper.flag.cash"), cash)),
  ], [...(askWish ? [button(say("keeper.contact.change"), wish)] : []), button(say("keeper.yes"), go, "main")], (key, typing, target) => {
    if (key === "Enter" && !target.matches("button")) {
      go();
      return true;
    }
    if (key === "*" && askWish) {
      wish();
      return true;
    }
    const tick = typing && target.id === "cash" ? null : ticks[Number(key) - 1];
    tick?.box.click();
    return Boolean(tick);
  });
}

/** Yuan as typed, in fen; null for what is no amount. */
function fenOf(text) {
  const found = /^(\d{1,5})(?:\.(\d{1,2}))?$/.exec(text.trim() || "0");
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
