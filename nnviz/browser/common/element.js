// Where an element of a page begins. Its text is put into the script that Streamlit makes of an element, so it imports nothing.

/**
 * @typedef {{ parentElement: HTMLElement }} Component what Streamlit calls an element's script with, at every rerun
 * @typedef {(component: any) => (() => void) | void} Mount
 */

/**
 * The function that Streamlit calls: it mounts the latest call on each place of the page once the element's module is there.
 *
 * All calls wait for one promise: two imports of one module that is still loading come back in any order, and the page would
 * end up with what the older call says. Streamlit also cleans up a call that a newer one has overtaken, after both: the place
 * is the newer one's by then, and stays.
 * @param {() => Promise<{ default: Mount }>} load
 * @param {string} failed what stands there where the module does not load
 * @returns {(component: Component) => () => void}
 */
export function element(load, failed) {
  /** @type {Promise<{ default: Mount }> | null} */
  let module = null;
  /** @type {WeakMap<HTMLElement, object>} */
  const latest = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    const call = {};
    const isLatest = () => latest.get(parentElement) === call;
    /** @type {(() => void) | void} */
    let stop;
    latest.set(parentElement, call);
    module ??= load();
    module.then(
      ({ default: mount }) => {
        if (isLatest()) stop = mount(component);
      },
      () => {
        module = null;
        if (isLatest()) parentElement.append(failed);
      },
    );
    return () => {
      // not at once: a newer call may be on its way
      setTimeout(() => {
        if (!isLatest()) return;
        latest.delete(parentElement);
        stop?.();
      });
    };
  };
}
