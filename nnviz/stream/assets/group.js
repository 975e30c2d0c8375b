// What the runs of a group do together: the mean of a metric over them, with a band of one standard deviation.

// Value of a growing curve at an epoch, between its points on a straight line; NaN outside of it.
function at(curve, epoch, from) {
  const { epoch: places, value } = curve;
  let i = from;
  while (i < places.length && places[i] < epoch) i += 1;
  if (i >= places.length || (i === 0 && places[0] > epoch)) return [NaN, i];
  if (places[i] === epoch) return [value[i], i];
  const share = (epoch - places[i - 1]) / (places[i] - places[i - 1]);
  return [value[i - 1] + share * (value[i] - value[i - 1]), i];
}

// {epoch, step, time, mean, low, high, count}: at the places of the longest curve, over all runs that have come so far.
// `step` and `time` are the longest run's own.
export function together(curves) {
  const known = curves.filter((curve) => curve && curve.value.length);
  if (known.length < 2) return null;
  const longest = known.reduce((best, curve) => (curve.epoch.at(-1) > best.epoch.at(-1) ? curve : best));
  const found = { epoch: [], step: [], time: [], mean: [], low: [], high: [], count: [] };
  const seen = known.map(() => 0);
  longest.epoch.forEach((epoch, place) => {
    const values = [];
    known.forEach((curve, number) => {
      const [value, next] = at(curve, epoch, seen[number]);
      seen[number] = next;
      if (Number.isFinite(value)) values.push(value);
    });
    if (values.length < 2) return;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    found.epoch.push(epoch);
    found.step.push(longest.step[place]);
    found.time.push(longest.time[place]);
    found.mean.push(mean);
    found.low.push(mean - deviation);
    found.high.push(mean + deviation);
    found.count.push(values.length);
  });
  return found.mean.length ? found : null;
}
