// The bytes that receiptline makes of receiptline_slip.receipt, as lines of a .hex file.
// Ends with 3 where receiptline is not installed (NODE_PATH names the folder that holds it).
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const PAPERS = { "generic.58": ["generic", 32], "generic.80": ["generic", 48], "escpos.58": ["escpos", 32], "escpos.80": ["escpos", 48] };

let receiptline;
try {
  receiptline = require("receiptline");
} catch {
  process.exit(3);
}
const slip = fs.readFileSync(path.join(__dirname, "receiptline_slip.receipt"), "utf8");
for (const [name, [command, cpl]] of Object.entries(PAPERS)) {
  const bytes = receiptline.transform(slip, { command, cpl, encoding: "gb18030" });
  console.log(name.padEnd(28) + Buffer.from(bytes, "binary").toString("hex"));
}
