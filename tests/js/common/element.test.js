import assert from "node:assert/strict";
import { test } from "node:test";
import { element } from "../../../nnviz/browser/common/element.js";

const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

/** A module that writes down what it is called for, and an element over it whose imports come back when `arrive` is called. */
function scene() {
  /** @type {string[]} */
  const log = [];
  const waiting = /** @type {((module: any) => void)[]} */ ([]);
  const rejecting = /** @type {(() => void)[]} */ ([]);
  const mount = (/** @type {any} */ { data }) => {
    log.push(`mount ${data}`);
    return () => log.push(`stop ${data}`);
  };
  const load = () =>
    new Promise((resolve, reject) => {
      waiting.push(resolve);
      rejecting.push(() => reject(new Error("no network")));
    });
  const place = /** @type {any} */ ({ append: (/** @type {string} */ text) => log.push(text) });
  const run = element(/** @type {any} */ (load), "did not load");
  return {
    log,
    waiting,
    place,
    call: (/** @type {string} */ data, parentElement = place) => run(/** @type {any} */ ({ data, parentElement })),
    // the last import first: as a browser may do it
    arrive: () => {
      for (const resolve of waiting.toReversed()) resolve({ default: mount });
    },
    fail: () => {
      for (const reject of rejecting) reject();
    },
  };
}

test("of calls that wait for the module the latest counts", async () => {
  const { call, arrive, log } = scene();
  call("no run");
  call("a run");
  arrive();
  await soon();
  assert.equal(log.at(-1), "mount a run");
  call("another run");
  await soon();
  assert.equal(log.at(-1), "mount another run");
});

test("the module is imported once", async () => {
  const { call, arrive, waiting } = scene();
  call("a");
  call("b");
  arrive();
  await soon();
  call("c");
  assert.equal(waiting.length, 1);
});

test("cleaning up an overtaken call leaves the element of the newer one", async () => {
  const { call, arrive, log } = scene();
  const old = call("old");
  arrive();
  await soon();
  call("new");
  old();
  await soon();
  assert.deepEqual(log, ["mount old", "mount new"]);
});

test("an overtaken call that is cleaned up before the newer one comes does not take the element away", async () => {
  const { call, arrive, log } = scene();
  const old = call("old");
  arrive();
  await soon();
  old();
  call("new");
  await soon();
  assert.deepEqual(log, ["mount old", "mount new"]);
});

test("an element that leaves the page is stopped, and its place can be used again", async () => {
  const { call, arrive, log } = scene();
  const leave = call("a");
  arrive();
  await soon();
  leave();
  await soon();
  call("b");
  await soon();
  assert.deepEqual(log, ["mount a", "stop a", "mount b"]);
});

test("one that leaves before its module has come is never mounted", async () => {
  const { call, arrive, log } = scene();
  call("a")();
  await soon();
  arrive();
  await soon();
  assert.deepEqual(log, []);
});

test("each place has its own latest call", async () => {
  const { call, arrive, log } = scene();
  call("a");
  call("b", /** @type {any} */ ({ append: () => {} }));
  arrive();
  await soon();
  assert.deepEqual(log, ["mount a", "mount b"]);
});

test("a module that does not load is said, and asked for again", async () => {
  const { call, arrive, fail, log, waiting } = scene();
  call("a");
  fail();
  await soon();
  assert.deepEqual(log, ["did not load"]);
  call("b");
  arrive();
  await soon();
  assert.equal(waiting.length, 2);
  assert.equal(log.at(-1), "mount b");
});
