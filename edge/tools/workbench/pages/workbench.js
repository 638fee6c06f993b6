// Draws the bench as the server tells it, and sends what a hand does.

import { el, live, post, words } from "/look/page.js";

const WORDS = words();
const TOAST_MS = 5000;
const PULSES_SHOWN = 5;
const LONGEST_ON_DOOR = 8;
const byId = (id) => document.getElementById(id);
const text = (key) => WORDS[key][0];
/** What to say, and the English below it where the page is Chinese. */
const both = (key) => [
  el("span", {}, WORDS[key][0]),
  WORDS[key][1] && el("span", { class: "en", lang: "en" }, WORDS[key][1]),
];

let bench = null;
let chosen = null;
let faultDoor = 1;
let toastTimer = 0;
let opened = new Set();

function tell(message) {
  const toast = byId("toast");
  toast.textContent = message;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
}

async function act(path, body) {
  const { status, data } = await post(path, body);
  if (status === 200) byId("toast").hidden = true;
  else tell(data?.error?.message || text("bench.no_answer"));
  return status === 200;
}

// -- the cabinet

const cells = new Map();

function drawCabinet(doors) {
  for (const door of doors) {
    if (!cells.has(door.channel)) addCell(door);
    const { button, state, thing } = cells.get(door.channel);
    button.classList.toggle("open", door.open);
    button.classList.toggle("forced", door.forced);
    button.classList.toggle("chosen", door.channel === chosen);
    button.setAttribute("aria-pressed", String(door.channel === chosen));
    state.textContent = door.open ? door.state_text : "";
    thing.textContent = short(door.inside ?? "");
    button.setAttribute("aria-label", [door.name, door.state_text, door.inside].filter(Boolean).join(", "));
  }
}

/** The end of a waybill number tells parcels apart. */
function short(thing) {
  return thing.length > LONGEST_ON_DOOR ? `…${thing.slice(-6)}` : thing;
}

function addCell(door) {
  const state = el("span", { class: "state" });
  const thing = el("span", { class: "thing" });
  const button = el(
    "button",
    { type: "button", class: `cell ${door.size}`, "data-channel": door.channel, onclick: () => choose(door.channel) },
    el("span", { class: "head" }, el("b", {}, door.number), " ", state),
    thing,
  );
  cells.set(door.channel, { button, state, thing });
  byId("cabinet").append(button);
}

function choose(channel) {
  chosen = channel;
  faultDoor = channel;
  draw(bench);
}

/** A door that has just sprung open is the one that the hands will want. */
function followTheDoors(doors) {
  const now = new Set(doors.filter((door) => door.open).map((door) => door.channel));
  const fresh = [...now].filter((channel) => !opened.has(channel));
  if (fresh.length) {
    chosen = fresh[0];
    faultDoor = chosen;
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

// -- the printer

const slips = new Map();

function drawPapers(papers) {
  byId("no-papers").hidden = papers.length > 0;
  const there = new Set(papers.map((paper) => paper.paper));
  for (const [number, slip] of slips) {
    if (!there.has(number)) {
      slip.remove();
      slips.delete(number);
    }
  }
  for (const paper of [...papers].reverse()) {
    if (slips.has(paper.paper)) continue;
    const slip = drawSlip(paper);
    slips.set(paper.paper, slip);
    byId("papers").prepend(slip);
  }
}

function drawSlip(paper) {
  return el(
    "article",
    { class: "slip", "data-paper": paper.paper, "aria-label": paper.name },
    el(
      "div",
      { class: "row" },
      el("span", { class: "soft" }, paper.size),
      paper.torn && el("span", { class: "pill warn" }, paper.torn),
    ),
    el(
      "button",
      { type: "button", class: "main", onclick: () => act(`/api/papers/${paper.paper}/scan`) },
      both("bench.scan_slip")[0],
      " ",
      both("bench.scan_slip")[1],
    ),
    el("img", { src: paper.png, alt: paper.text.join("\n") || paper.name }),
  );
}

// -- coils

function drawPulses(view) {
  const lines = view.pulses.slice(0, PULSES_SHOWN).map((pulse) => el("li", {}, pulse.text));
  byId("pulses").replaceChildren(...(lines.length ? lines : [el("li", {}, text("bench.no_pulses"))]));
  const law = byId("law");
  law.hidden = view.violations.length === 0;
  const words_ = view.violations.length ? `${text("bench.law_broken")} ${view.violations.at(-1)}` : "";
  if (law.textContent !== words_) law.textContent = words_;
}

// -- the fault menu

const GROUPS = ["lock-board", "door", "scanner", "printer"];
const switches = new Map();
let doorSelect = null;

function addFaults(view) {
  for (const group of GROUPS) {
    const faults = view.faults.filter((one) => (one.needs_channel ? "door" : one.device) === group);
    byId("groups").append(
      el(
        "div",
        { class: "group card", role: "group", "aria-labelledby": `group-${group}` },
        el("h3", { id: `group-${group}` }, both(`bench.group.${group}`)[0], " ", both(`bench.group.${group}`)[1]),
        group === "door" && addDoorSelect(view.doors),
        faults.map(addSwitch),
      ),
    );
  }
}

function addDoorSelect(doors) {
  doorSelect = el(
    "select",
    {
      id: "fault-door",
      onchange: () => {
        faultDoor = Number(doorSelect.value);
        drawFaults(bench);
      },
    },
    doors.map((door) => el("option", { value: door.channel }, door.name)),
  );
  return el("label", { class: "field" }, el("span", {}, text("bench.for_door")), doorSelect);
}

function addSwitch(fault) {
  const pill = el("span", { class: "pill" });
  const where = el("span", { class: "where" });
  const button = el(
    "button",
    {
      type: "button",
      "data-fault": fault.name,
      "aria-pressed": "false",
      onclick: () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        const channel = fault.needs_channel ? { channel: faultDoor } : {};
        act("/api/faults", { name: fault.name, on, ...channel });
      },
    },
    el("span", {}, fault.text),
    pill,
    WORDS[`bench.fault.${fault.name}`][1] &&
      el("span", { class: "en", lang: "en" }, WORDS[`bench.fault.${fault.name}`][1]),
    where,
  );
  switches.set(fault.name, { button, pill, where });
  return button;
}

function drawFaults(view) {
  if (switches.size === 0) addFaults(view);
  doorSelect.value = String(faultDoor);
  for (const fault of view.faults) {
    const { button, pill, where } = switches.get(fault.name);
    const on = fault.needs_channel ? fault.channels.includes(faultDoor) : fault.on;
    button.setAttribute("aria-pressed", String(on));
    pill.className = `pill ${on ? "bad" : "ok"}`;
    pill.textContent = text(on ? "bench.broken" : "bench.fine");
    where.textContent = fault.where;
  }
  byId("faults-on").textContent = view.faults_text;
  byId("to-faults").classList.toggle("on", view.faults_on > 0);
  byId("mend-all").disabled = view.faults_on === 0;
}

byId("mend-all").addEventListener("click", () => act("/api/faults/mend-all"));

// -- all of it

function draw(view) {
  drawCabinet(view.doors);
  drawDoor(view.doors);
  drawScanner(view);
  drawPapers(view.papers);
  drawPulses(view);
  drawFaults(view);
  const note = byId("note");
  note.hidden = !view.note;
  note.textContent = view.note;
}

live("/events", (view) => {
  bench = view;
  followTheDoors(view.doors);
  draw(view);
});
