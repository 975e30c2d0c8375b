import assert from "node:assert/strict";
import { test } from "node:test";
import { listsOf, meaning, nearWords, verdict, whyWords } from "../../../../nnviz/browser/live/answers/mistakes.js";

/** @returns {import("../../../../nnviz/browser/live/answers/mistakes.js").MistakeBody} */
function body(more = {}) {
  const sure = [
    { row: 146, truth: 0, guess: 1, probability: 0.97, right: 0.03 },
    { row: 3, truth: 1, guess: 0, probability: 0.6, right: 0.4 },
  ];
  const counts = { part: "validation", rows: 90, in_all: 90, unanswered: 0, wrong: 2, firm: 1, moments: 0 };
  return { ...counts, names: ["good", "bad"], scores: "probability", sure, ...more };
}

test("the surest mistake is told with its numbers", () => {
  assert.equal(verdict(body()), "2 of 90 validation rows are wrong");
  const words = "The surest one: row 147 is good, and it says bad with 97.0\u00a0%.";
  assert.equal(meaning(body()), `${words} 1 of 2 are said with 90 % or more: look whether their labels are right.`);
  assert.match(meaning(body({ firm: 0 })), /None is said with 90 % or more\.$/);
  assert.doesNotMatch(meaning(body({ scores: "score" })), /%/);
});

test("without mistakes there is nothing to list", () => {
  const none = body({ sure: [], wrong: 0, firm: 0 });
  assert.equal(verdict(none), "None of 90 validation rows is wrong");
  assert.equal(meaning(none), "");
  assert.deepEqual(listsOf(none), []);
});

test("lists say what the moments say of a row", () => {
  const forgotten = [{ row: 3, truth: 1, guess: 0, missed: 2, since: null }];
  const late = [{ row: 8, truth: 1, guess: 1, missed: 7, since: 1200 }];
  const lists = listsOf(body({ wrong: 40, moments: 9, forgotten, never: [], late }));
  assert.deepEqual(
    lists.map(({ title, items, note }) => [title, note(items[0])]),
    [
      ["Wrong, the surest first: the 2 surest of 40", ""],
      ["Forgotten: wrong now, and right at most of 9 recorded moments", "wrong at 2 of 9 moments"],
      ["Learned last: right now, and wrong until late", "right since step 1,200"],
    ],
  );
});

test("the rows of a count come first, with how many there are", () => {
  const in_cell = [{ row: 8, truth: 1, guess: 0 }];
  const titles = (/** @type {object} */ more) => listsOf(body({ in_cell, ...more })).map(({ title }) => title);
  assert.equal(titles({ cell: { truth: 1, guess: 0, rows: 1 } })[0], "bad, taken for good: 1 row");
  assert.equal(titles({ cell: { truth: 1, guess: 1, rows: 7 } })[0], "bad, recognised: 7 rows, the 1 surest");
  assert.equal(listsOf(body({ in_cell: [] }))[0].key, "sure");
});

test("the nearest training rows say why a row is wrong", () => {
  const names = ["good", "bad", "odd"];
  const why = (/** @type {number[][]} */ near) => whyWords({ truth: 0, guess: 1, near }, names);
  assert.equal(
    why([
      [1, 4],
      [0, 1],
    ]),
    "4 of its 5 nearest training rows are bad: it stands among these.",
  );
  assert.match(why([[0, 5]]), /^5 of its 5 nearest training rows are good, as it is: the network has not learned/);
  assert.match(
    why([
      [2, 3],
      [0, 2],
    ]),
    /^3 of its 5 nearest training rows are odd: it stands far from its own class/,
  );
  assert.match(
    why([
      [0, 2],
      [1, 2],
      [2, 1],
    ]),
    /of several classes/,
  );
  assert.equal(whyWords({ truth: 0, guess: 1 }, names), "");
  const item = {
    row: 1,
    truth: 0,
    guess: 1,
    near: [
      [1, 4],
      [0, 1],
    ],
  };
  assert.equal(nearWords(item, names), "4 × bad, 1 × good");
  assert.match(meaning(body({ sure: [{ ...item, probability: 0.9 }] })), /it says bad with 90.%\. 4 of its 5 nearest/);
});
