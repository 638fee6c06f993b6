// What is wrong with a parcel: refused, damaged with whose fault it is, or simply to be returned.
import { say } from "/pages/parts.js";
import { choose } from "/pages/keeper_dialogs.js";

const REFUSALS = ["unwanted", "not_mine", "broken", "cash"];
const DAMAGES = ["box", "wet", "open", "crushed"];
const LIABLE = ["carrier", "sender", "station", "unknown"];

/** Asks step by step, each answer by its number. */
export function askIssue(counter, waybillNo, name) {
  choose(`${say("keeper.issue.ask")} ${name}`, [
    { label: say("keeper.issue.damaged"), act: () => askDamage(counter, waybillNo) },
    { label: say("keeper.issue.refused"), act: () => askRefusal(counter, waybillNo) },
    { label: say("keeper.returns.return"), act: () => counter.ask("/api/keeper/return", { waybill_no: waybillNo }) },
  ]);
}

export function askDamage(counter, waybillNo) {
  choose(say("keeper.issue.damaged.ask"), DAMAGES.map((what) => {
    const note = say(`keeper.issue.damaged.${what}`);
    return {
      label: note,
      act: () => askLiable((liable) => counter.ask("/api/keeper/damaged", { waybill_no: waybillNo, note, liable })),
    };
  }));
}

/** Whose fault, by number. */
export function askLiable(act) {
  choose(say("keeper.issue.liable"), LIABLE.map((name) => ({ label: say(`keeper.liable.${name}`), act: () => act(name) })));
}

function askRefusal(counter, waybillNo) {
  choose(say("keeper.issue.refused.ask"), REFUSALS.map((why) => {
    const reason = say(`keeper.issue.refused.${why}`);
    return { label: reason, act: () => counter.ask("/api/keeper/refused", { waybill_no: waybillNo, reason }) };
  }));
}
