// 代取: a code for whoever comes for somebody else, the word on what waits for it, and codes that are out.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { confirm, open } from "/pages/keeper_dialogs.js";
import { tickRow } from "/pages/keeper_place_dialogs.js";

const RELATIONS = ["family", "neighbour", "other"];

/** A proxy waits: what for, and the two answers. The key "." answers the first. */
export function proxyCard(counter, card, isFirst) {
  const agree = button("", () => answerProxy(counter, card), "main", { "aria-label": `${say("keeper.proxy.agree")} ${card.parcel}` });
  agree.append(el("span", {}, say("keeper.proxy.agree")), isFirst ? el("kbd", {}, ".") : "");
  const decline = button(say("keeper.proxy.decline"), () => tell(counter, card, false, []), "", { "aria-label": `${say("keeper.proxy.decline")} ${card.parcel}` });
  return el("div", { class: "row proxy-card" },
    el("div", {}, el("b", {}, say("keeper.proxy.wants")), " ", el("span", { class: "pill warn" }, card.why), el("br", {}), el("span", {}, `${card.text} · ${card.parcel}`)),
    el("div", { class: "actions" }, decline, agree));
}

function tell(counter, card, agreed, seen) {
  return counter.ask("/api/keeper/proxy/answer", { credential: card.credential, waybill_no: card.waybill_no, agreed, seen });
}

/** Yes at once, or after what must be seen was ticked: 1, 2 tick, Enter agrees, "*" does not. */
export function answerProxy(counter, card) {
  const names = [...(card.yuan ? ["paid"] : []), ...(card.to_sign ? ["signed"] : [])];
  if (!names.length) {
    tell(counter, card, true, []);
    return;
  }
  const ticks = names.map((name, n) => tickRow(`seen-${name}`, say(`keeper.seen.${name}`, { yuan: card.yuan }), String(n + 1), () => {
    go.disabled = !ticks.every((tick) => tick.box.checked);
  }));
  const end = (agreed) => () => {
    done();
    tell(counter, card, agreed, agreed ? names : []);
  };
  const go = button(say("keeper.proxy.agree"), end(true), "main");
  go.disabled = true;
  const no = button("", end(false));
  no.append(el("span", {}, say("keeper.proxy.decline")), el("kbd", {}, "*"));
  const done = open(say("keeper.proxy.agree.ask"), [
    el("p", { class: "facts" }, el("b", {}, card.text), card.parcel),
    el("p", { class: "card warn" }, card.why),
    ...ticks.map((tick) => tick.row),
  ], [no, go], (key, _typing, target) => {
    const tick = ticks[Number(key) - 1];
    if (tick) tick.box.click();
    else if (key === "*") no.click();
    else if (key === "Enter" && !go.disabled && !target.matches("button")) go.click();
    else return false;
    return true;
  });
}

/** Who comes: name, relation, addressee. `ok` is told whenever it changes. */
function personFields(ownerWord, ok) {
  const field = (id, word, attrs = {}) => {
    const box = el("input", { id, maxlength: "20", autocomplete: "off", ...attrs });
    box.addEventListener("input", ok);
    return { box, row: el("label", { class: "tick named", for: id }, say(word), box) };
  };
  const name = field("proxy-name", "keeper.proxy.name");
  const owner = field("proxy-owner", ownerWord);
  const relation = el("select", { id: "relation" }, ...RELATIONS.map((one) => el("option", { value: one }, say(`keeper.relation.${one}`))));
  const rows = [name.row, el("label", { class: "tick named", for: "relation" }, say("keeper.relation"), relation), owner.row];
  return { name: name.box, owner: owner.box, relation, rows, field };
}

