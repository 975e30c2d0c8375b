// A frame of the view `cost` with three rows, for tests.

/** @param {number[]} values */
const floats = (values) => new Float32Array(values).buffer;

/**
 * Cross-entropy and squared error of two classes over leads from -4 to 4, with their slopes.
 * @param {object} [more]
 */
export function bodyOf(more = {}) {
  const leads = Array.from({ length: 9 }, (_, i) => i - 4);
  const p = leads.map((m) => 1 / (1 + Math.exp(-m)));
  return {
    task: "classification",
    own: "CrossEntropy",
    low: -4,
    high: 4,
    batch: 3,
    rows: new Int32Array([4, 9, 7]).buffer,
    lead: floats([1, -2, 3]),
    cost: floats([0.313, 2.127, 0.049]),
    slope: floats([-0.269, -0.881, -0.047]),
    right: new Uint8Array([1, 0, 1]).buffer,
    truth: new Int32Array([0, 1, 1]).buffer,
    chance: floats([0.731, 0.119, 0.953]),
    loss: 0.83,
    sample: 0.6,
    sample_rows: 300,
    sample_right: 0.9,
    spread: 0.9,
    settled: 0.15,
    worst: { row: 9, lead: -2, right: false, truth: 1, chance: 0.119 },
    weighted: false,
    scale: 1,
    curves: [
      { kind: "CrossEntropy", cost: floats(p.map((v) => -Math.log(v))), slope: floats(p.map((v) => v - 1)) },
      { kind: "MeanSquaredError", cost: floats(p.map((v) => (1 - v) ** 2)), slope: floats(p.map((v) => -2 * (1 - v) ** 2 * v)) },
      {
        kind: "CategoricalHinge",
        cost: floats(leads.map((m) => Math.max(0, 1 - m))),
        slope: floats(leads.map((m) => (m < 1 ? -1 : 0))),
      },
    ],
    ...more,
  };
}
