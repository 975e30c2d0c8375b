// The frame "results" read: counts of each class, what every threshold does, and calibration. Pure: no DOM.

/** Rows of the class and of others that have at least some score, from the highest on. @typedef {{ caught: number, taken: number }} Pair */
/**
 * A bin of probabilities: rows in it, their mean probability, the share that came true.
 * @typedef {{ rows: number, confidence: number, frequency: number }} Bin
 */
/**
 * `confidence`, `frequency`: means of all rows; `error`: the expected calibration error.
 * @typedef {{ bins: Bin[], confidence: number, frequency: number, error: number }} Calibration
 */
/**
 * `rows` are of the class, `called` were taken for it, `right` both. `curve` is empty where either side has no rows; `at`: by place
 * of the threshold.
 * @typedef {{ number: number, name: string, rows: number, called: number, right: number, curve: Pair[], at: Pair[],
 *   auc: number | null, ap: number | null, calibration: Calibration | null }} ClassResult
 */
/**
 * `rows` were looked at, of `inAll` of the part; `range` of the scores, which are probabilities or not.
 * @typedef {{ part: string, rows: number, inAll: number, unanswered: number, right: number, classes: ClassResult[],
 *   classesInAll: number, isProbability: boolean, range: [low: number, high: number], calibration: Calibration | null }} Results
 */
/** Shares from 0 to 1; NaN where there are no rows to take them of. @typedef {{ recall: number, precision: number, f1: number }} Rates */

/**
 * @param {any} body of a frame
 * @returns {Results | null} null for one that cannot be read
 */
export function resultsOf(body) {
  if (!body?.classes?.length) return null;
  return {
    part: body.part,
    rows: body.rows,
    inAll: body.in_all,
    unanswered: body.unanswered,
    right: body.right,
    classes: body.classes.map(classOf),
    classesInAll: body.classes_in_all,
    isProbability: body.scores === "probability",
    range: body.range,
    calibration: calibrationOf(body.calibration),
  };
}

/**
 * @param {any} one
 * @returns {ClassResult}
 */
function classOf(one) {
  const { name, rows, called, right, auc = null, ap = null } = one;
  const [curve, at] = [pairsOf(one.curve), pairsOf(one.at)];
  return { number: one.class, name, rows, called, right, auc, ap, curve, at, calibration: calibrationOf(one.calibration) };
}

/**
 * @param {ArrayBuffer | undefined} packed
 * @returns {Pair[]}
 */
function pairsOf(packed) {
  const counts = new Uint16Array(packed ?? new ArrayBuffer(0));
  return Array.from({ length: counts.length / 2 }, (_, i) => ({ caught: counts[2 * i], taken: counts[2 * i + 1] }));
}

/**
 * @param {any} body
 * @returns {Calibration | null}
 */
function calibrationOf(body) {
  if (!body) return null;
  const numbers = new Float32Array(body.bins);
  const bins = Array.from({ length: numbers.length / 3 }, (_, i) => {
    const [rows, confidence, frequency] = numbers.subarray(3 * i, 3 * i + 3);
    return { rows, confidence, frequency };
  });
  return { bins, confidence: body.confidence, frequency: body.frequency, error: body.error };
}

/**
 * @param {{ rows: number, called: number, right: number }} one
 * @returns {Rates}
 */
export function ratesOf({ rows, called, right }) {
  return { recall: right / rows, precision: right / called, f1: (2 * right) / (rows + called) };
}

/**
 * Means over the classes that have a rate.
 * @param {ClassResult[]} classes
 * @returns {Rates}
 */
export function meanRates(classes) {
  const all = classes.map(ratesOf);
  /** @param {keyof Rates} rate */
  const mean = (rate) => {
    const values = all.map((rates) => rates[rate]).filter(Number.isFinite);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { recall: mean("recall"), precision: mean("precision"), f1: mean("f1") };
}

/**
 * What becomes of the rows where a class is called from a threshold on: `caught` are of it, `taken` are others, `missed` are of it
 * and below, `left` are others and below.
 * @param {Results} results
 * @param {ClassResult} one
 * @param {number} place of the threshold
 */
export function countsAt({ rows }, one, place) {
  const { caught, taken } = one.at[Math.min(place, one.at.length - 1)];
  const [missed, left] = [one.rows - caught, rows - one.rows - taken];
  return { caught, taken, missed, left, ...ratesOf({ rows: one.rows, called: caught + taken, right: caught }) };
}

/**
 * The threshold at a place.
 * @param {Results} results
 * @param {ClassResult} one
 * @param {number} place
 */
export function thresholdAt({ range: [low, high] }, one, place) {
  return low + ((high - low) * place) / (one.at.length - 1);
}

/**
 * The place of the threshold to begin with: one half, of scores 0 or the middle.
 * @param {Results} results
 * @param {ClassResult} one
 */
export function firstPlace({ isProbability, range: [low, high] }, one) {
  const middle = low < 0 && high > 0 ? 0 : (low + high) / 2;
  const wanted = isProbability ? 0.5 : middle;
  return Math.round(((wanted - low) / (high - low || 1)) * (one.at.length - 1));
}

/**
 * The curves of a class as points from 0 to 1: [false alarms, recall], and [recall, precision].
 * @param {Results} results
 * @param {ClassResult} one
 * @returns {{ roc: [number, number][], pr: [number, number][] }}
 */
export function curvesOf({ rows }, one) {
  const others = rows - one.rows;
  /** @type {[number, number][]} */
  const roc = one.curve.map(({ caught, taken }) => [taken / others, caught / one.rows]);
  /** @type {[number, number][]} */
  const pr = one.curve.slice(1).map(({ caught, taken }) => [caught / one.rows, caught / (caught + taken)]);
  // as scikit-learn draws it: from no row on, at the precision of the first one
  return { roc, pr: pr.length ? [[0, pr[0][1]], ...pr] : [] };
}
