// What came out of the printers: slips, and labels below them.

import { el } from "/look/page.js";
import { act, byId, line } from "./parts.js";

const slips = new Map();
const labels = new Map();

export function drawPapers(view) {
  byId("no-papers").hidden = view.papers.length > 0;
  keep(slips, byId("papers"), view.papers, (paper) => paper.paper, drawSlip);
  byId("labels-box").hidden = view.labels.length === 0;
  keep(labels, byId("labels"), view.labels, (label) => label.label, drawLabel);
}

/** `shown` follows `wanted` (newest first); what stays is not touched. */
function keep(shown, box, wanted, numberOf, draw) {
  const there = new Set(wanted.map(numberOf));
  for (const [number, piece] of shown) {
    if (!there.has(number)) {
      piece.remove();
      shown.delete(number);
    }
  }
  for (const one of [...wanted].reverse()) {
    if (shown.has(numberOf(one))) continue;
    const piece = draw(one);
    shown.set(numberOf(one), piece);
    box.prepend(piece);
  }
}

function drawSlip(paper) {
  return piece(paper, { "data-paper": paper.paper }, `/api/papers/${paper.paper}/scan`, "bench.scan_slip");
}

function drawLabel(label) {
  return piece(label, { "data-label": label.label }, `/api/labels/${label.label}/scan`, "bench.scan_label");
}

function piece(paper, names, path, key) {
  return el(
    "article",
    { class: "slip", ...names, "aria-label": paper.name },
    el(
      "div",
      { class: "row" },
      el("span", { class: "soft" }, paper.size),
      paper.torn && el("span", { class: "pill warn" }, paper.torn),
    ),
    el("button", { type: "button", class: "main", onclick: () => act(path) }, line(key)),
    el("img", { src: paper.png, alt: paper.text?.join("\n") || paper.name }),
  );
}
