import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedFeed } from "../../../../nnviz/browser/live/replay/recording.js";
import { packed } from "./packed.js";

const SHOWS = {
  moments: [
    { step: 0, view: "plane", body: packed({ a: 1 }), metrics: { loss: 0.7 } },
    { step: 50, view: "plane", body: packed({ a: 2 }), metrics: { loss: 0.25 } },
  ],
  views: {
    network: [
      { step: 0, body: packed({ units: 3 }) },
      { step: 50, why: "damaged" },
    ],
  },
};
const OPENING = [
  packed({ type: "hello", run: "r", status: { status: "finished", ended: true, step: 50 }, settings: {} }),
  packed({ type: "moments", run: "r", step: new Uint8Array(8) }),
];

/** @param {object} [options] */
function feedOf(options) {
  const feed = recordedFeed("r", OPENING, SHOWS, { later: (call) => call(), ...options });
  /** @type {any[]} */
  const heard = [];
  for (const name of ["moments", "moment", "view"])
    feed.addEventListener(name, (event) => heard.push(/** @type {any} */ (event).detail));
  return { feed, heard };
}

test("a recorded run is connected and over from the start", () => {
  const { feed } = feedOf();
  assert.deepEqual([feed.isConnected, feed.status?.ended, feed.status?.step], [true, true, 50]);
});

test("questions about moments are answered from the file", () => {
  const { feed, heard } = feedOf();
  feed.send({ command: "moments" });
  feed.send({ command: "moment", steps: [50, 7] });
  feed.send({ command: "view", view: "network", step: 0 });
  assert.deepEqual(
    heard.map(({ type, step, metrics }) => [type, step instanceof ArrayBuffer ? step.byteLength : step, metrics?.loss]),
    [
      ["moments", 8, undefined],
      ["moment", 50, 0.25],
      ["view", 0, undefined],
    ],
  );
});

test("without a step a view shows the last moment, and why where there is nothing to see", () => {
  const { feed, heard } = feedOf();
  feed.send({ command: "view", view: "network" });
  assert.deepEqual([heard[0].step, heard[0].why], [50, "damaged"]);
});

test("a view that is not in the file, or a moment that is not, is not answered", () => {
  const { feed, heard } = feedOf();
  feed.send({ command: "view", view: "toString", step: 0 });
  feed.send({ command: "view", view: "network", step: 3 });
  feed.send({ command: "warm" });
  assert.deepEqual(heard, []);
});

test("what a view chooses by what it draws first is no other choice, what somebody chooses later is", () => {
  let [others, time] = [0, 0];
  const onOther = () => {
    others += 1;
  };
  const { feed, heard } = feedOf({ onOther, now: () => time });
  for (const choice of [undefined, { picture: 4 }]) feed.send({ command: "view", view: "network", step: 0, choice });
  time = 5000;
  feed.send({ command: "view", view: "network", step: 0, choice: { picture: 4 } });
  assert.equal(others, 0);
  feed.send({ command: "view", view: "network", step: 0, choice: { picture: 5 } });
  assert.deepEqual([others, heard.length, heard[3].step], [1, 4, 0]);
});
