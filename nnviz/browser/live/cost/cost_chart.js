// The chart of costs: cost and slope over one axis, with the rows as points.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { FONT } from "../learned/canvas.js";
import { ticks } from "../learned/scales.js";
import { diverging, level } from "../learned/shades.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** @typedef {import("./cost_body.js").CostBody} CostBody */
/** @typedef {import("./cost_body.js").Curve} Curve */
/** @typedef {import("./cost_body.js").Row} Row */
/** `chosen`: place of a row that is pointed out. @typedef {{ body: CostBody, beside: Curve[], chosen: number, theme: Theme }} Scene */
/** @typedef {{ upper: Box, lower: Box, most: number, least: number, steepest: number }} Layout */

export const HEIGHT = 372;
const MARGIN = { left: 52, right: 14, top: 20 };
const UPPER = 200;
const LOWER = 84;
const GAP = 30;
const POINT = 4;
const NEAR = 14;

/**
 * @param {CostBody} body
 * @param {number} width
 * @returns {Layout}
 */
export function layoutOf({ own, rows, low, high }, width) {
  const w = Math.max(40, width - MARGIN.left - MARGIN.right);
  const upper = { x: MARGIN.left, y: MARGIN.top, w, h: UPPER };
  const lower = { x: MARGIN.left, y: MARGIN.top + UPPER + GAP, w, h: LOWER };
  const inside = rows.filter(({ at }) => at >= low && at <= high).map(({ cost }) => cost);
  const costs = [...own.cost, ...inside].filter(Number.isFinite);
  const slopes = [...own.slope].filter(Number.isFinite).map(Math.abs);
  const [least, most] = [Math.min(0, ...costs), Math.max(...costs, 1e-9)];
  return { upper, lower, least, most: most + 0.05 * (most - least), steepest: 1.1 * Math.max(...slopes, 1e-9) };
}

/**
 * Where a row's points are, in the upper and in the lower part; what is beyond the axes is at their ends.
 * @param {Layout} layout
 * @param {CostBody} body
 * @param {Row} row
 */
export function pointsOf({ upper, lower, least, most, steepest }, { low, high }, { at, cost, slope }) {
  const share = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
  const x = upper.x + share((at - low) / (high - low)) * upper.w;
  return {
    x,
    cost: upper.y + upper.h * (1 - share((cost - least) / (most - least))),
    slope: lower.y + lower.h * (1 - share(Math.abs(slope) / steepest)),
  };
}

/**
 * The row at a place of the canvas, or -1.
 * @param {Layout} layout
 * @param {CostBody} body
 * @param {number} x
 * @param {number} y
 */
export function rowAt(layout, body, x, y) {
  let [best, nearest] = [-1, NEAR];
  body.rows.forEach((row, i) => {
    const at = pointsOf(layout, body, row);
    const distance = Math.min(Math.hypot(at.x - x, at.cost - y), Math.hypot(at.x - x, at.slope - y));
    if (distance < nearest) [best, nearest] = [i, distance];
  });
  return best;
}

/**
 * @param {CanvasRenderingContext2D} pen cleared
 * @param {Scene} scene
 * @param {Layout} layout
 */
