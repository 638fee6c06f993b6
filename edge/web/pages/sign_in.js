// Signing in and first start: by keyboard, by number keys alone, or with the mouse on the pad.
import { post } from "/look/page.js";
import { numberPad, say } from "/pages/parts.js";

const NAME = "cunyi.keeper"; // the browser at the counter remembers who works there
const LONGEST = 12;

const at = (id) => document.getElementById(id);
const form = at("form");
const name = at("name");
const pins = [at("pin"), at("again")].filter(Boolean);
let field = pins[0];

function press(key) {
  if (key === "clear") field.value = "";
  else if (key === "delete") field.value = field.value.slice(0, -1);
  else if (field.value.length < LONGEST) field.value += key;
  at("wrong").textContent = "";
  field.focus();
}

function wrong(text) {
  at("wrong").textContent = text;
  for (const pin of pins) pin.value = "";
  pins[0].focus();
}

async function submit(event) {
  event.preventDefault();
  const unfilled = pins.find((pin) => pin.value === "");
  if (unfilled) return unfilled.focus();
  if (pins.length === 2 && pins[0].value !== pins[1].value) return wrong(say("keeper.first.differs"));
  const { status, data } = await post(form.dataset.path, { keeper: name.value.trim(), pin: pins[0].value });
  if (status === 200) {
    localStorage.setItem(NAME, name.value.trim());
    return window.location.assign("/keeper");
  }
  if (data.error.code === "keeper_exists") return window.location.assign("/keeper");
  return wrong(status === 0 ? say("keeper.no_answer") : data.error.message);
}

/** A courier who finds nobody: the handover waits, with the reason, and nobody is signed in by that. */
async function holdUp(event) {
  event.preventDefault();
  const fields = ["courier", "trip", "courier-pin"].map(at);
  const empty = fields.find((one) => one.value.trim() === "");
  if (empty) return empty.focus();
  const [courier, trip, pin] = fields.map((one) => one.value.trim());
  const { status, data } = await post("/api/courier/hold-up", { courier, trip, pin, reason: at("why").value });
  at("courier-pin").value = "";
  at("held").className = status === 200 ? "" : "wrong";
  at("held").textContent = status === 0 ? say("keeper.no_answer") : status === 200 ? data.text : data.error.message;
  return null;
}

name.value = localStorage.getItem(NAME) ?? name.value;
for (const pin of pins) pin.addEventListener("focus", () => {
  field = pin;
});
form.addEventListener("submit", submit);
at("courier-form")?.addEventListener("submit", holdUp);
at("pad").append(numberPad(press, say("keeper.pad"), say("keeper.pad.clear"), say("keeper.pad.delete")));
pins[0].focus();
