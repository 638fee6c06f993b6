// What went wrong with parcels and bags: open ones first, with a note, whose fault it is, and whether it is settled.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";
import { openDialog, closeDialog } from "/pages/keeper_dialogs.js";
import { askLiable } from "/pages/keeper_issue.js";
import { MarkedRows, rowButton, stayRow } from "/pages/keeper_rows.js";

export class Exceptions {
  constructor(counter) {
    this.counter = counter;
    this.rows = new MarkedRows();
    this.parts = [el("section", { class: "work wide" }, el("h2", {}, say("keeper.exceptions.title")), this.rows.root)];
  }

  update(view) {
    const now = view.exceptions;
    if (!this.rows.isNew(now)) return;
    this.rows.show(now.lines, (line, marked) => this.line(line, marked), el("li", { class: "card ok" }, say("keeper.exceptions.none")));
  }

  line(line, marked) {
    const named = (word, act, dress = "", key = "") => rowButton(word, `${line.word} ${line.name}`, act, dress, marked ? key : "");
    return stayRow(line.open ? "warn" : "ok", marked, [
      el("b", {}, `${line.word} · ${line.name}`),
      el("span", {}, [line.note, say("keeper.exceptions.liable", { liable: line.liable_word })].filter(Boolean).join(" · ")),
      el("small", {}, `${line.state} · ${line.at}`),
    ], line.place, [
      line.open ? named("keeper.exceptions.note", () => this.note(line)) : "",
      line.open ? named("keeper.exceptions.set_liable", () => this.liable(line), "", "*") : "",
      line.open ? named("keeper.exceptions.settle", () => this.tell(line, { settled: true }), "main", "Enter") : "",
      line.can_reopen ? named("keeper.exceptions.reopen", () => this.tell(line, { settled: false })) : "",
    ]);
  }

  tell(line, change) {
    const { trouble, subject, note, liable } = line;
    this.counter.ask("/api/keeper/trouble", { trouble, subject, note, liable, settled: false, ...change });
  }

  liable(line) {
    askLiable((liable) => this.tell(line, { liable }));
  }

  note(line) {
    const field = el("input", { id: "note", maxlength: "80", autocomplete: "off", value: line.note, "aria-label": say("keeper.exceptions.note.ask") });
    const go = () => {
      closeDialog();
      this.tell(line, { note: field.value.trim() });
    };
    openDialog(say("keeper.exceptions.note.ask"), [field], [button(say("keeper.yes"), go, "main")], (key, _typing, target) => {
      if (key !== "Enter" || target.matches("button")) return false;
      go();
      return true;
    });
    field.focus();
  }

  key(key) {
    const { line, done } = this.rows.heard(key);
    if (!line) return done;
    if (key === "Enter" && line.open) this.tell(line, { settled: true });
    else if (key === "*" && line.open) this.liable(line);
    else return false;
    return true;
  }
}