export function drawCosts(pen, { body, beside, chosen, theme }, layout) {
  pen.font = `${FONT}px ${theme.font}`;
  drawAxes(pen, body, layout, theme);
  for (const curve of beside) drawCurve(pen, curve, layout, { colour: css(theme.muted), width: 1.5, dash: [5, 4] });
  drawCurve(pen, body.own, layout, { colour: css(theme.ink), width: 2.5, dash: [] });
  drawRows(pen, body, layout, theme);
  const row = body.rows[chosen];
  if (row) drawChosen(pen, pointsOf(layout, body, row), layout, theme);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {CostBody} body
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawAxes(pen, { low, high, isClasses, scale }, { upper, lower, least, most, steepest }, theme) {
  const middle = upper.x + (-low / (high - low)) * upper.w;
  const parts = /** @type {const} */ ([
    [upper, least, most, 4],
    [lower, 0, steepest, 2],
  ]);
  pen.strokeStyle = css(theme.grid);
  pen.fillStyle = css(theme.muted);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const [box, from, to, wanted] of parts) {
    for (const value of ticks(from, to, wanted)) {
      const y = box.y + box.h * (1 - (value - from) / (to - from));
      line(pen, box.x, y, box.x + box.w, y);
      pen.fillText(
        number(value)
          .replace(/(\.\d*?)0+$/, "$1")
          .replace(/\.$/, ""),
        box.x - 6,
        y,
      );
    }
  }
  pen.strokeStyle = css(theme.muted, 0.7);
  pen.setLineDash([4, 4]);
  line(pen, middle, upper.y, middle, lower.y + lower.h);
  pen.setLineDash([]);
  pen.textBaseline = "top";
  pen.textAlign = "center";
  for (const value of ticks(low * scale, high * scale, upper.w > 420 ? 8 : 4)) {
    const x = upper.x + ((value / scale - low) / (high - low)) * upper.w;
    pen.fillText(
      number(value)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, ""),
      x,
      lower.y + lower.h + 6,
    );
  }
  const axis = isClasses ? t("lead of the right class over the best wrong one") : t("error: prediction minus target");
  pen.fillText(axis, upper.x + upper.w / 2, lower.y + lower.h + 22);
  pen.textBaseline = "bottom";
  pen.textAlign = "left";
  pen.fillText(t("cost of a row"), 0, upper.y - 5);
  pen.fillText(t("slope: how hard it pushes"), 0, lower.y - 5);
  if (!isClasses) return;
  pen.textAlign = "right";
  pen.fillText(t("wrong"), middle - 6, upper.y - 5);
  pen.textAlign = "left";
  pen.fillText(t("right"), middle + 6, upper.y - 5);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Curve} curve
 * @param {Layout} layout
 * @param {{ colour: string, width: number, dash: number[] }} look
 */
function drawCurve(pen, { cost, slope }, { upper, lower, least, most, steepest }, { colour, width, dash }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  trace(pen, upper, cost, (value) => (value - least) / (most - least));
  trace(pen, lower, slope, (value) => Math.abs(value) / steepest);
  pen.setLineDash([]);
  pen.lineWidth = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {Float32Array} values
 * @param {(value: number) => number} share
 */
function trace(pen, { x, y, w, h }, values, share) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y - 3, w, h + 6);
  pen.clip();
  pen.beginPath();
  let isDrawn = false;
  values.forEach((value, i) => {
    const up = share(value);
    if (Number.isFinite(up)) {
      const [across, down] = [x + (w * i) / (values.length - 1), y + h * (1 - up)];
      if (isDrawn) pen.lineTo(across, down);
      else pen.moveTo(across, down);
    }
    isDrawn = Number.isFinite(up);
  });
  pen.stroke();
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {CostBody} body
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawRows(pen, body, layout, theme) {
  for (const row of body.rows) {
    const at = pointsOf(layout, body, row);
    const colour = body.isClasses
      ? theme.classes[row.truth % theme.classes.length]
      : diverging(level(row.at, { middle: 0, reach: body.high }), theme);
    for (const y of [at.cost, at.slope]) {
      pen.beginPath();
      pen.arc(at.x, y, POINT, 0, 2 * Math.PI);
      pen.fillStyle = css(colour, 0.9);
      pen.fill();
      // numbers near 0 have nearly the page's colour
      const plain = body.isClasses ? theme.paper : theme.edge;
      pen.strokeStyle = css(row.isRight ? plain : theme.ink);
      pen.lineWidth = row.isRight ? 0.8 : 1.5;
      pen.stroke();
    }
  }
  pen.lineWidth = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: number, cost: number, slope: number }} at
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawChosen(pen, { x, cost, slope }, { lower }, theme) {
  pen.strokeStyle = css(theme.ink);
  line(pen, x, cost, x, lower.y + lower.h);
  pen.lineWidth = 2;
  for (const y of [cost, slope]) {
    pen.beginPath();
    pen.arc(x, y, POINT + 3, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.lineWidth = 1;
}