/** A code for a proxy: this parcel and, where ticked, the others of the same phone. */
export function askProxy(counter, parcel) {
  const others = counter.view.parcels.filter((one) => one.can_reprint && one.tail === parcel.tail && one.waybill_no !== parcel.waybill_no).slice(0, 8);
  const ok = () => {
    go.disabled = !who.name.value.trim();
  };
  const who = personFields("keeper.proxy.owner", ok);
  const ticks = others.map((one, n) => ({ one, ...tickRow(`with-${n}`, `${one.carrier} ${one.short} · ${one.place}`, String(n + 1), () => {}) }));
  const make = () => {
    if (go.disabled) return;
    done();
    const waybills = [parcel.waybill_no, ...ticks.filter((tick) => tick.box.checked).map((tick) => tick.one.waybill_no)];
    counter.ask("/api/keeper/proxy", { waybills, name: who.name.value.trim(), relation: who.relation.value, owner: who.owner.value.trim() });
  };
  const go = button(say("keeper.proxy.make"), make, "main");
  go.disabled = true;
  const done = open(say("keeper.proxy.ask"), [
    el("p", { class: "facts" }, `${parcel.carrier} ${parcel.short}`, el("b", {}, `${say("keeper.tail")} ${parcel.tail}`), parcel.place),
    ...who.rows,
    ...(ticks.length ? [el("div", { class: "with" }, ...ticks.map((tick) => tick.row))] : []),
    el("p", { class: "quiet" }, say("keeper.proxy.today")),
  ], [go], keysOf(ticks, make));
  who.name.focus();
}

/** Handing out to a proxy who has no code: digits and names are asked for, then what must be seen. */
export function releaseToProxy(counter, parcel, names) {
  const ok = () => {
    go.disabled = !who.name.value.trim() || !who.owner.value.trim() || !/^[0-9]{4}$/.test(tail.box.value) || !ticks.every((tick) => tick.box.checked);
  };
  const who = personFields("keeper.proxy.owner_told", ok);
  const tail = who.field("proxy-tail", "keeper.proxy.tail_told", { inputmode: "numeric", maxlength: "4" });
  const ticks = names.map((name, n) => tickRow(`seen-${name}`, say(`keeper.seen.${name}`, { yuan: parcel.marks.yuan }), String(n + 1), ok));
  const hand = () => {
    if (go.disabled) return;
    done();
    const proxy = { name: who.name.value.trim(), relation: who.relation.value, owner: who.owner.value.trim(), phone_tail: tail.box.value };
    counter.ask("/api/keeper/release", { waybill_no: parcel.waybill_no, seen: names, proxy });
  };
  const go = button(say("keeper.proxy.give"), hand, "main");
  go.disabled = true;
  const done = open(say("keeper.proxy.other_came"), [
    el("p", { class: "facts" }, `${parcel.carrier} ${parcel.short}`, parcel.place),
    ...who.rows, tail.row,
    ...ticks.map((tick) => tick.row),
  ], [go], keysOf(ticks, hand));
  who.name.focus();
}

/** Digits tick while nobody types; Enter goes on from anywhere but a button. */
function keysOf(ticks, go) {
  return (key, typing, target) => {
    if (key === "Enter" && !target.matches("button, select")) go();
    else if (!typing && ticks[Number(key) - 1]) ticks[Number(key) - 1].box.click();
    else return false;
    return true;
  };
}

/** One code of the list, and the way to end it. */
export function proxyLine(counter, line) {
  const revoke = () => confirm(say("keeper.proxy.revoke.ask"), `${line.who} · ${say("keeper.proxy.revoke.text")}`, say("keeper.proxy.revoke"), () =>
    counter.ask("/api/keeper/proxy/revoke", { credential: line.credential }));
  return el("li", { class: "card parcel" },
    el("div", {}, el("b", { class: "who" }, line.who), el("small", {}, [line.word, line.parcels].join(" · "))),
    el("b", { class: "where" }, line.place),
    el("div", { class: "actions" }, line.live ? button(say("keeper.proxy.revoke"), revoke, "", { "aria-label": `${say("keeper.proxy.revoke")} ${line.who}` }) : ""));
}
