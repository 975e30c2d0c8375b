import assert from "node:assert/strict";
import { test } from "node:test";
import { ViewSource } from "../../../../nnviz/browser/live/views/view_source.js";

/** {"n": 1} as MessagePack. @param {number} n */
const packed = (n) => new Uint8Array([0x81, 0xa1, 0x6e, n]).buffer;

function setUp() {
  const clock = { now: 0 };
  /** @type {{ call: () => void, ms: number }[]} */
  const timers = [];
  let arrived = 0;
  const source = new ViewSource(
    () => {
      arrived += 1;
    },
    () => clock.now,
    (call, ms) => timers.push({ call, ms }),
  );
  /** @type {any[]} */
  const sent = [];
  const feed = /** @type {any} */ (
    Object.assign(new EventTarget(), {
      run: "a",
      attempt: 1,
      status: { status: "running", step: 5 },
      connection: {},
      edits: (/** @type {number} */ step) => (step === feed.edited ? 1 : 0),
      send: (/** @type {any} */ question) => sent.push(question),
    })
  );
  source.follow(feed);
  const answer = (/** @type {any} */ detail) => feed.dispatchEvent(new CustomEvent("view", { detail }));
  return { source, feed, sent, clock, timers, answer, arrived: () => arrived };
}

test("a moment at which the network was changed by hand is asked for again", () => {
  const { source, feed, sent, clock, answer } = setUp();
  feed.status = { status: "paused", step: 5 };
  source.show("network", null);
  answer({ view: "network", step: 5, body: packed(1) });
  assert.deepEqual(source.show("network", null)?.body, { n: 1 });
  assert.equal(sent.length, 1);
  feed.edited = 5;
  clock.now += 1000;
  source.show("network", null);
  assert.equal(sent.length, 2);
});

test("a moment is asked for once, and shown again from the cache", () => {
  const { source, sent, answer, arrived } = setUp();
  assert.equal(source.show("network", 3), null);
  assert.equal(source.show("network", 3), null);
  assert.deepEqual(sent, [{ command: "view", view: "network", step: 3 }]);
  answer({ view: "network", step: 3, body: packed(7) });
  assert.equal(arrived(), 1);
  assert.deepEqual(source.show("network", 3), { step: 3, body: { n: 7 } });
  assert.equal(sent.length, 1);
});

test("one question is open at a time; meanwhile the last answer stays", () => {
  const { source, sent, answer } = setUp();
  source.show("network", 3);
  answer({ view: "network", step: 3, body: packed(7) });
  assert.deepEqual(source.show("network", 4), { step: 3, body: { n: 7 } });
  source.show("network", 5);
  assert.equal(sent.length, 2);
  answer({ view: "network", step: 4, body: packed(8) });
  source.show("network", 5);
  assert.deepEqual(
    sent.map(({ step }) => step),
    [3, 4, 5],
  );
});

test("another choice is asked for at once, and goes with the question", () => {
  const { source, sent, answer } = setUp();
  source.show("network", null, { row: 1 });
  answer({ view: "network", step: 5, why: "there is no such row" });
  source.show("network", null, { row: 1 });
  assert.deepEqual(sent, [{ command: "view", view: "network", choice: { row: 1 } }]);
  source.show("network", null, { row: 2 });
  assert.deepEqual(sent[1], { command: "view", view: "network", choice: { row: 2 } });
  answer({ view: "network", step: 5, body: packed(7) });
  assert.deepEqual(source.show("network", null, { row: 2 }), { step: 5, body: { n: 7 } });
  assert.equal(sent.length, 2);
});

test("a few views are asked for at a time, the next one after an answer", () => {
  const { source, sent, clock, answer, arrived } = setUp();
  const names = ["a", "b", "c", "d", "e", "f"];
  const draw = () => names.map((name) => source.show(name, 3));
  draw();
  draw();
  assert.deepEqual(
    sent.map(({ view }) => view),
    ["a", "b", "c", "d"],
  );
  answer({ view: "b", step: 3, body: packed(7) });
  assert.equal(arrived(), 1);
  draw();
  assert.equal(sent.length, 5);
  // those whose worker was lost hold up none for good
  clock.now = 70_000;
  source.show("f", 3);
  assert.equal(sent[5].view, "f");
});

test("of a run that trains the newest is asked for again as it goes on, not all the time", () => {
  const { source, feed, sent, clock, answer } = setUp();
  source.show("network", null);
  assert.deepEqual(sent, [{ command: "view", view: "network" }]);
  clock.now = 100;
  answer({ view: "network", step: 5, body: packed(1) });
  feed.status = { status: "running", step: 6 };
  source.show("network", null);
  assert.equal(sent.length, 1);
  clock.now = 500;
  source.show("network", null);
  assert.equal(sent.length, 2);
  answer({ view: "network", step: 6, body: packed(2) });
  clock.now = 5000;
  assert.deepEqual(source.show("network", null), { step: 6, body: { n: 2 } });
  assert.equal(sent.length, 2);
});

