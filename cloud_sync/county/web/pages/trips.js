// The county's trips: drawn anew whenever the county hears something.
import { el, get, live, words } from "/look/page.js";

const say = words();
const at = (id) => document.getElementById(id);
let drawn = "";

async function refresh() {
  const { status, data } = await get("/api/trips");
  if (status !== 200) {
    at("none").hidden = false;
    at("none").textContent = say["county.trips.failed"];
    return;
  }
  const text = JSON.stringify(data);
  if (text === drawn) return; // or an opened list would fall shut
  drawn = text;
  at("none").textContent = say["county.trips.none"];
  at("none").hidden = data.trips.length > 0;
  at("hubs").replaceChildren(...data.hubs.map((hub) => el("li", { class: "card note" }, hub.text)));
  at("trips").replaceChildren(...data.trips.map(trip));
}

function trip(one) {
  return el("li", { class: `trip card${one.late ? " bad" : ""}` },
    el("h2", {}, one.title, one.late ? el("span", { class: "pill bad" }, one.late_text) : ""),
    el("ol", { class: "stops" }, one.stops.map(stop)),
    one.moves.length ? el("details", { class: "moves" },
      el("summary", {}, `${say["county.trips.moves"]} · ${one.moves.length}`),
      el("ul", {}, one.moves.map((bag) => el("li", {}, `${bag.seal}: ${bag.steps.join(" → ")}`)))) : "");
}

function stop(one) {
  return el("li", { class: `stop card ${one.mood === "bad" ? "" : one.mood}` },
    el("b", {}, one.name),
    el("p", { class: one.mood }, one.state),
    el("p", { class: "figures" }, one.words.map((word) => el("span", { class: word.mood || null }, word.text))),
    one.disputed ? el("p", { class: "warn" }, one.disputed) : "");
}

live("/events", refresh);
