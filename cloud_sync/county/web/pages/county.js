// The county's page: draws what the server says, and traces whatever waybill is clicked.
import { el, get, live, words } from "/look/page.js";

const say = words();
const at = (id) => document.getElementById(id);
const WAYBILL = /^[A-Z0-9-]{6,30}$/;

let chosen = sessionStorage.getItem("cunyi.station") ?? "";
let traced = "";
let newestSeen = null;

// -- drawing without losing focus or what has not changed

const drawn = new Map();

function draw(id, value, build) {
  const text = JSON.stringify(value);
  if (drawn.get(id) === text) return;
  drawn.set(id, text);
  const place = at(id);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...[build(value)].flat());
  if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function show(id, visible) {
  at(id).hidden = !visible;
}

/** On a narrow screen the parts stand below each other: go to what was asked for. */
function intoSight(id) {
  if (matchMedia("(max-width: 1000px)").matches) at(id).scrollIntoView({ block: "start" });
}

// -- the wall

function drawWall(view) {
  at("now").textContent = view.now;
  at("link").textContent = view.link.text;
  at("link").className = `pill ${view.link.up ? "ok" : "bad"}`;
  draw("counts", view.counts, counts);
  const known = view.stations.map((tile) => tile.station);
  if (!known.includes(chosen)) chosen = known[0] ?? "";
  draw("tiles", { stations: view.stations, chosen }, ({ stations }) => stations.map(tile));
  at("more").textContent = view.more;
  show("no-stations", known.length === 0);
  draw("alarms", view.alarms, (alarms) => alarms.map(alarm));
  show("no-alarms", view.alarms.length === 0);
  at("alarms-more").textContent = view.alarms_more;
  at("alarms-back").textContent = view.alarms_back;
  at("alarms-back").className = `level-${view.counts.worst || "none"}`;
  fitAlarms();
  const grown = drawJournal(view.facts);
  refreshStation();
  if (traced && grown) refreshTrace();
}

function counts(all) {
  const worst = all.worst === "bad" ? "bad" : all.worst ? "warn" : "";
  return [
    count("county.count.online", [all.online, el("small", {}, ` / ${all.known}`)], all.online < all.known ? "warn" : ""),
    count("county.count.waiting", number(all.waiting)),
    count("county.count.cells", number(all.free_cells)),
    count("county.count.facts", number(all.facts)),
    count("county.count.alarms", number(all.alarms), worst),
  ];
}

const number = (value) => value.toLocaleString("en-US");

function count(key, value, mood = "") {
  const figure = el("b", {}, value);
  figure.querySelector("small")?.style.setProperty("display", "inline");
  return el("li", { class: mood }, el("small", {}, say[key]), figure);
}

function tile(one) {
  const bar = el("i");
  bar.style.setProperty("width", `${one.fill}%`);
  return el(
    "button",
    {
      class: `station-tile mood-${one.mood}`,
      type: "button",
      "aria-pressed": String(one.station === chosen),
      dataset: { key: one.station },
      onclick: () => choose(one.station),
    },
    el("span", { class: "name" }, el("b", {}, one.name), one.simulated && el("span", { class: "badge" }, say["county.simulated"])),
    el("p", {}, el("span", { class: "presence" }, one.state), ` · ${one.waiting}`),
    one.behind && el("p", {}, one.behind),
    one.line && el("p", { class: "line" }, one.line),
    one.cells > 0 && el("span", { class: "gauge" }, el("span", { class: "fill", "aria-hidden": "true" }, bar), el("small", {}, one.fill_text)),
  );
}

function choose(station) {
  chosen = station;
  sessionStorage.setItem("cunyi.station", station);
  for (const button of at("tiles").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.key === station));
  }
  refreshStation().then(() => intoSight("station"));
}

// -- one station

let asking = false;
let again = false;

async function refreshStation() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  do {
    again = false;
    const wanted = chosen;
    if (!wanted) {
      show("station", false);
      break;
    }
    const { status, data } = await get(`/api/stations/${encodeURIComponent(wanted)}`);
    if (status === 200 && wanted === chosen) drawStation(data);
  } while (again);
  asking = false;
}

function drawStation(view) {
  draw("station-name", view.name, (name) => [name]);
  const mood = view.online ? "ok" : "warn";
  draw("station-state", [view.state, view.simulated, view.devices, view.supply], () => [
    el("span", { class: `pill ${mood}` }, view.state),
    view.supply ? el("span", { class: `pill ${view.without_mains ? "warn" : "ok"}` }, view.supply) : "",
    ...view.devices.map((device) =>
      el("span", { class: `pill ${device.well ? "ok" : "warn"}` }, `${device.label} ${device.text}`),
    ),
    view.simulated ? el("span", { class: "badge" }, say["county.simulated"]) : "",
  ]);
  at("station-about").textContent = view.about;
  draw("sync", view.sync, syncLines);
  draw("cells", [view.cells, view.slots], ([cells, slots]) => [
    ...cells.map((cell) => el("li", {}, drawCell(cell))),
    ...slots.map((slot) => el("li", {}, drawSlot(slot))),
  ]);
  draw("commands", view.commands, (commands) =>
    commands.map((one) => el("li", { class: `command command-${one.mood}` }, one.text)),
  );
  show("commands", view.commands.length > 0);
  show("cells", view.cells.length > 0);
  show("no-cells", view.cells.length === 0);
  show("station", true); // last: a card without a name is never on the screen
}

function syncLines(sync) {
  const trouble = sync.trouble ? [el("li", { class: "trouble" }, el("b", {}, sync.trouble), ` ${sync.todo}`)] : [];
  const gaps = sync.gaps.map((gap) => el("li", { class: "trouble" }, gap));
  return [...trouble, ...gaps, ...sync.lines.map((line) => el("li", {}, line))];
}

