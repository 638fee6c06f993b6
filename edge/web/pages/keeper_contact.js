// 待联系: whom to ask before a parcel may lie in a cell, and what they say; by number keys alone.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { open } from "/pages/keeper_dialogs.js";

const WISHES = ["cell", "shelf", "home"];
const RESULTS = ["no_answer", "wrong_number"];
const HOWS = ["phone", "in_person", "message"];
const GIVERS = ["addressee", "family"];

/** One line of the list: what is known, how often it was tried, and the one button. */
export function contactLine(line, ask) {
  return el("li", { class: `card parcel ask${line.todo ? " warn" : ""}` },
    el("div", {},
      el("b", {}, `${line.carrier} ${line.short}`),
      el("span", { class: "tail-word" }, line.tail ? `${say("keeper.tail")} ${line.tail}` : say("keeper.list.no_tail")),
      el("small", {}, [line.said, line.tried, line.todo].filter(Boolean).join(" · "))),
    el("b", { class: "where" }, line.place),
    el("div", { class: "actions" }, button(say("keeper.contact"), ask, "main", { "aria-label": `${say("keeper.contact")} ${line.short}` })));
}

/** What the addressee says. Keys: 1 to 3 a yes, 4 and 5 nobody reached, 6 a no; 7 how, 8 who. */
export function askWord(counter, parcel, waits = false) {
  let how = 0;
  let giver = 0;
  const tell = (path, more) => () => {
    done();
    counter.ask(path, { waybill_no: parcel.waybill_no, ...more() });
  };
  const word = (wish) => tell("/api/keeper/consent", () => ({ wish, how: HOWS[how], giver: GIVERS[giver] }));
  const picks = {
    ...Object.fromEntries(WISHES.map((wish, n) => [n + 1, pick(say(`keeper.wish.${wish}`), n + 1, word(wish), "main")])),
    // Whoever agreed was reached.
    ...(waits ? Object.fromEntries(RESULTS.map((result, n) => [n + 4, pick(say(`keeper.result.${result}`), n + 4, tell("/api/keeper/contact", () => ({ result })), "")])) : {}),
    6: pick(say("keeper.wish.nowhere"), 6, word("nowhere"), ""),
  };
  const turns = {
    7: pick("", 7, () => {
      how = (how + 1) % HOWS.length;
      show();
    }, ""),
    8: pick("", 8, () => {
      giver = (giver + 1) % GIVERS.length;
      show();
    }, ""),
  };
  const show = () => {
    turns[7].firstChild.textContent = `${say("keeper.how")} · ${say(`keeper.how.${HOWS[how]}`)}`;
    turns[8].firstChild.textContent = `${say("keeper.giver")} · ${say(`keeper.giver.${GIVERS[giver]}`)}`;
  };
  show();
  const done = open(say("keeper.contact.ask"), [
    el("p", { class: "facts" }, `${parcel.carrier} ${parcel.short}`, el("b", {}, parcel.tail ? `${say("keeper.tail")} ${parcel.tail}` : say("keeper.list.no_tail")), parcel.place),
    el("div", { class: "says turns" }, ...Object.values(turns)),
    el("div", { class: "says" }, ...Object.values(picks)),
  ], [], (key) => {
    const found = picks[key] ?? turns[key];
    found?.click();
    return Boolean(found);
  });
}

function pick(label, key, act, dress) {
  const made = button("", act, dress);
  made.append(el("span", {}, label), el("kbd", {}, String(key)));
  return made;
}
