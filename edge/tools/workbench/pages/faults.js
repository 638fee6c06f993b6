// The fault menu: a group for each device that is there, a switch for each fault.

import { el } from "/look/page.js";
import { act, both, byId, line, text } from "./parts.js";

const DOOR = "door";
const switches = new Map();
const groups = new Map();
let doorSelect = null;
let faultDoor = 1;
let lastView = null;

/** The door at which the faults of a single door are switched. */
export function chooseFaultDoor(channel) {
  faultDoor = channel;
}

const groupOf = (fault) => (fault.needs_channel ? DOOR : fault.device);

function addFaults(view) {
  for (const name of new Set(view.faults.map(groupOf))) addGroup(name, view);
}

function addGroup(name, view) {
  const count = el("span", { class: "pill bad", hidden: true });
  const box = el(
    "details",
    { class: "group card", "data-group": name },
    el("summary", {}, el("h3", {}, line(`bench.group.${name}`)), count),
    el(
      "div",
      { class: "switches" },
      name === DOOR && addDoorSelect(view.doors),
      view.faults.filter((fault) => groupOf(fault) === name).map(addSwitch),
    ),
  );
  groups.set(name, { box, count });
  byId("groups").append(box);
}

function addDoorSelect(doors) {
  doorSelect = el(
    "select",
    {
      id: "fault-door",
      onchange: () => {
        faultDoor = Number(doorSelect.value);
        drawFaults(lastView);
      },
    },
    doors.map((door) => el("option", { value: door.channel }, door.name)),
  );
  return el("label", { class: "field" }, el("span", {}, text("bench.for_door")), doorSelect);
}

function addSwitch(fault) {
  const pill = el("span", { class: "pill" });
  const where = el("span", { class: "where" });
  const [, english] = both(`bench.fault.${fault.name}`);
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
    english,
    where,
  );
  switches.set(fault.name, { button, pill, where });
  return button;
}

/** Draw what is broken. A group opens by itself when its first fault comes on. */
export function drawFaults(view) {
  lastView = view;
  if (switches.size === 0) addFaults(view);
  if (doorSelect) doorSelect.value = String(faultDoor);
  for (const fault of view.faults) {
    const { button, pill, where } = switches.get(fault.name);
    const on = fault.needs_channel ? fault.channels.includes(faultDoor) : fault.on;
    button.setAttribute("aria-pressed", String(on));
    pill.className = `pill ${on ? "bad" : "ok"}`;
    pill.textContent = text(on ? "bench.broken" : "bench.fine");
    where.textContent = fault.where;
  }
  for (const [name, { box, count }] of groups) drawGroup(view.groups[name], box, count);
  byId("faults-on").textContent = view.faults_text;
  byId("to-faults").classList.toggle("on", view.faults_on > 0);
  byId("mend-all").disabled = view.faults_on === 0;
}

function drawGroup({ broken, broken_text }, box, count) {
  if (broken && count.hidden) box.open = true;
  count.hidden = broken === 0;
  count.textContent = broken_text;
}

byId("mend-all").addEventListener("click", () => act("/api/faults/mend-all"));
