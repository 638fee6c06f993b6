// K15, how the kiosk is read and heard: print and language are links, because the page is made anew in them.
import { el } from "/look/page.js";
import { button, say } from "/pages/parts.js";

const PRINTS = ["normal", "big", "huge"];
const LOUDNESS = ["soft", "usual", "loud"];
const LANGUAGES = [["zh", "中文"], ["en", "English"]];

/** The page's own state: what it is printed in, and its language. */
export function printNow() {
  return document.documentElement.dataset.print ?? "normal";
}

export function languageNow() {
  return document.documentElement.lang.slice(0, 2);
}

function row(name, ...choices) {
  return el("section", { class: "choices", role: "group", "aria-label": say(`kiosk.display.${name}`) },
    el("h2", {}, say(`kiosk.display.${name}`)), ...choices);
}

function link(query, label, chosen, attrs = {}) {
  return el("a", { class: "tool choice", href: `/kiosk?${query}#display`, "aria-current": chosen ? "true" : null, ...attrs }, label);
}

/** What is heard: only where there is a loudspeaker, and dialects only where somebody recorded them. */
function sound(voice, acts) {
  if (!voice) return [];
  const choice = (word, chosen, next) =>
    button(say(word), () => acts.voice({ dialect: voice.dialect, loudness: voice.loudness, ...next }), "choice", { "aria-pressed": String(chosen) });
  const dialects = voice.dialects.map((dialect) => choice(`kiosk.dialect.${dialect}`, dialect === voice.dialect, { dialect }));
  const steps = LOUDNESS.map((loudness) => choice(`kiosk.loudness.${loudness}`, loudness === voice.loudness, { loudness }));
  return [...(dialects.length > 1 ? [row("dialect", ...dialects)] : []), row("loudness", ...steps)];
}

export function drawDisplay(view, acts) {
  const prints = PRINTS.map((size) => link(`print=${size}`, say(`kiosk.print.${size}`), size === printNow(), { "data-print-key": size }));
  const tongues = LANGUAGES.map(([tongue, label]) => link(`lang=${tongue}`, label, tongue === languageNow(), { lang: tongue === "zh" ? "zh-CN" : "en" }));
  return {
    className: "display",
    main: [row("print", ...prints), row("language", ...tongues), ...sound(view.voice, acts)],
    context: [button(say("kiosk.back"), acts.home, "main")],
  };
}
