// Questions at a handover: who the courier is, a seal by hand, a count.
import { el } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";
import { closeDialog, openDialog } from "/pages/keeper_dialogs.js";

const NAME = "cunyi.courier"; // the same courier comes every day

/**
 * A courier's name and PIN; `trip` null asks for none, an empty one for its number. With `reasons` one of
 * them is chosen. The PIN is typed by the courier: it is shown to nobody and kept nowhere.
 */
export function askCourier(title, { trip, reasons, text = "", name = "" }, act) {
  const courier = field("keeper.dock.name", { id: "courier", maxlength: "20", value: name || localStorage.getItem(NAME) || "" });
  const number = field("keeper.dock.number", { id: "trip", maxlength: "40", value: trip ?? "" });
  const pin = field("keeper.dock.pin", { id: "courier-pin", class: "pin", type: "password", inputmode: "numeric", maxlength: "12", autocomplete: "off" });
  const why = el("select", { id: "why", "aria-label": say("keeper.dock.why") }, reasons.map((reason) => el("option", {}, reason)));
  const value = (part) => part.querySelector("input").value.trim();
  const focus = (part) => part.querySelector("input").focus();
  const wanted = [courier, ...(trip === "" ? [number] : []), pin];
  const go = () => {
    const empty = wanted.find((part) => value(part) === "");
    if (empty) return focus(empty);
    localStorage.setItem(NAME, value(courier));
    const asked = { courier: value(courier), pin: value(pin), ...(trip === null ? {} : { trip: value(number) }), ...(reasons.length ? { reason: why.value } : {}) };
    closeDialog();
    return act(asked);
  };
  const parts = [text ? el("p", {}, text) : "", courier, trip === "" ? number : "", reasons.length ? el("label", { class: "field" }, el("span", {}, say("keeper.dock.why")), why) : "", pin];
  openDialog(title, [el("div", { class: "stack courier" }, ...parts)], [button(say("keeper.yes"), go, "main")], onEnter(go));
  focus(wanted.find((part) => value(part) === "") ?? pin);
}

/** A seal that no scanner reads. */
export function askSeal(act) {
  const seal = field("keeper.dock.seal", { id: "seal", maxlength: "30", autocomplete: "off" });
  const input = seal.querySelector("input");
  const go = () => {
    const text = input.value.trim().toUpperCase();
    if (!text) return input.focus();
    closeDialog();
    return act(text);
  };
  openDialog(say("keeper.dock.type"), [seal], [button(say("keeper.yes"), go, "main")], onEnter(go));
  input.focus();
}

/** A number of bags, by keys or by mouse. */
export function askCount(title, act) {
  const box = el("output", { class: "big-number" }, "");
  const press = (key) => {
    if (key === "clear") box.textContent = "";
    else if (key === "delete") box.textContent = box.textContent.slice(0, -1);
    else if (box.textContent.length < 4) box.textContent += key;
  };
  const go = () => {
    if (box.textContent === "") return;
    closeDialog();
    act(Number(box.textContent));
  };
  openDialog(title, [box, numberPad(press, say("keeper.pad"), say("keeper.pad.clear"), say("keeper.pad.delete"))], [button(say("keeper.yes"), go, "main")], (key, typing, target) => {
    if (/^\d$/.test(key)) press(key);
    else if (key === "Backspace") press("delete");
    else return onEnter(go)(key, typing, target);
    return true;
  });
}

function onEnter(go) {
  return (key, _typing, target) => {
    if (key !== "Enter" || target.matches("button")) return false;
    go();
    return true;
  };
}

function field(word, attrs) {
  return el("label", { class: "field" }, el("span", {}, say(word)), el("input", attrs));
}
