// What a frame of the view `cost` says, made fit to be drawn. Pure: no DOM.

/** `cost`, `slope`: at evenly spaced places from `low` to `high`. @typedef {{ kind: string, cost: Float32Array, slope: Float32Array }} Curve */
/**
 * A row of the batch: `at` its place on the axis, `number` its place in the data, from 0.
 * @typedef {{ number: number, at: number, cost: number, slope: number, isRight: boolean, truth: number, chance: number }} Row
 */
/**
 * @typedef {{ isClasses: boolean, own: Curve, others: Curve[], low: number, high: number, scale: number, batch: number, rows: Row[],
 *   loss: number, sample: number, sampleRows: number, sampleRight: number, spread: number, settled: number,
 *   isWeighted: boolean, target: number, targets: number, worst: Row }} CostBody `rows`: by their place on the axis; `worst`: of more
 *   rows than these, for classes
 */

/** @param {any} bytes */
const floats = (bytes) => (bytes instanceof ArrayBuffer ? new Float32Array(bytes) : new Float32Array());

/** @param {any} bytes */
const integers = (bytes) => (bytes instanceof ArrayBuffer ? new Int32Array(bytes) : new Int32Array());

/**
 * @param {any} body of a frame
 * @returns {CostBody | null} null: there is nothing to draw
 */
export function costBody(body) {
  if (!body || !Array.isArray(body.curves) || !body.curves.length) return null;
  const curves = body.curves.map((/** @type {any} */ { kind, cost, slope }) => ({
    kind: String(kind),
    cost: floats(cost),
    slope: floats(slope),
  }));
  const [own, ...others] = curves;
  const right = body.right instanceof ArrayBuffer ? new Uint8Array(body.right) : null;
  const [lead, cost, slope, chance] = [body.lead, body.cost, body.slope, body.chance].map(floats);
  const truth = integers(body.truth);
  const rows = Array.from(integers(body.rows), (number, i) => ({
    number,
    at: lead[i],
    cost: cost[i],
    slope: slope[i],
    isRight: right ? right[i] === 1 : true,
    truth: truth[i] ?? 0,
    chance: chance[i] ?? Number.NaN,
  })).sort((a, b) => a.at - b.at);
  if (own.cost.length < 2 || !rows.length) return null;
  const most = body.worst;
  const worst = most
    ? { ...rows[0], number: most.row, at: most.lead, isRight: most.right === true, truth: most.truth, chance: most.chance }
    : rows[0];
  return {
    worst,
    isClasses: body.task === "classification",
    own,
    others,
    low: body.low,
    high: body.high,
    scale: body.scale ?? 1,
    batch: body.batch,
    rows,
    loss: body.loss,
    sample: body.sample,
    sampleRows: body.sample_rows,
    sampleRight: body.sample_right ?? Number.NaN,
    spread: body.spread,
    settled: body.settled ?? Number.NaN,
    isWeighted: body.weighted === true,
    target: body.target ?? 0,
    targets: body.targets ?? 1,
  };
}

/**
 * A curve's value at a place, from its neighbours; at an end where the place is beyond.
 * @param {Float32Array} values
 * @param {number} low
 * @param {number} high
 * @param {number} at
 */
export function valueAt(values, low, high, at) {
  const place = Math.max(0, Math.min(values.length - 1, ((at - low) / (high - low)) * (values.length - 1)));
  const left = Math.floor(place);
  const share = place - left;
  return share ? values[left] * (1 - share) + values[left + 1] * share : values[left];
}

/**
 * How hard a cost pushes a row, as a share of its hardest push on the chart; 0 for one that does not push at all.
 * @param {Curve} curve
 * @param {CostBody} body
 * @param {number} at
 */
export function pushShare({ slope }, { low, high }, at) {
  let most = 0;
  for (const value of slope) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most > 0 ? Math.abs(valueAt(slope, low, high, at)) / most : 0;
}

/**
 * The cost to hold the run's own against: what was chosen, else the one that teaches most.
 * @param {CostBody} body
 * @param {string} chosen a kind, or empty
 * @returns {Curve | null}
 */
export function besideOf({ own, others, isClasses }, chosen) {
  const usual = isClasses ? ["MeanSquaredError", "CrossEntropy"] : ["MeanAbsoluteError", "MeanSquaredError"];
  for (const kind of [chosen, ...usual.filter((one) => one !== own.kind)]) {
    const curve = others.find((one) => one.kind === kind);
    if (curve) return curve;
  }
  return others[0] ?? null;
}
