// Runs `print('hi')` in Pyodide for every line on standard input: in a new interpreter or in the same.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, state] = process.argv.slice(-2);
const found = createRequire(`${folder}/`).resolve("pyodide/pyodide.mjs");
const { loadPyodide } = await import(pathToFileURL(found));
let said = [];
const load = () => loadPyodide({ stdout: (text) => said.push(text) });
const kept = state === "reused" ? await load() : null;
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  said = [];
  (kept ?? (await load())).runPython("print('hi')");
  console.log(said.join());
}
