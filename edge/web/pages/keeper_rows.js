// A list of which one row is marked: + and / move the mark, and other keys act on what is marked.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";

export class MarkedRows {
  constructor() {
    this.marked = 0;
    this.root = el("ul", { class: "rows scroll" });
  }

  /** False where nothing has changed: a finger on a button would lose it. */
  isNew(view) {
    const key = JSON.stringify(view);
    const same = key === this.drawn;
    this.drawn = key;
    return !same;
  }

  /** `draw` makes the row of a line; `none` stands where there is no line, `above` before all. */
  show(lines, draw, none, above = []) {
    this.again = () => this.show(lines, draw, none, above);
    this.lines = lines;
    this.marked = Math.min(this.marked, Math.max(0, lines.length - 1));
    this.root.replaceChildren(...above, ...(lines.length ? lines.map((line, n) => draw(line, n === this.marked)) : [none]));
  }

  /** The marked line, should this key be for it; null where there is none, or the mark has moved. */
  heard(key) {
    const { length } = this.lines;
    if (!length) return { line: null, done: false };
    if (key !== "+" && key !== "/") return { line: this.lines[this.marked], done: false };
    this.marked = (this.marked + (key === "+" ? 1 : length - 1)) % length;
    this.again();
    this.root.querySelector(".marked").scrollIntoView({ block: "nearest" });
    return { line: null, done: true };
  }
}

/** A row: what it is, where it is, and what can be done. */
export function stayRow(mood, marked, texts, place, actions) {
  return el("li", { class: `card parcel stay ${mood}${marked ? " marked" : ""}`, ...(marked ? { "aria-current": "true" } : {}) },
    el("div", {}, ...texts),
    el("b", { class: "where" }, place),
    el("div", { class: "actions" }, ...actions));
}

/** A button that says of what it is to a screen reader, and its key on the marked row. */
export function rowButton(word, name, act, dress = "", key = "") {
  const made = button("", act, dress, { "aria-label": `${say(word)} ${name}` });
  made.append(el("span", {}, say(word)), key ? el("kbd", {}, key) : "");
  return made;
}
