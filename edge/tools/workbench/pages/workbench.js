// Draws the bench as the server tells it, and sends what a hand does.

import { el, live } from "/look/page.js";
import { drawCounter } from "./counter.js";
import { chooseFaultDoor, drawFaults } from "./faults.js";
import { drawPapers } from "./papers.js";
import { act, both, byId, text } from "./parts.js";

const PULSES_SHOWN = 5;
const LONGEST_ON_DOOR = 8;

let bench = null;
let chosen = null;
let opened = new Set();

// -- the cabinet

const cells = new Map();

function drawCabinet(doors) {
  for (const door of doors) {
    if (!cells.has(door.channel)) addCell(door);
    const { button, state, thing, mark } = cells.get(door.channel);
    button.classList.toggle("open", door.open);
    button.classList.toggle("forced", door.forced);
    button.classList.toggle("held", door.held);
    mark.hidden = door.troubles.length === 0;
    button.classList.toggle("chosen", door.channel === chosen);
    button.setAttribute("aria-pressed", String(door.channel === chosen));
    state.textContent = door.open ? door.state_text : "";
    thing.textContent = short(door.inside ?? "");
    button.setAttribute("aria-label", [door.name, door.state_text, door.inside, ...door.troubles].filter(Boolean).join(", "));
  }
}

/** The end of a waybill number tells parcels apart. */
function short(thing) {
  return thing.length > LONGEST_ON_DOOR ? `…${thing.slice(-6)}` : thing;
}

function addCell(door) {
  const state = el("span", { class: "state" });
  const thing = el("span", { class: "thing" });
  const mark = el("span", { class: "mark", "aria-hidden": "true", hidden: true }, "!");
  const button = el(
    "button",
    { type: "button", class: `cell ${door.size}`, "data-channel": door.channel, onclick: () => choose(door.channel) },
    el("span", { class: "head" }, el("b", {}, door.number), " ", state),
    thing,
    mark,
  );
  cells.set(door.channel, { button, state, thing, mark });
  byId("cabinet").append(button);
}

function choose(channel) {
  chosen = channel;
  chooseFaultDoor(channel);
  draw(bench);
}

/** A door that has just sprung open is the one that the hands will want. */
function followTheDoors(doors) {
  const now = new Set(doors.filter((door) => door.open).map((door) => door.channel));
  const fresh = [...now].filter((channel) => !opened.has(channel));
  if (fresh.length) {
    chosen = fresh[0];
    chooseFaultDoor(chosen);
  }
  opened = now;
}

// -- the chosen door

let doorDrawn = "";

function drawDoor(doors) {
  const door = doors.find((one) => one.channel === chosen);
  const drawn = JSON.stringify(door ?? null);
  if (drawn === doorDrawn) return;
  doorDrawn = drawn;
  const panel = byId("door");
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  panel.replaceChildren(...(door ? doorPanel(door) : emptyPanel()));
  if (focused) panel.querySelector(`[data-act="${focused}"]:not(:disabled), button:not(:disabled)`)?.focus();
}

function emptyPanel() {
  return [
    el("div", { class: "empty" }, el("h2", {}, text("bench.pick_door")), el("span", {}, text("bench.pick_door.how"))),
  ];
}

function doorPanel(door) {
  const mood = door.forced ? "bad" : door.open ? "warn" : "ok";
  const button = (name, key, enabled, main) =>
    el(
      "button",
      {
        type: "button",
        class: main && "main",
        "data-act": name,
        disabled: !enabled,
        onclick: () => act(`/api/doors/${door.channel}/${name}`),
      },
      both(key),
    );
  const full = door.inside !== null;
  const acts = door.open
    ? [
        button("put-in", "bench.put_in", true, !full),
        button("take-out", "bench.take_out", full, false),
        button("push-shut", "bench.push_shut", true, full),
      ]
    : [button("open", "bench.force", true, false)];
  return [
    el(
      "div",
      { class: "title" },
      el("span", { class: "big-number", "aria-hidden": "true" }, door.number),
      el(
        "div",
        {},
        el("h2", {}, door.name),
        el("span", { class: `pill ${mood}` }, door.state_text),
        el("p", { class: full ? "thing" : "soft" }, door.inside ?? text("bench.empty")),
        door.troubles.map((trouble) => el("p", { class: "trouble" }, trouble)),
      ),
    ),
    el("div", { class: "acts" }, acts),
  ];
}

// -- the scanner

let samplesDrawn = "";

function drawScanner(view) {
  const drawn = view.samples.join();
  if (drawn !== samplesDrawn) {
    samplesDrawn = drawn;
    const box = byId("samples");
    const at = [...box.children].indexOf(document.activeElement);
    box.replaceChildren(
      ...view.samples.map((code) =>
        el("button", { type: "button", "data-code": code, onclick: () => act("/api/scan", { text: code }) }, code),
      ),
    );
    if (at >= 0) box.children[at].focus();
  }
  const scanned = byId("scanned");
  scanned.hidden = view.scanned.length === 0;
  if (view.scanned.length) scanned.replaceChildren(text("bench.scanned"), " ", el("b", {}, view.scanned[0]));
}

byId("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("code");
  if (await act("/api/scan", { text: field.value })) field.value = "";
  field.focus();
});

// -- coils

function drawPulses(view) {
  const lines = view.pulses.slice(0, PULSES_SHOWN).map((pulse) => el("li", {}, pulse.text));
  byId("pulses").replaceChildren(...(lines.length ? lines : [el("li", {}, text("bench.no_pulses"))]));
  const law = byId("law");
  law.hidden = view.violations.length === 0;
  const words_ = view.violations.length ? `${text("bench.law_broken")} ${view.violations.at(-1)}` : "";
  if (law.textContent !== words_) law.textContent = words_;
}

// -- all of it

function draw(view) {
  drawCabinet(view.doors);
  drawDoor(view.doors);
  drawScanner(view);
  drawPapers(view);
  drawPulses(view);
  drawFaults(view);
  drawCounter(view);
  const note = byId("note");
  note.hidden = !view.note;
  note.textContent = view.note;
}

live("/events", (view) => {
  bench = view;
  followTheDoors(view.doors);
  draw(view);
});
