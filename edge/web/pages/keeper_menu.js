// The menu: what a shopkeeper needs all day in one press; the rest stands under 更多 with what waits there.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";

const DAILY = ["today", "check_in", "parcels"];

/** Behind 更多, what waits for the keeper first: where it leads, its key, and how much of it waits. */
const REST = [
  { name: "contact", key: "9", to: ["parcels", "contact"], waits: (view) => view.counts.contact },
  { name: "returns", key: "7", to: ["returns"], waits: (view) => view.returns.lines.filter((line) => line.kind !== "bagged").length },
  { name: "exceptions", key: "8", to: ["exceptions"], waits: (view) => view.counts.exceptions },
  { name: "handover", key: "6", to: ["handover"], waits: () => 0 },
  { name: "hamlets", key: "*", to: ["hamlets"], waits: () => 0 },
  { name: "cells", key: "4", to: ["cells"], waits: (view) => view.counts.to_look },
  { name: "devices", key: "5", to: ["devices"], waits: (view) => view.devices.filter((device) => !device.ok).length },
];

/** The page of each number key, and what it is to show there; "*" has other uses, but behind 更多. */
export const KEYS = {
  ...Object.fromEntries(DAILY.map((name, n) => [n + 1, [name]])),
  ...Object.fromEntries(REST.filter((way) => way.key !== "*").map((way) => [way.key, way.to])),
  0: ["more"],
};

function waiting(number) {
  return number > 0 ? el("b", { class: "waits" }, String(number), el("span", { class: "unseen" }, say("keeper.menu.waits"))) : "";
}

export class Menu {
  constructor(root, go) {
    this.rest = el("span", { class: "rest" });
    this.within = el("small");
    this.tabs = [...DAILY, "more"].map((name, n) => {
      const tab = button("", () => go(name), "", { "data-page": name });
      const more = name === "more";
      tab.append(el("span", {}, say(`keeper.page.${name}`), more ? this.within : ""), more ? this.rest : "", el("kbd", {}, more ? "0" : String(n + 1)));
      return tab;
    });
    root.append(...this.tabs);
  }

  /** The page that is being looked at; one from behind 更多 is named there. */
  turn(name) {
    const daily = DAILY.includes(name);
    this.within.textContent = daily || name === "more" ? "" : say(`keeper.page.${name}`);
    for (const tab of this.tabs) {
      if (tab.dataset.page === (daily ? name : "more")) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  /** Number keys that the page wants for itself: no tab shows one that would not lead to it. */
  lend(digits) {
    for (const tab of this.tabs) {
      const kbd = tab.querySelector("kbd");
      kbd.classList.toggle("lent", digits.includes(kbd.textContent));
    }
  }

  update(view) {
    const number = REST.reduce((sum, way) => sum + way.waits(view), 0);
    if (number === this.number) return;
    this.number = number;
    this.rest.replaceChildren(waiting(number));
  }
}

export class More {
  constructor(counter) {
    this.counter = counter;
    this.ways = el("div", { class: "ways" });
    this.parts = [el("section", { class: "wide" }, this.ways)];
  }

  update(view) {
    const numbers = REST.map((way) => way.waits(view));
    const key = JSON.stringify([numbers, view.handover.on]);
    if (key === this.drawn) return; // or a finger on a button would lose it
    this.drawn = key;
    this.ways.replaceChildren(...REST.map((way, n) => this.way(way, numbers[n], view)));
  }

  key(key) {
    const way = REST.find((one) => one.key === key);
    if (way) this.counter.go(...way.to);
    return Boolean(way);
  }

  way({ name, key, to }, number, view) {
    const made = button("", () => this.counter.go(...to), number > 0 ? "card warn" : "card", { "data-page": name });
    const now = name === "handover" && view.handover.on ? say("keeper.menu.van") : "";
    made.append(el("span", {}, say(`keeper.page.${name}`), el("small", {}, now || say(`keeper.menu.${name}`))), waiting(number), el("kbd", {}, key));
    return made;
  }
}
