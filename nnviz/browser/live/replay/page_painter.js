// Paints a part of the page on a canvas, as a frame of a video: canvases, text, backgrounds and borders where the page has them.

const SIDES = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);
const COLOUR = /(?:rgba?|color|oklab|oklch)\([^()]*\)/g;
const CLEAR = /^rgba\(.*, 0\)$|^transparent$/;

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} root drawn from the canvas's upper left corner on
 * @param {number} scale by which the page shows it
 */
export function paintPage(pen, root, scale) {
  const { left, top } = root.getBoundingClientRect();
  /** @param {DOMRect} rect @returns {Box} */
  const boxOf = (rect) => ({
    x: (rect.left - left) / scale,
    y: (rect.top - top) / scale,
    w: rect.width / scale,
    h: rect.height / scale,
  });
  paintElement(pen, root, boxOf);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} node
 * @param {(rect: DOMRect) => Box} boxOf
 */
function paintElement(pen, node, boxOf) {
  if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
  const style = getComputedStyle(node);
  const box = boxOf(node.getBoundingClientRect());
  pen.save();
  pen.globalAlpha *= Number(style.opacity);
  paintBox(pen, box, style);
  if (node instanceof HTMLCanvasElement) paintCanvas(pen, node, box);
  else paintContent(pen, node, { style, box, boxOf });
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLCanvasElement} canvas
 * @param {Box} box
 */
function paintCanvas(pen, canvas, { x, y, w, h }) {
  if (canvas.width && canvas.height) pen.drawImage(canvas, x, y, w, h);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} node
 * @param {{ style: CSSStyleDeclaration, box: Box, boxOf: (rect: DOMRect) => Box }} options
 */
function paintContent(pen, node, { style, box, boxOf }) {
  if (style.overflowX !== "visible") {
    pen.beginPath();
    pen.rect(box.x, box.y, box.w, box.h);
    pen.clip();
  }
  for (const child of node.childNodes) {
    if (child instanceof HTMLElement) paintElement(pen, child, boxOf);
    else if (child instanceof Text) paintText(pen, child, style, boxOf);
  }
}

/**
 * Background and borders.
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {CSSStyleDeclaration} style
 */
function paintBox(pen, box, style) {
  const fill = gradientOf(pen, box, style.backgroundImage) ?? style.backgroundColor;
  if (typeof fill !== "string" || !CLEAR.test(fill)) {
    pen.fillStyle = fill;
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.w, box.h, Number.parseFloat(style.borderTopLeftRadius) || 0);
    pen.fill();
  }
  for (const side of SIDES) paintBorder(pen, box, side, style);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {typeof SIDES[number]} side
 * @param {CSSStyleDeclaration} style
 */
function paintBorder(pen, box, side, style) {
  const width = Number.parseFloat(style[`border${side}Width`]);
  const colour = style[`border${side}Color`];
  if (!width || CLEAR.test(colour)) return;
  pen.fillStyle = colour;
  const isFlat = side === "Top" || side === "Bottom";
  const x = side === "Right" ? box.x + box.w - width : box.x;
  const y = side === "Bottom" ? box.y + box.h - width : box.y;
  pen.fillRect(x, y, isFlat ? box.w : width, isFlat ? width : box.h);
}

/**
 * A gradient from left to right, its colours evenly apart; null for anything else, such as the shadows of what can be scrolled.
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {string} image
 */
function gradientOf(pen, { x, w }, image) {
  const colours =
    image.startsWith("linear-gradient") && image.split("-gradient(").length === 2 ? (image.match(COLOUR) ?? []) : [];
  if (colours.length < 2) return null;
  const gradient = pen.createLinearGradient(x, 0, x + w, 0);
  colours.forEach((colour, i) => {
    gradient.addColorStop(i / (colours.length - 1), colour);
  });
  return gradient;
}

/**
 * Word by word, each where the page has it.
 * @param {CanvasRenderingContext2D} pen
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 * @param {(rect: DOMRect) => Box} boxOf
 */
function paintText(pen, node, style, boxOf) {
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.fillStyle = style.color;
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  const range = document.createRange();
  for (const word of node.data.matchAll(/\S+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const [rect] = range.getClientRects();
    if (!rect) continue;
    const { x, y, w, h } = boxOf(rect);
    pen.save();
    pen.translate(x + w / 2, y + h / 2);
    if (style.writingMode !== "horizontal-tb") pen.rotate(-Math.PI / 2);
    pen.fillText(word[0], 0, 0);
    pen.restore();
  }
}
