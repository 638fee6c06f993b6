// Typing a code: four digits of the phone, then eight of the slip in two groups. Nothing is kept.
import { el } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";

const TAIL = 4;
const ALL = 12;

export class Typing {
  constructor(submit, leave, ask, aloud) {
    this.aloud = aloud;
    this.submit = submit;
    this.leave = leave;
    this.ask = ask;
    this.digits = "";
    this.boxes = Array.from({ length: ALL }, (_, n) => el("i", n === 7 ? { class: "gap" } : {}));
    this.tries = el("p", { class: "tries", role: "status" });
    this.open = button(say("kiosk.type.open"), () => this.go(), "main");
  }

  draw(canScan) {
    const tail = this.boxes.slice(0, TAIL);
    const code = this.boxes.slice(TAIL);
    this.show();
    return {
      className: "type",
      main: [
        el("section", { class: "entry" },
          el("div", {}, el("h2", {}, say("kiosk.type.tail")), el("div", { class: "boxes" }, ...tail)),
          el("div", {}, el("h2", {}, say("kiosk.type.code")), el("div", { class: "boxes" }, ...code)),
          this.tries,
          this.open),
        numberPad((key) => this.press(key), say("kiosk.type.pad"), say("kiosk.type.clear"), say("kiosk.type.delete")),
      ],
      context: [
        button(say("kiosk.back"), this.leave),
        button(say("kiosk.type.no_code"), this.ask),
        canScan
          ? el("span", { class: "hint" }, el("img", { src: "/pages/scan.svg", alt: say("kiosk.scan.picture") }), el("span", {}, say("kiosk.scan")))
          : el("span", { class: "hint broken" }, say("kiosk.scan.broken")),
      ],
    };
  }

  /** One press of the pad or a key of the keyboard. */
  press(key) {
    if (key === "clear") this.digits = "";
    else if (key === "delete") this.digits = this.digits.slice(0, -1);
    else if (this.digits.length < ALL) {
      this.digits += key;
      this.aloud(Number(key));
    }
    this.tries.textContent = "";
    this.show();
  }

  /** A key of the keyboard; tells whether it was ours. */
  key(name) {
    if (/^[0-9]$/.test(name)) this.press(name);
    else if (name === "Backspace") this.press("delete");
    else if (name === "Delete" || name === "*") this.press("clear");
    else if (name === "Enter") this.go();
    else return false;
    return true;
  }

  go() {
    if (this.digits.length === ALL) this.submit(this.digits.slice(0, TAIL), this.digits.slice(TAIL));
  }

  /** The code was not right: the phone digits stay, the code is typed again. */
  wrong(answer) {
    this.digits = this.digits.slice(0, TAIL);
    this.tries.textContent = answer.tries_left === null
      ? answer.headline
      : say("kiosk.type.tries", { tries_left: answer.tries_left });
    this.show();
  }

  clear() {
    this.digits = "";
    this.tries.textContent = "";
    this.show();
  }

  show() {
    this.boxes.forEach((box, n) => {
      box.textContent = this.digits[n] ?? "";
      box.classList.toggle("next", n === this.digits.length);
    });
    this.open.disabled = this.digits.length < ALL;
  }
}
