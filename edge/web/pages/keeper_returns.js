// What stays for too long and what goes back: the oldest first; the mark moves with + and /, Enter does the next step.
import { el } from "/look/page.js";
import { say } from "/pages/parts.js";
import { choose } from "/pages/keeper_dialogs.js";
import { MarkedRows, rowButton, stayRow } from "/pages/keeper_rows.js";

const DAYS = [1, 3];
const WHY_LONGER = ["weekend", "away", "ill"];
const WHY_NOT = ["wants", "weekend", "mistake"];
const MOODS = { overdue: "warn", to_return: "note", bagged: "ok" };

export class Returns {
  constructor(counter) {
    this.counter = counter;
    this.sums = el("p", { class: "sums" });
    this.note = el("p", { class: "card warn", hidden: true });
    this.rows = new MarkedRows();
    this.parts = [el("section", { class: "work wide" }, el("h2", {}, say("keeper.returns.title")), this.sums, this.note, this.rows.root)];
  }

  update(view) {
    const now = view.returns;
    if (!this.rows.isNew(now)) return;
    this.sums.replaceChildren(say("keeper.returns.sums", now), ...(now.lines.length > 1 ? [" ", el("small", {}, say("keeper.returns.keys"))] : []));
    this.note.textContent = now.note;
    this.note.hidden = !now.note;
    const van = now.lines.some((line) => line.kind === "bagged") ? [el("li", { class: "card note" }, say("keeper.returns.van"))] : [];
    this.rows.show(now.lines, (line, marked) => this.line(line, marked), el("li", { class: "quiet" }, say("keeper.returns.none")), van);
  }

  line(line, marked) {
    const named = (word, act, dress = "", key = "") => rowButton(word, line.name, act, dress, marked ? key : "");
    return stayRow(MOODS[line.kind], marked, [
      el("b", {}, `${line.word} · ${line.day}`),
      el("span", {}, line.name, line.tail ? ` · ${say("keeper.tail")} ${line.tail}` : ""),
      el("small", {}, [line.why, ...line.history].filter(Boolean).join(" · ")),
    ], line.place, [
      line.can_call ? named("keeper.returns.called", () => this.call(line)) : "",
      line.can_extend ? named("keeper.returns.extend", () => this.extend(line), "", "*") : "",
      line.can_return ? named("keeper.returns.return", () => this.back(line), "main", "Enter") : "",
      line.can_undo ? named("keeper.returns.undo", () => this.undo(line), "", "*") : "",
      line.can_bag ? named("keeper.returns.bag", () => this.bag(line), "main", "Enter") : "",
    ]);
  }

  call(line) {
    this.counter.ask("/api/keeper/called", { waybill_no: line.waybill_no });
  }

  back(line) {
    this.counter.ask("/api/keeper/return", { waybill_no: line.waybill_no });
  }

  bag(line) {
    this.counter.ask("/api/keeper/return-bag", { waybill_no: line.waybill_no });
  }

  extend(line) {
    askDays(line.name, WHY_LONGER, (days, reason) =>
      this.counter.ask("/api/keeper/extend", { waybill_no: line.waybill_no, days, reason }));
  }

  undo(line) {
    askDays(line.name, WHY_NOT, async (days, reason) => {
      const done = await this.counter.ask("/api/keeper/return-undo", { waybill_no: line.waybill_no, days, reason });
      if (done && line.kind === "bagged") this.counter.go("check_in"); // it is in her hands
    });
  }

  key(key) {
    const { line, done } = this.rows.heard(key);
    if (!line) return done;
    if (key === "Enter" && line.can_bag) this.bag(line);
    else if (key === "Enter" && line.can_return) this.back(line);
    else if (key === "*" && line.can_extend) this.extend(line);
    else if (key === "*" && line.can_undo) this.undo(line);
    else return false;
    return true;
  }
}

/** For how many days, then why; each by its number. */
function askDays(name, reasons, act) {
  choose(`${say("keeper.returns.extend.ask")} ${name}`, DAYS.map((days) => ({
    label: say("keeper.returns.days", { days }),
    act: () => choose(say("keeper.returns.why"), reasons.map((why) => {
      const reason = say(`keeper.returns.why.${why}`);
      return { label: reason, act: () => act(days, reason) };
    })),
  })));
}
