// What all parts of the bench need: words, hands, and a place to complain.

import { el, post, words } from "/look/page.js";

const WORDS = words();
const TOAST_MS = 5000;

export const byId = (id) => document.getElementById(id);
export const text = (key) => WORDS[key][0];

/** What to say, and the English below it where the page is Chinese. */
export const both = (key) => [
  el("span", {}, WORDS[key][0]),
  WORDS[key][1] && el("span", { class: "en", lang: "en" }, WORDS[key][1]),
];

/** The same with a space between, for one line. */
export const line = (key) => {
  const [first, second] = both(key);
  return [first, " ", second];
};

let toastTimer = 0;

function tell(message) {
  const toast = byId("toast");
  toast.textContent = message;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
}

/** Do something at the bench; whether it was done. What cannot be done is said. */
export async function act(path, body) {
  const { status, data } = await post(path, body);
  if (status === 200) byId("toast").hidden = true;
  else tell(data?.error?.message || text("bench.no_answer"));
  return status === 200;
}
