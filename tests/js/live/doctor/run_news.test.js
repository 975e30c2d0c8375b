import assert from "node:assert/strict";
import { test } from "node:test";
import { RunNews } from "../../../../nnviz/browser/live/doctor/run_news.js";

/** @param {string} status @param {object} [more] @returns {any} */
const of = (status, more = {}) => ({
  status,
  name: "My run",
  ended: ["finished", "failed", "diverged"].includes(status),
  ...more,
});
/** @param {...string} rules @returns {any} */
const judged = (...rules) => ({ step: 9, findings: rules.map((rule) => ({ rule, title: rule, text: "It is so." })) });
/** @param {any} status @param {any} [judgement] */
const feed = (status, judgement = null, run = "a") => ({ run, status, judgement });

test("findings and the end are news once, also a finding after the end", () => {
  const news = new RunNews();
  assert.deepEqual(news.look(feed(of("queued")), "hello"), []);
  assert.deepEqual(news.look(feed(of("running")), "append"), []);
  const finding = { kind: "finding", name: "My run", words: "leakage: It is so." };
  assert.deepEqual(news.look(feed(of("running"), judged("leakage")), "judgement"), [finding]);
  assert.deepEqual(news.look(feed(of("running"), judged("leakage")), "append"), []);
  const end = feed(of("finished", { ending: "Finished: all 3 epochs; weights of epoch 2 are used" }), judged("leakage"));
  assert.deepEqual(news.look(end, "append"), [{ kind: "ended", name: "My run", words: "Finished: all 3 epochs" }]);
  assert.deepEqual(news.look(end, "append"), []);
  assert.equal(news.look(feed(end.status, judged("overfitting", "leakage")), "judgement")[0].words, "overfitting: It is so.");
});

test("what is there when the page is opened, or the connection comes back, is no news", () => {
  const news = new RunNews();
  news.look(feed(of("running")), "hello");
  assert.deepEqual(news.look(feed(of("running"), judged("leakage")), "judgement"), []);
  news.look(feed(of("running"), judged("leakage")), "append");
  news.look(feed(of("running")), "hello");
  assert.deepEqual(news.look(feed(of("running"), judged("leakage")), "judgement"), []);
  const mounted = new RunNews();
  assert.deepEqual(mounted.look(feed(of("running"), judged("leakage")), "append"), []);
  const over = new RunNews();
  assert.deepEqual(over.look(feed(of("finished")), "hello"), []);
  assert.deepEqual(over.look(feed(of("finished"), judged("leakage")), "append"), []);
});

test("a failure is called so, and another run begins anew", () => {
  const news = new RunNews();
  news.look(feed(of("running")), "append");
  assert.deepEqual(
    news.look(feed(of("diverged")), "append").map(({ kind, words }) => [kind, words]),
    [["failed", "diverged"]],
  );
  assert.deepEqual(news.look(feed(of("finished"), null, "b"), "hello"), []);
});
