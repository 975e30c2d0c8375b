// A body of the view as the engine sends it.

/** @param {number[]} values */
export const floats = (values) => new Float32Array(values).buffer;

/** @param {(x: number, y: number) => number} cost @param {number} side */
export function mapBody(cost, side = 3) {
  const values = [];
  for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) values.push(cost(x, y));
  return { extent: [0, side - 1, 0, side - 1], side, cost: floats(values) };
}

/** @param {Record<string, any>} [more] */
export function wayBody(more = {}) {
  return {
    weights: [
      { variable: 0, index: [1, 2], value: 0.5, gradient: -0.4, slope: -0.3 },
      { variable: 1, index: [0], value: 0.1, gradient: 0.02, slope: 0.01 },
    ],
    variables: [
      { layer: "1", array: "kernel", shape: [2, 3] },
      { layer: "1", array: "bias", shape: [3] },
      { layer: "", array: "kernel", shape: [3, 2] },
    ],
    inputs: ["age", "bmi"],
    path: floats([0, 0, 0.5, 0.1]),
    steps: [0, 5],
    way: mapBody((x, y) => x + y),
    next: mapBody((x) => x),
    cost: 0.6625,
    penalty: false,
    rows: 200,
    rows_in_all: 200,
    step: 5,
    batch: 32,
    rate: 0.01,
    optimizer: "Adam",
    own: { step: [0.009, -0.002], cost: 0.6615, lines: [{ sense: "moving mean of the gradient", values: [-0.3, 0.01] }] },
    ghosts: [
      { kind: "SGD", starts: "fresh", is_own: false, step: [0.004, -0.0002], cost: 0.6621, numbers: {} },
      {
        kind: "momentum",
        starts: "fresh",
        is_own: false,
        step: [0.004, -0.0002],
        cost: 0.6621,
        numbers: { momentum: [0.9, 0.9], kept: [0, 0] },
      },
      {
        kind: "Adam",
        starts: "own",
        is_own: true,
        step: [0.009, -0.002],
        cost: 0.6615,
        numbers: { mean: [-0.36, 0.006], size: [0.4, 0.03], ratio: [-0.9, 0.2], update: [6, 6] },
      },
    ],
    ...more,
  };
}
