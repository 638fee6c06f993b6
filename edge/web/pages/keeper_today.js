// Today in numbers with what wants to be seen to, most urgent first, and the devices in words.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";

const COUNTS = ["arrived", "waiting", "collected", "free", "no_tail", "contact", "to_look", "overdue", "exceptions"];
const LEADS_TO = { waiting: ["parcels", "all"], collected: ["parcels", "collected"], no_tail: ["parcels", "no_tail"], contact: ["parcels", "contact"], to_look: ["cells"], overdue: ["returns"], exceptions: ["exceptions"] };
const WANTS = new Set(["contact", "no_tail", "to_look", "overdue", "exceptions"]);

export class Today {
  constructor(counter) {
    this.counter = counter;
    this.counts = el("div", { class: "counts" });
    this.todo = el("ul", { class: "rows" });
    this.begin = button(say("keeper.today.go"), () => this.start(), "main go-on");
    this.parts = [el("section", { class: "stack" }, this.counts, this.begin), el("aside", { class: "stack", tabindex: "0" }, el("h2", {}, say("keeper.today.todo")), this.todo)];
  }

  update(view) {
    this.counts.replaceChildren(...COUNTS.map((name) => this.count(name, view.counts[name])));
    const desk = view.check_in;
    this.begin.textContent = desk.waits ? desk.title : say(desk.on ? "keeper.today.on" : "keeper.today.go");
    this.begin.className = `${desk.waits ? "ask" : "main"} go-on`;
    const wants = [...WANTS].filter((name) => view.counts[name] > 0).map((name) => this.want(name, view.counts[name]));
    const broken = view.devices.filter((device) => !device.ok).map((device) =>
      el("li", { class: "card warn" }, el("b", {}, device.name), ` ${device.word}`));
    const unread = view.county.notices.filter((notice) => notice.unread);
    const { county } = view;
    const van = view.handover.trips.find((trip) => !trip.done);
    const key = JSON.stringify([county.wants && county, unread, view.counts, view.devices, van]);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    const trouble = county.wants ? [el("li", { class: "card warn county" }, ...countyLines(county))] : [];
    const all = [...trouble, ...broken, ...wants, ...unread.map((notice) => noticeCard(this.counter, notice))];
    if (!all.length) all.push(el("li", { class: "card ok" }, say("keeper.today.quiet")));
    this.todo.replaceChildren(...(van ? [this.van(van)] : []), ...all);
  }

  van(trip) {
    const made = button("", () => this.counter.go("handover"), `wide${trip.late ? " ask" : ""}`);
    const holds = [trip.bags, trip.parcels].filter(Boolean).join(" · ");
    made.append(el("small", {}, `${say("keeper.today.van")} ${trip.title}`), el("b", {}, trip.state), el("span", {}, holds));
    return el("li", { class: "van" }, made);
  }

  count(name, number) {
    const where = LEADS_TO[name];
    const parts = [el("small", {}, say(`keeper.count.${name}`)), el("b", {}, String(number))];
    const dress = `card count${WANTS.has(name) && number > 0 ? " warn" : ""}`;
    if (!where) return el("div", { class: dress }, ...parts);
    const made = button("", () => this.counter.go(...where), dress);
    made.append(...parts);
    return made;
  }

  want(name, number) {
    const made = button("", () => this.counter.go(...LEADS_TO[name]), "wide ask");
    made.append(`${say(`keeper.count.${name}`)} `, el("b", {}, String(number)));
    return el("li", {}, made);
  }

  async start() {
    const { on, waits } = this.counter.view.check_in;
    if (on || waits || (await this.counter.ask("/api/keeper/check-in", { on: true }))) this.counter.go("check_in");
  }

  key(key) {
    if (key !== "Enter") return false;
    this.start();
    return true;
  }
}

/** How it stands with the county, what to do, what waits. */
function countyLines(county) {
  return [el("b", {}, county.says), el("p", {}, county.todo), el("small", {}, county.kept)];
}

/** A notice of the county; unread it has a button that says so. */
function noticeCard(counter, notice) {
  const read = () => counter.ask("/api/keeper/notice-read", { notice: notice.key, seq: notice.seq });
  return el("li", { class: `card notice${notice.unread ? " note" : ""}` },
    el("b", {}, notice.title),
    el("p", {}, notice.text),
    notice.unread ? button(say("keeper.notice.read"), read, "main", { "aria-label": `${say("keeper.notice.read")} ${notice.title}` }) : "");
}

export class Devices {
  constructor(counter) {
    this.counter = counter;
    this.list = el("ul", { class: "rows" });
    this.county = el("div", { class: "card county" });
    this.title = el("h2", { hidden: true }, say("keeper.notice.title"));
    this.notices = el("ul", { class: "rows" });
    this.parts = [el("section", { class: "stack wide", tabindex: "0" }, el("h2", {}, say("keeper.devices.link")), this.county, this.title, this.notices, el("h2", {}, say("keeper.page.devices")), this.list)];
  }

  update(view) {
    const key = JSON.stringify([view.county, view.devices]);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    const { county } = view;
    this.county.className = `card county ${county.ok ? "ok" : "warn"}`;
    this.county.replaceChildren(...countyLines(county));
    this.title.hidden = county.notices.length === 0;
    this.notices.replaceChildren(...county.notices.map((notice) => noticeCard(this.counter, notice)));
    this.list.replaceChildren(...view.devices.map((device) =>
      el("li", { class: `card row ${device.ok ? "ok" : "warn"}` }, el("b", {}, device.name), el("span", {}, device.word))));
  }
}
