// Questions over the page: one at a time, answered by mouse, by number keys, or given up with "-".
import { el } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";

const PREFIXES = ["YT", "SF", "JT", "JD", "DPK", "EMS"];
const box = () => document.getElementById("dialog");

let onKeyOf = null;

export function isAsking() {
  return box().open;
}

/** Gives a key to the open dialog; tells whether it was used. */
export function dialogKey(event, typing) {
  if (event.key === "Escape" || (event.key === "-" && !typing)) {
    close();
    return true;
  }
  return onKeyOf?.(event.key, typing, event.target) ?? false;
}

function close() {
  onKeyOf = null;
  box().close();
  box().replaceChildren();
}

/** Puts a question over the page; gives what closes it. */
export function open(title, parts, buttons, onKey) {
  onKeyOf = onKey;
  const heading = el("h2", { id: "asked" }, title);
  const cancel = button(say("keeper.cancel"), close);
  box().setAttribute("aria-labelledby", "asked");
  box().replaceChildren(heading, ...parts, el("div", { class: "actions" }, cancel, ...buttons));
  if (!box().open) box().showModal();
  return close;
}

export { close as closeDialog, open as openDialog };

/** A plain question: the safe answer first, Enter for yes. */
export function confirm(title, text, yes, act) {
  const go = () => {
    close();
    act();
  };
  open(title, [el("p", {}, text)], [button(yes, go, "main")], (key, _typing, target) => {
    if (key !== "Enter" || target.matches("button")) return false;
    go();
    return true;
  });
}

/** Taking a check-in back. In hand its door may be open: shut it, and the cell wants a look. */
export function askUndo(counter, waybillNo, inHand, name) {
  const text = say(inHand ? "keeper.undo.in_hand" : "keeper.undo.text");
  confirm(say("keeper.undo.ask"), `${name} · ${text}`, say("keeper.undo"), () =>
    counter.ask("/api/keeper/undo", { waybill_no: waybillNo }, inHand ? say("keeper.undo.then") : ""));
}

/** After another card took over: the keeper says that what lies in the cells was counted. */
export function askCount(counter) {
  confirm(say("keeper.count.ask"), say("keeper.count.text"), say("keeper.count.sign"), () =>
    counter.ask("/api/keeper/count", {}));
}

/** One of several answers, numbered from 1. */
export function choose(title, answers) {
  const picks = answers.map(({ label, act }, n) => {
    const made = button("", () => {
      close();
      act();
    }, "wide");
    made.append(el("span", {}, label), el("kbd", {}, String(n + 1)));
    return made;
  });
  open(title, [el("div", { class: "stack" }, ...picks)], [], (key) => {
    const pick = picks[Number(key) - 1];
    pick?.click();
    return Boolean(pick);
  });
}

/** The last four digits of a phone, saved by themselves at the fourth. */
export function askTail(about, act) {
  const tail = new TailPad((digits) => {
    close();
    act(digits);
  });
  open(say("keeper.tail"), [el("p", {}, about), tail.root], [], (key) => tail.key(key));
}

/** A waybill number by keyboard, or with the mouse on digits and the carriers' first letters. */
export function askWaybill(act) {
  const field = el("input", { id: "waybill", maxlength: "40", autocomplete: "off", "aria-label": say("keeper.check_in.number") });
  const go = () => {
    const text = field.value.trim();
    if (!text) return;
    close();
    act(text);
  };
  const press = (key) => {
    if (key === "clear") field.value = "";
    else if (key === "delete") field.value = field.value.slice(0, -1);
    else field.value += key;
    field.focus();
  };
  const prefixes = el("div", { class: "actions prefixes" }, PREFIXES.map((letters) => button(letters, () => press(letters))));
  open(say("keeper.check_in.number"), [
    el("div", { class: "stack number-entry" }, field, prefixes, numberPad(press, say("keeper.pad"), say("keeper.pad.clear"), say("keeper.pad.delete"))),
  ], [button(say("keeper.yes"), go, "main")], (key, _typing, target) => {
    if (key !== "Enter" || target.matches("button")) return false;
    go();
    return true;
  });
  field.focus();
}

/** Four boxes and a number pad. */
export class TailPad {
  constructor(done) {
    this.done = done;
    this.typed = "";
    this.boxes = Array.from({ length: 4 }, () => el("span", {}));
    const pad = numberPad((key) => this.press(key), say("keeper.pad"), say("keeper.pad.clear"), say("keeper.pad.delete"));
    this.root = el("div", { class: "tail stack" }, el("div", { class: "digits", "aria-live": "polite" }, ...this.boxes), pad);
    this.show();
  }

  press(key) {
    if (key === "clear") this.typed = "";
    else if (key === "delete") this.typed = this.typed.slice(0, -1);
    else this.typed += key;
    this.show();
    if (this.typed.length === this.boxes.length) {
      const digits = this.typed;
      this.typed = "";
      this.done(digits);
    }
  }

  key(name) {
    if (/^[0-9]$/.test(name)) this.press(name);
    else if (name === "Backspace") this.press("delete");
    else if (name === "Delete") this.press("clear");
    else return false;
    return true;
  }

  reset() {
    this.typed = "";
    this.show();
  }

  show() {
    this.boxes.forEach((one, n) => {
      one.textContent = this.typed[n] ?? "";
      one.className = n === this.typed.length ? "next" : "";
    });
  }
}
