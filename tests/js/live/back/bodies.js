// A frame of the view `back`, as the engine sends it.

/** @param {object} [more] */
export function backBody(more = {}) {
  const row = (/** @type {number} */ number, /** @type {number} */ cost, /** @type {number} */ share) => ({
    number,
    cost,
    target: 1,
    answer: 0,
    slopes: [0.6, -0.6],
    share,
  });
  return {
    step: 41,
    count: 10,
    batch_rows: Int32Array.from([4, 9, 2, 7, 1, 0, 3, 5, 6, 8]).buffer,
    weight: { variable: 0, index: [1, 2] },
    variables: [
      { layer: "1", array: "kernel", shape: [2, 4] },
      { layer: "", array: "bias", shape: [2] },
    ],
    inputs: ["x", "y"],
    task: "classification",
    cost: "CrossEntropy",
    output: "softmax",
    outputs: 2,
    rows: [
      row(4, 0.9, -0.05),
      row(9, 0.8, 0.03),
      row(2, 0.2, -0.02),
      row(7, 0.2, -0.01),
      row(1, 0.2, 0.005),
      row(0, 0.1, 0.004),
      row(3, 0.1, 0.003),
      row(5, 0.1, 0.002),
      row(6, 0.1, 0.001),
    ],
    rest: { count: 1, cost: 0.05, share: 0 },
    chosen: 0,
    penalty: 0.01,
    gradient: -0.025,
    way: [
      {
        number: "1",
        title: "Dense 4",
        activation: "tanh",
        units: 4,
        places: 1,
        slopes: [0.1, -0.2, 0.5, 0],
        before: [0.1, -0.1, 0.25, 0],
        rise: [1, 0.5, 0.5, 0.2],
      },
    ],
    last: { unit: 2, kind: "input", count: 1, term: -2, slope: 0.25, own: -0.5, others: 0 },
    weighted: false,
    story: {
      lines: [
        { symbol: "w", formula: "w - lr * g", numbers: "0.4 - 0.1 * (-0.025)", value: 0.4025, sense: "a step down the gradient" },
      ],
      average: [],
      slots: {},
      given: { lr: { value: 0.1, sense: "the learning rate" } },
      before: 0.4,
      after: 0.4025,
      rate: 0.1,
      optimizer: "SGD",
      update: 42,
      loss: 0.28,
      epoch: 4,
      batch: 1,
      batches: 10,
    },
    ...more,
  };
}