test("the newest of a run that has ended is asked for once more: its last state is kept then", () => {
  const { source, feed, sent, clock, timers, answer, arrived } = setUp();
  source.show("network", null);
  answer({ view: "network", step: 3, body: packed(1) });
  feed.status = { status: "finished", step: 5 };
  clock.now = 100;
  source.show("network", null);
  source.show("network", null);
  assert.deepEqual([sent.length, timers.length, timers[0].ms], [1, 1, 100]);
  clock.now = 200;
  timers[0].call();
  assert.equal(arrived(), 2);
  source.show("network", null);
  assert.equal(sent.length, 2);
  answer({ view: "network", step: 5, body: packed(2) });
  clock.now = 5000;
  assert.deepEqual(source.show("network", null), { step: 5, body: { n: 2 } });
  assert.equal(sent.length, 2);
});

test("what cannot be shown says why, and is tried again after a while", () => {
  const { source, sent, clock, answer } = setUp();
  source.show("network", null);
  answer({ view: "network", step: null, why: "no moment" });
  assert.deepEqual(source.show("network", null), { step: null, why: "no moment" });
  assert.equal(sent.length, 1);
  clock.now = 2000;
  source.show("network", null);
  assert.equal(sent.length, 2);
});

test("a lost connection forgets what was asked, another run everything", () => {
  const { source, feed, sent, answer } = setUp();
  source.show("network", 3);
  feed.dispatchEvent(new CustomEvent("change", { detail: "connection" }));
  source.show("network", 3);
  assert.equal(sent.length, 2);
  answer({ view: "network", step: 3, body: packed(7) });
  source.follow(undefined);
  assert.equal(source.show("network", 3), null);
});

test("other moments are asked for one at a time while nothing else is open, and are not shown as the one on the page", () => {
  const { source, sent, answer } = setUp();
  source.show("layers", 3);
  assert.equal(source.ahead("layers", 1), null);
  assert.equal(sent.length, 1);
  answer({ view: "layers", step: 3, body: packed(7) });
  assert.equal(source.ahead("layers", 1), null);
  assert.equal(source.ahead("layers", 2), null);
  assert.deepEqual(sent[1], { command: "view", view: "layers", step: 1 });
  answer({ view: "layers", step: 1, body: packed(8) });
  assert.deepEqual(source.ahead("layers", 1), { step: 1, body: { n: 8 } });
  assert.deepEqual(source.show("layers", 4), { step: 3, body: { n: 7 } });
  assert.equal(sent.length, 3);
});

test("as long as the newest state is the one that is shown, its answer stays and nothing is computed", () => {
  const { source, sent, feed, clock, answer } = setUp();
  source.show("network", null);
  answer({ view: "network", step: 5, body: packed(7), state: "5 1.5" });
  feed.status.step = 6;
  clock.now = 500;
  source.show("network", null);
  assert.deepEqual(sent[1], { command: "view", view: "network", state: "5 1.5" });
  answer({ view: "network", step: 5, state: "5 1.5" });
  assert.deepEqual(source.show("network", null), { step: 5, body: { n: 7 } });
  assert.equal(sent.length, 2);
  clock.now = 1000;
  source.show("network", null, { unit: 3 });
  assert.deepEqual(sent[2], { command: "view", view: "network", choice: { unit: 3 } }, "another choice is computed");
});

test("a view whose answers take long is asked for less often", () => {
  const { source, sent, feed, clock, answer } = setUp();
  source.show("network", null);
  clock.now = 1000;
  answer({ view: "network", step: 5, body: packed(7), state: "5 1.5" });
  feed.status.step = 6;
  clock.now = 1900;
  source.show("network", null);
  assert.equal(sent.length, 1);
  clock.now = 2100;
  source.show("network", null);
  assert.equal(sent.length, 2);
});

test("the newest is asked for as soon as another state is kept, and not before", () => {
  const { source, sent, feed, clock, answer } = setUp();
  feed.status.state = "5 1.5";
  source.show("network", null);
  answer({ view: "network", step: 5, body: packed(7), state: "5 1.5" });
  clock.now = 1000;
  feed.status.step = 8;
  assert.deepEqual(source.show("network", null)?.body, { n: 7 });
  assert.equal(sent.length, 1, "steps were done, but no state was kept");
  feed.status.state = "8 2.5";
  source.show("network", null);
  assert.equal(sent.length, 2);
  answer({ view: "network", step: 9, body: packed(8), state: "9 3" });
  clock.now = 2000;
  feed.status.state = "9 3";
  assert.deepEqual(source.show("network", null)?.body, { n: 8 });
  assert.equal(sent.length, 2, "the answer was newer than what the page knew of");
});