function drawCell(cell) {
  const lines = [el("span", {}, el("b", {}, String(cell.cell)), ` ${cell.door_text || cell.text}`)];
  if (cell.waybill) lines.push(el("span", {}, cell.waybill));
  const look = { class: `cell cell-${cell.mood}`, title: cell.reason || null };
  if (!cell.waybill_no) return el("div", look, lines);
  return el(
    "button",
    { ...look, type: "button", dataset: { key: `cell-${cell.cell}` }, onclick: () => trace(cell.waybill_no) },
    lines,
  );
}

function drawSlot(slot) {
  const look = { class: "cell cell-held", type: "button", dataset: { key: `slot-${slot.slot}` }, onclick: () => trace(slot.waybill_no) };
  return el("button", look, el("span", {}, el("b", {}, slot.slot)), el("span", {}, slot.waybill));
}

// -- the journal

function drawJournal(facts) {
  const before = newestSeen;
  draw("facts", facts, (all) => all.map((fact) => journalRow(fact, before !== null && fact.number > before)));
  newestSeen = facts[0]?.number ?? before ?? 0;
  show("no-facts", facts.length === 0);
  return newestSeen !== before;
}

function journalRow(fact, fresh) {
  return el(
    "li",
    { class: `fact mood-${fact.mood}${fresh ? " fresh" : ""}` },
    el("small", {}, el("time", {}, fact.time), ` · ${fact.station_name}`),
    fact.waybill_no ? waybillButton(fact.waybill_no, fact.waybill, `fact-${fact.number}`) : "",
    el("p", {}, fact.text),
  );
}

function waybillButton(waybillNo, label, key) {
  return el(
    "button",
    { class: "waybill", type: "button", title: waybillNo, dataset: { key }, onclick: () => trace(waybillNo) },
    label,
  );
}

// -- alarms

function alarm(one, index) {
  const place = [one.where, one.time, one.times].filter(Boolean).join(" · ");
  return el(
    "li",
    { class: `alarm level-${one.level}` },
    el("h3", {}, one.title, el("span", { class: `pill ${one.level}` }, one.level_text)),
    el("p", { class: "todo" }, one.todo),
    el(
      "div",
      { class: "actions" },
      el("p", { title: one.detail || null }, place),
      one.waybill_no && waybillButton(one.waybill_no, one.waybill, `alarm-parcel-${index}`),
      one.station &&
        el("button", { type: "button", dataset: { key: `alarm-${index}` }, onclick: () => choose(one.station) }, say["county.alarm_station"]),
    ),
  );
}

// A parcel's life takes the whole column: of the alarms one line stays. Else as many alarms are
// shown as fit in full, and a line says that there are more.
function fitAlarms() {
  const list = at("alarms-scroll");
  const away = !at("trace-found").hidden;
  const all = [...at("alarms").children];
  show("alarms-scroll", !away);
  show("alarms-back", away);
  show("alarms-more", false);
  list.style.removeProperty("max-height");
  if (away || list.scrollHeight <= list.clientHeight) return;
  show("alarms-more", true);
  const top = list.getBoundingClientRect().top - list.scrollTop;
  const bottoms = all.map((one) => Math.ceil(one.getBoundingClientRect().bottom - top));
  const whole = bottoms.filter((bottom) => bottom <= list.clientHeight).at(-1);
  if (whole) list.style.setProperty("max-height", `${whole}px`);
}

// -- trace

function trace(waybillNo) {
  traced = waybillNo;
  at("waybill").value = waybillNo;
  refreshTrace().then(() => intoSight("trace-title"));
}

async function refreshTrace() {
  const wanted = traced;
  const { status, data } = await get(`/api/trace/${encodeURIComponent(wanted)}`);
  if (wanted !== traced) return;
  if (status === 200) {
    drawTrace(data);
  } else {
    const key = status === 404 ? "county.trace_none" : status === 422 ? "county.trace_bad" : "county.trace_failed";
    tellTrace(say[key].replace("{waybill}", wanted));
  }
}

function drawTrace(view) {
  show("trace-says", false);
  show("trace-found", true);
  fitAlarms();
  at("trace-waybill").textContent = view.waybill_no;
  at("trace-stage").textContent = [view.stage_text, view.stay].filter(Boolean).join(" · ");
  at("trace-stage").className = `pill ${view.mood}`;
  at("trace-place").textContent = view.place;
  draw("told", view.told, (told) => told.map((one) => el("li", { class: `mood-${one.mood}` }, one.text)));
  draw("chain", [view.events, view.travelled], ([events]) =>
    events.map((fact) =>
      el(
        "li",
        { class: `mood-${fact.mood}` },
        el("time", {}, view.travelled ? `${fact.time} · ${fact.station_name}` : fact.time),
        fact.text,
      ),
    ),
  );
}

function tellTrace(text) {
  show("trace-found", false);
  show("trace-says", true);
  fitAlarms();
  at("trace-says").textContent = text;
}

at("trace-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = at("waybill").value.trim().toUpperCase();
  if (!wanted) {
    closeTrace();
  } else if (!WAYBILL.test(wanted)) {
    traced = "";
    tellTrace(say["county.trace_bad"]);
  } else {
    trace(wanted);
  }
});

function closeTrace() {
  traced = "";
  at("waybill").value = "";
  tellTrace(say["county.trace_hint"]);
  at("waybill").focus();
}

at("trace-close").addEventListener("click", closeTrace);

at("alarms-back").addEventListener("click", () => {
  closeTrace();
  at("alarms-scroll").focus();
});

addEventListener("resize", fitAlarms);

live("/events", drawWall);
