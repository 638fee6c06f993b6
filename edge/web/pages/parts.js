// Small parts of both pages: words, buttons, the number pad and the picture of the cabinet.
import { el, words } from "/look/page.js";

const spoken = words();

/** A sentence of this page in its language; blanks in {braces}. */
export function say(key, blanks = {}) {
  return (spoken[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
}

export function button(label, act, className = "", attrs = {}) {
  return el("button", { type: "button", class: className || null, onclick: act, ...attrs }, label);
}

/** Ten digits with clear and delete, for fingers and mice. `press` gets a digit, "clear" or "delete". */
export function numberPad(press, label, clear, erase) {
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "delete"];
  const names = { clear, delete: erase };
  return el(
    "div",
    { class: "pad", role: "group", "aria-label": label },
    ...keys.map((key) => button(names[key] ?? key, () => press(key), names[key] ? "word" : "")),
  );
}

/** The steel as a picture with one door lit. */
export function steel(picture, label, lit) {
  return el(
    "div",
    { class: "steel", role: "img", "aria-label": label, style: { "--columns": picture.columns } },
    picture.doors.map((door) =>
      el("div", { class: `rows${door.rows}${door.cell === lit ? " lit" : ""}` }, door.name)),
  );
}
