// Frames of small networks, for the tests.

/** @param {number[]} weights */
export const floats = (weights) => new Float32Array(weights).buffer;

/**
 * @param {number} index
 * @param {Record<string, unknown>} [more]
 */
export const unit = (index, more = {}) => ({ index, low: -1, high: 2, reach: 2, mean: 0.5, zero: 0.25, bias: null, ...more });

/** Two inputs, two layers of two units with a layer without units between them, one of two classes. @returns {any} */
export function smallBody() {
  const dense = { kind: "Dense", title: "Dense 2 relu", activation: "relu", note: "", units_in_all: 2 };
  return {
    inputs: [
      { name: "x", index: 0, map: new Uint8Array([1, 255, 1, 255]).buffer },
      { name: "y", index: 1 },
    ],
    inputs_in_all: 2,
    size: 2,
    layers: [
      {
        ...dense,
        key: "layers[0]",
        number: "1",
        units: [unit(0, { bias: -0.1 }), unit(1, { zero: 1 })],
        links: floats([0.5, -2, 1, 0.25]),
        from: -1,
        strongest: 2,
      },
      {
        key: "layers[1]",
        kind: "Dropout",
        number: "2",
        title: "Dropout 0.2",
        units_in_all: 0,
        units: [],
        links: null,
        from: null,
      },
      {
        ...dense,
        key: "layers[2]",
        number: "3",
        units: [unit(0), unit(1, { bias: 0.25 })],
        links: floats([1, 1, -2.31, 0]),
        from: 0,
        strongest: 2.31,
      },
    ],
    cost: {
      title: "CrossEntropy",
      outputs: 2,
      units: [unit(0), unit(1)],
      links: floats([1, -1, 0.5, 0.125]),
      from: 2,
      strongest: 1,
      output: "softmax",
    },
    rows: 200,
    part: "validation",
  };
}

/** Twenty inputs, 256 units of which 16 are in the frame, one output. @returns {any} */
export function largeBody() {
  const sixteen = Array.from({ length: 16 }, (_, i) => i);
  const bars = new Uint8Array(24).fill(80).buffer;
  return {
    inputs: sixteen.map((index) => ({ name: `column ${index}`, index })),
    inputs_in_all: 20,
    size: 0,
    layers: [
      {
        key: "layers[0]",
        kind: "Dense",
        number: "1",
        title: "Dense 256 relu",
        activation: "relu",
        units_in_all: 256,
        units: sixteen.map((i) => unit(i * 16, { bars })),
        links: floats(Array.from({ length: 256 }, (_, i) => (i - 128) / 128)),
        from: -1,
        strongest: 3,
      },
    ],
    cost: { title: "MSE", outputs: 1, units: [unit(0, { bars })], links: floats(sixteen), from: 0, strongest: 15, output: "" },
    rows: 1500,
    part: "train",
  };
}

/**
 * A Residual of two layers, then a Parallel of three branches of which one is empty, and a layer that stands twice. @returns {any}
 */
export function blockBody() {
  const units = () => [unit(0), unit(1)];
  const layer = (/** @type {string} */ key, /** @type {string} */ number, /** @type {any} */ more) => ({
    key,
    kind: "Dense",
    title: "Dense 2",
    number,
    activation: "",
    units_in_all: 2,
    units: units(),
    links: floats([1, 2, 3, 4]),
    lanes: [],
    copies: [],
    ...more,
  });
  const block = { links: null, from: null };
  const inside = (/** @type {number} */ number, /** @type {number} */ branch, /** @type {number} */ of) => [[number, branch, of]];
  const copies = (/** @type {number} */ copy) => [["layers[2]", copy, 2]];
  return {
    ...smallBody(),
    layers: [
      layer("layers[0].layers[0]", "1.1", { from: -1, after: [-1], lanes: inside(0, 0, 1) }),
      layer("layers[0].layers[1]", "1.2", { units: [], links: null, after: [0], lanes: inside(0, 0, 1), title: "Dropout" }),
      layer("layers[0]", "1", { ...block, title: "Residual", after: [1, -1], join: { how: "add", ends: [1], skip: -1 } }),
      layer("layers[1].branches[0][0]", "2.1.1", { from: 2, after: [2], lanes: inside(1, 0, 3) }),
      layer("layers[1].branches[1][0]", "2.2.1", { from: 2, after: [2], lanes: inside(1, 1, 3) }),
      layer("layers[1].branches[1][1]", "2.2.2", { from: 4, after: [4], lanes: inside(1, 1, 3) }),
      layer("layers[1]", "2", {
        ...block,
        title: "Parallel",
        units_in_all: 6,
        after: [3, 5, 2],
        join: { how: "concatenate", ends: [3, 5, 2], skip: null },
      }),
      layer("layers[2].layers[0]", "3.1", { from: 6, after: [6], copies: copies(0) }),
      layer("layers[2].layers[0] 1", "3.1", { from: 7, after: [7], copies: copies(1) }),
    ],
    cost: { ...smallBody().cost, from: 8, after: [8] },
    layers_shown: 7,
    layers_in_all: 9,
  };
}
