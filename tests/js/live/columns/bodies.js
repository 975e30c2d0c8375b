/** @typedef {import("../../../../nnviz/browser/live/columns/columns.js").Body} Body */

/** Two columns of a table with classes, as the engine sends them. @returns {Body} */
export const tableBody = () => ({
  part: "validation",
  rows: 500,
  rows_in_all: 9000,
  repeats: 5,
  score_name: "accuracy",
  loss: 0.25,
  score: 0.9,
  columns: [
    { index: 1, name: "age", loss: 0.5, loss_spread: 0.1, score: 0.02, score_spread: 0.03 },
    { index: 0, name: "plan", loss: 0.01, loss_spread: 0.02, score: 0.125, score_spread: 0.01 },
  ],
  columns_in_all: 2,
  column: 1,
  output: 1,
  outputs: [],
  unit: "",
  dependence: {
    name: "age",
    kind: "number",
    unit: "",
    at: [20, 30, 60],
    texts: ["20", "30", "60"],
    mean: [0.8, 0.5, 0.2],
    low: 0,
    high: 1,
    curves: new Uint8Array([255, 128, 0, 204, 102, 51]).buffer,
    file_rows: [3, 8],
    deciles: [],
  },
  what_if: {
    row: 2,
    file_row: 40,
    truth: 1,
    fields: [{ index: 1, name: "age", kind: "number", unit: "", text: "31", choices: [] }],
    before: [0.3, 0.7],
    after: [0.6, 0.4],
  },
});
