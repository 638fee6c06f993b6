// K6 没有码: which village, then the phone's last four digits, and the keeper is told. No word of parcels.
import { el } from "/look/page.js";
import { button, numberPad, say } from "/pages/parts.js";

const ON_A_PAGE = 4; // with the way to the others that makes five choices
const TAIL = 4;

export class NoCode {
  constructor(send, leave, redraw) {
    this.send = send;
    this.leave = leave;
    this.redraw = redraw;
    this.boxes = Array.from({ length: TAIL }, () => el("i"));
    this.go = button(say("kiosk.no_code.send"), () => this.tell(), "main");
    this.clear();
  }

  /** Forget whoever stood here. */
  clear() {
    this.hamlet = null; // "" is none of the list
    this.from = 0;
    this.digits = "";
  }

  draw(hamlets) {
    this.hamlets = hamlets;
    if (this.hamlet === null && hamlets.length === 0) this.hamlet = "";
    return this.hamlet === null ? this.drawHamlets() : this.drawTail();
  }

  drawHamlets() {
    const picks = this.choices().map(({ label, act }) => button(label, act, "choice"));
    return {
      className: "villages",
      main: [el("h2", {}, say("kiosk.no_code.hamlet")), el("div", { class: "names" }, ...picks)],
      context: [button(say("kiosk.back"), this.leave, "main")],
    };
  }

  choices() {
    const named = this.hamlets.slice(this.from, this.from + ON_A_PAGE);
    const last = this.from + ON_A_PAGE >= this.hamlets.length;
    return [
      ...named.map((name) => ({ label: name, act: () => this.choose(name) })),
      last
        ? { label: say("kiosk.no_code.none"), act: () => this.choose("") }
        : { label: say("kiosk.no_code.more"), act: () => this.turn() },
    ];
  }

  choose(name) {
    this.hamlet = name;
    this.redraw();
  }

  turn() {
    this.from += ON_A_PAGE;
    this.redraw();
  }

  drawTail() {
    this.show();
    const change = button(say("kiosk.no_code.change"), () => {
      this.clear();
      this.redraw();
    });
    return {
      className: "type",
      main: [
        el("section", { class: "entry" },
          this.hamlet ? el("h2", { class: "village" }, this.hamlet) : "",
          el("div", {}, el("h2", {}, say("kiosk.no_code.tail")), el("div", { class: "boxes" }, ...this.boxes)),
          this.go),
        numberPad((key) => this.press(key), say("kiosk.type.pad"), say("kiosk.type.clear"), say("kiosk.type.delete")),
      ],
      context: [button(say("kiosk.back"), this.leave), this.hamlets.length ? change : ""],
    };
  }

  press(key) {
    if (key === "clear") this.digits = "";
    else if (key === "delete") this.digits = this.digits.slice(0, -1);
    else if (this.digits.length < TAIL) this.digits += key;
    this.show();
  }

  /** A key of the keyboard; tells whether it was ours. */
  key(name) {
    if (this.hamlet === null) {
      const pick = this.choices()[Number(name) - 1];
      pick?.act();
      return Boolean(pick);
    }
    if (/^[0-9]$/.test(name)) this.press(name);
    else if (name === "Backspace") this.press("delete");
    else if (name === "Delete" || name === "*") this.press("clear");
    else if (name === "Enter") this.tell();
    else return false;
    return true;
  }

  tell() {
    if (this.digits.length === TAIL) this.send(this.hamlet, this.digits);
  }

  show() {
    this.boxes.forEach((box, n) => {
      box.textContent = this.digits[n] ?? "";
      box.classList.toggle("next", n === this.digits.length);
    });
    this.go.disabled = this.digits.length < TAIL;
  }
}

/** The same for everybody, whatever lies here. */
export function drawNoCodeSent(acts) {
  return {
    className: "message helping",
    main: [el("h2", {}, say("kiosk.no_code.sent")), el("p", {}, say("kiosk.no_code.sent.text"))],
    context: [button(say("kiosk.back"), acts.home, "main")],
  };
}
