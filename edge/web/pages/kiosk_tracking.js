// Where is my parcel: a waybill number is typed or scanned, and its way is told. Nothing is kept.
import { el } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";

const LONGEST = 30;
const SHORTEST = 7;
const WAYBILL = /^(?=(?:[^0-9]*[0-9]){4})[A-Z0-9][A-Z0-9-]{5,28}[A-Z0-9]$/; // as the station reads them
const PREFIXES = ["YT", "SF", "JT", "JD", "DPK", "EMS"];

export class Tracking {
  constructor(submit, leave) {
    this.submit = submit;
    this.leave = leave;
    this.number = "";
    this.typed = el("output", { class: "waybill", "aria-live": "polite" });
    this.problem = el("p", { class: "tries", role: "status" });
    this.go = button(say("kiosk.track.go"), () => this.ask(), "main");
  }

  draw() {
    this.show();
    const letters = el("div", { class: "letters", role: "group", "aria-label": say("kiosk.track.letters") },
      ...PREFIXES.map((prefix) => button(prefix, () => this.press(prefix))));
    return {
      className: "type track",
      main: [
        el("section", { class: "entry" },
          el("h2", {}, say("kiosk.track.title")),
          this.typed,
          letters,
          this.problem,
          this.go),
        numberPad((key) => this.press(key), say("kiosk.type.pad"), say("kiosk.type.clear"), say("kiosk.type.delete")),
      ],
      context: [button(say("kiosk.back"), this.leave), el("span", { class: "hint" }, el("span", {}, say("kiosk.track.how")))],
    };
  }

  press(key) {
    if (key === "clear") this.number = "";
    else if (key === "delete") this.number = this.number.slice(0, -1);
    else this.number = (this.number + key).slice(0, LONGEST);
    this.problem.textContent = "";
    this.show();
  }

  /** A key of the keyboard; tells whether it was ours. */
  key(name) {
    if (/^[0-9a-z-]$/i.test(name)) this.press(name.toUpperCase());
    else if (name === "Backspace") this.press("delete");
    else if (name === "Delete" || name === "*") this.press("clear");
    else if (name === "Enter") this.ask();
    else return false;
    return true;
  }

  ask() {
    if (this.number.length < SHORTEST) return;
    if (WAYBILL.test(this.number)) this.submit(this.number);
    else this.wrong();
  }

  /** It is none: what was typed stays, to be put right. */
  wrong() {
    this.problem.textContent = say("kiosk.track.wrong");
  }

  clear() {
    this.number = "";
    this.problem.textContent = "";
    this.show();
  }

  show() {
    this.typed.textContent = this.number.replace(/(.{4})(?=.)/g, "$1 ");
    this.go.disabled = this.number.length < SHORTEST;
  }
}

export function drawAsking(acts) {
  return { className: "message helping", main: [el("h2", {}, say("kiosk.track.asking"))], context: [button(say("kiosk.back"), acts.home)] };
}

export function drawTracked(told, acts) {
  const steps = told.lines.map((line) => el("li", {}, el("time", {}, line.time), el("span", {}, line.station), el("b", {}, line.text)));
  return {
    className: "message helping tracked",
    main: [
      el("div", {}, el("p", { class: "number" }, told.number), el("h2", {}, told.title), el("p", {}, told.next_step),
        ...(told.note ? [el("p", { class: "note-line" }, told.note)] : [])),
      ...(steps.length ? [el("ol", { class: "steps", tabindex: "0", "aria-label": say("kiosk.track.steps") }, ...steps)] : []),
    ],
    context: [button(say("kiosk.back"), acts.home, "main"), button(say("kiosk.track.another"), acts.track)],
  };
}
