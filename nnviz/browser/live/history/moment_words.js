// A moment of a training, in the one form that all parts of the page have for it. Pure: no DOM.

import { t } from "../../common/messages.js";
import { epochs } from "../../common/numbers.js";

/**
 * @param {number} epoch
 * @param {number} step
 */
export const momentWords = (epoch, step) =>
  t("epoch {epoch} · step {step}", { epoch: epochs(epoch), step: step.toLocaleString("en-US") });
