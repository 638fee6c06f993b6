// Handing out: the keeper ticks what she saw; the keys 1, 2, 3 tick, Enter goes on.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { open } from "/pages/keeper_dialogs.js";
import { tickRow } from "/pages/keeper_place_dialogs.js";
import { releaseToProxy } from "/pages/keeper_proxy.js";

/** What must be seen of this parcel: papers where no code was shown, money, a signature. */
function wanted(parcel) {
  const { marks } = parcel;
  return [
    ...(marks.code_shown ? [] : ["id"]),
    ...(marks.yuan ? ["paid"] : []),
    ...(marks.to_sign ? ["signed"] : []),
  ];
}

/** Ask for what must be seen, then hand out; at once where a shown code is all that it takes. */
export function release(counter, parcel) {
  const hand = (seen) => counter.ask("/api/keeper/release", { waybill_no: parcel.waybill_no, seen });
  const names = wanted(parcel);
  if (names.length === 0) {
    hand([]);
    return;
  }
  const show = () => {
    go.disabled = !ticks.every((tick) => tick.box.checked);
  };
  const ticks = names.map((name, n) => tickRow(n === 0 ? "seen" : `seen-${name}`, say(`keeper.seen.${name}`, { yuan: parcel.marks.yuan }), String(n + 1), show));
  const go = button(say(parcel.cell ? "keeper.release.go" : "keeper.release.slot"), () => {
    done();
    hand(names);
  }, "main");
  go.disabled = true;
  const other = button(say("keeper.proxy.other_came"), () => releaseToProxy(counter, parcel, names));
  const done = open(say("keeper.release.ask"), [
    el("p", { class: "facts" }, `${parcel.carrier} ${parcel.short}`, el("b", {}, parcel.tail ? `${say("keeper.tail")} ${parcel.tail}` : say("keeper.count.no_tail")), parcel.place),
    ...(parcel.marks.text ? [el("p", { class: "card warn" }, parcel.marks.text)] : []),
    ...ticks.map((tick) => tick.row),
  ], [...(parcel.tail ? [other] : []), go], (key, _typing, target) => {
    const tick = ticks[Number(key) - 1];
    if (tick) tick.box.click();
    else if (key === "Enter" && !go.disabled && !target.matches("button")) go.click();
    else return false;
    return true;
  });
}
