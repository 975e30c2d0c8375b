import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestEpoch, PastFrames } from "../../../../nnviz/browser/live/race/past_frames.js";
import { Feed } from "../../../../nnviz/browser/live/run/feed.js";

/** @param {string} run */
function listening(run) {
  const feed = new Feed(run);
  /** @type {any[]} */
  const sent = [];
  feed.isConnected = true;
  feed.connection = {
    send: (message) => {
      sent.push(message);
      return true;
    },
    release: () => {},
  };
  return { feed, sent };
}

/** @param {Feed} feed @param {number[]} steps */
function list(feed, steps) {
  const columns = {
    step: new Uint32Array(steps).buffer,
    epoch: new Float32Array(steps.map((step) => step / 10)).buffer,
    time: new Float32Array(steps).buffer,
    attempt: new Uint32Array(steps.length).fill(1).buffer,
  };
  feed.receive({ type: "moments", run: feed.run, ...columns });
}

test("the nearest moment is that of the epoch, and of two the earlier one", () => {
  assert.equal(nearestEpoch([0, 1, 2], 1.4), 1);
  assert.equal(nearestEpoch([0, 1, 2], 1.5), 1);
  assert.equal(nearestEpoch([], 1), -1);
});

test("rivals are asked for the moment of the same epoch, a few at a time", () => {
  const rivals = ["a", "b", "c", "d", "e"].map(listening);
  let changes = 0;
  const past = new PastFrames(() => {
    changes += 1;
  });
  past.follow(rivals.map(({ feed }) => feed));
  past.ask(2);
  assert.deepEqual(rivals[0].sent, [{ run: "a", command: "moments" }]);
  rivals.forEach(({ feed }, place) => void list(feed, [0, 10, 20 + place, 40]));
  assert.equal(changes, 5);
  past.ask(2);
  const asked = rivals.map(({ sent }) => sent.slice(1));
  assert.deepEqual(
    asked.map((questions) => questions.map(({ steps }) => steps)),
    [[[20]], [[21]], [[22]], [], []],
  );
  // nothing is asked for twice, and whoever has been answered makes room
  past.ask(2);
  assert.equal(rivals[0].sent.length, 2);
  rivals[0].feed.receive({ type: "moment", run: "a", step: 20, why: "it is damaged" });
  past.ask(2);
  assert.deepEqual(rivals[3].sent[1], { run: "d", command: "moment", steps: [23] });
  assert.equal(past.at("a", 2), null);
  past.destroy();
});
