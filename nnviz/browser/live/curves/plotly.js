// Loads Plotly's script, which is large, once, when the first curves are drawn.

import { el } from "../../common/dom.js";

/** @type {Promise<any> | undefined} */
let loading;

const loaded = () => /** @type {any} */ (window).Plotly;

/**
 * Plotly, once it has loaded.
 * @param {string} url
 * @returns {Promise<any>}
 */
export function loadPlotly(url) {
  loading ??= loaded() ? Promise.resolve(loaded()) : load(url);
  return loading;
}

/** @param {string} url */
function load(url) {
  return new Promise((resolve, reject) => {
    const script = el("script", { src: url });
    script.onload = () => resolve(loaded());
    script.onerror = () => {
      loading = undefined;
      script.remove();
      reject(new Error(`${url} did not load`));
    };
    document.head.append(script);
  });
}
