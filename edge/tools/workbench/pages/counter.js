// The devices on the counter: power, loudspeaker, lamps, scale, identity cards.

import { el } from "/look/page.js";
import { act, both, byId, text } from "./parts.js";

/** Show a card of the page where its device is there. */
function there(id, device) {
  byId(id).hidden = device === null;
  return device !== null;
}

/** Change a text only when it is another, so that a screen reader is told once. */
function put(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
}

// -- power

let mains = true;

function drawPower(power) {
  if (!there("power", power)) return;
  if (mains !== power.mains || !byId("plug").hasChildNodes()) {
    byId("plug").replaceChildren(...both(power.mains ? "bench.pull_plug" : "bench.plug_in").filter(Boolean));
    byId("plug").classList.toggle("main", !power.mains);
  }
  mains = power.mains;
  byId("mains").className = `pill ${mains ? "ok" : "bad"}`;
  put("mains", power.state_text);
  put("charge", power.battery_text);
  byId("battery").value = power.percent;
  byId("battery").textContent = power.battery_text;
}

byId("plug").addEventListener("click", () => act("/api/faults", { name: "mains_out", on: mains }));

for (const button of byId("battery-to").querySelectorAll("button")) {
  button.addEventListener("click", () => act("/api/battery", { percent: Number(button.value) }));
}

// -- the loudspeaker

let heard = -1;

function drawSpeaker(speaker) {
  if (!there("speaker", speaker) || speaker.count === heard) return;
  heard = speaker.count;
  const said = speaker.said.length ? speaker.said : [text("bench.nothing_said")];
  byId("said").replaceChildren(...said.map((sentence) => el("li", {}, sentence)));
}

// -- lamps and buzzer

function drawSignals(signals) {
  if (!there("signals", signals)) return;
  for (const one of signals.lamps) {
    const lamp = byId(`lamp-${one.lamp}`);
    lamp.classList.toggle("lit", one.lit);
    put(`lamp-${one.lamp}-state`, `${one.name}：${one.state_text}`);
  }
  put("beeps", signals.beeps_text);
}

// -- the scale

function drawScale(scale) {
  if (!there("scale", scale)) return;
  put("weight", scale.display);
  byId("weight-state").className = `pill ${scale.overload ? "bad" : scale.stable ? "ok" : "warn"}`;
  put("weight-state", scale.state_text);
}

byId("scale-form").addEventListener("submit", (event) => {
  event.preventDefault();
  act("/api/scale", { grams: Number(byId("grams").value) });
});
byId("take-off").addEventListener("click", () => act("/api/scale", { grams: 0 }));

// -- identity cards

let sample = "";

function drawCard(card) {
  if (!there("card", card)) return;
  put("card-state", card.state_text);
  byId("card-state").className = `pill ${card.laid ? "note" : "ok"}`;
  put("card-reads", card.reads_text);
  byId("lift").disabled = card.laid === null;
  if (sample !== card.sample.number) {
    sample = card.sample.number;
    byId("card-name").value = card.sample.name;
    byId("card-number").value = card.sample.number;
  }
}

byId("card-form").addEventListener("submit", (event) => {
  event.preventDefault();
  act("/api/card/lay", { name: byId("card-name").value, number: byId("card-number").value });
});
byId("lift").addEventListener("click", () => act("/api/card/lift"));

export function drawCounter(view) {
  drawPower(view.power);
  drawSpeaker(view.speaker);
  drawSignals(view.signals);
  drawScale(view.scale);
  drawCard(view.card);
  const none = [view.power, view.speaker, view.signals, view.scale, view.card].every((one) => one === null);
  byId("counter").hidden = none;
  byId("to-counter").hidden = none;
  byId("to-counter").classList.toggle("on", view.power !== null && !view.power.mains);
}
