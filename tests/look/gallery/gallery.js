import { el, live, post } from "/look/page.js";

const cabinet = document.getElementById("cabinet");
const styles = ["", "ok", "warn", "bad", "note", "", "hit", ""];
cabinet.style.setProperty("--columns", "4");
cabinet.append(...styles.map((kind, n) => el("div", { class: `door ${kind}` }, `0${n + 1}`)));

live(
  "/events",
  (view) => document.getElementById("view").replaceChildren(el("b", {}, view.text)),
  (up) => (document.getElementById("link").textContent = up ? "网络正常" : "断开"),
);
document.getElementById("act").addEventListener("click", async () => {
  const { status, data } = await post("/api/act", { text: "<i>尾号</i>" });
  document.getElementById("answer").textContent = `${status} ${data.heard ?? data.error.code}`;
});
const question = document.getElementById("question");
document.getElementById("question-button").addEventListener("click", () => question.showModal());
