// The run that is picked out of many: by pointing at its card or its curve, or held by a click. Elements of the page share it.

const state = { pointed: "", held: "" };
const changes = new EventTarget();

/** The run to pick out, or an empty text. */
export const picked = () => state.pointed || state.held;

/** @param {string} run that is pointed at; empty for none */
export function point(run) {
  if (state.pointed === run) return;
  state.pointed = run;
  changes.dispatchEvent(new Event("change"));
}

/** @param {string} run to hold, or to let go where it is held */
export function hold(run) {
  state.held = state.held === run ? "" : run;
  changes.dispatchEvent(new Event("change"));
}

/** @param {string} run */
export const isHeld = (run) => state.held === run;

/**
 * Calls `listener` at every change; the answer ends that.
 * @param {() => void} listener
 */
export function whenPicked(listener) {
  changes.addEventListener("change", listener);
  return () => changes.removeEventListener("change", listener);
}
