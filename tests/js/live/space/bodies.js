// Frames of the view "space", as the engine sends them.

/** Of 3 rows, with what another one has. @param {Record<string, any>} [other] @returns {import("../../../../nnviz/browser/live/space/space.js").Body} */
export function spaceBody(other = {}) {
  return {
    part: "validation",
    rows: 3,
    in_all: 3,
    layers: [
      { title: "inputs", number: "", copies: [], values: 4, apart: 0.4 },
      { title: "Dense 6", number: "1", copies: [], values: 6, apart: 0.95 },
      { title: "outputs", number: "", copies: [], values: 3, apart: 0.9 },
    ],
    measure: "accuracy",
    layer: 1,
    at: new Float32Array([0, 0, 2, 1, -1, 3]).buffer,
    share: 0.5,
    axes: 20,
    axes_share: 0.75,
    extent: [-1, 1, -1, 1],
    numbers: [4, 7, 1200],
    costs: new Float32Array([0.1, 0.25, 4]).buffer,
    truth: new Uint16Array([0, 1, 1]).buffer,
    picked: new Uint16Array([0, 1, 0]).buffer,
    ...other,
  };
}

/** Of 3 rows with two targets. */
export function valueBody() {
  return spaceBody({
    measure: "r2",
    picked: undefined,
    truth: new Float32Array([100, 1, 150, 2, -50, 3]).buffer,
    answers: new Float32Array([101.25, 1, 140, 2, -50, 3]).buffer,
    names: ["price", "age"],
    unit: "€",
  });
}
