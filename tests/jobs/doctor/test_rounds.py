"""When a run that trains is looked at."""

from itertools import pairwise

from nnviz.jobs.worker.doctor import rounds
from nnviz.spec import RunSpec
from tests.jobs.doctor.test_diagnose import SPEC


def test_a_look_is_asked_for_ever_more_rarely_and_never_twice_at_once(store, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: now[0])
    run = store.runs.get(store.runs.create(RunSpec.parse(SPEC)))
    looks = rounds.Rounds(store, run)

    def waiting():
        return [job for job in store.jobs.open_jobs() if job.run == run.id and job.kind == "doctor"]

    looks()
    assert waiting() == [], "it has only begun"
    asked = []
    for second in range(1, 121):
        now[0] = 100.0 + second
        looks()
        if waiting():
            asked.append(second)
            for job in waiting():
                store.jobs.answer(job.id, result={})
    assert asked == [2, 3, 5, 8, 12, 18, 27, 41, 62, 93]
    now[0] += 200
    looks()
    now[0] += 2000
    looks()
    assert len(waiting()) == 1


def test_while_somebody_watches_it_looks_every_moment_also_from_then_on_only(store, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: now[0])
    run = store.runs.get(store.runs.create(RunSpec.parse(SPEC)))
    looks, asked = rounds.Rounds(store, run), []
    for tenth in range(1, 600):
        now[0] = 100.0 + tenth / 10
        looks(is_watched=tenth < 100 or tenth > 400)
        for job in store.jobs.open_jobs():
            if job.run == run.id:
                asked.append(tenth / 10)
                store.jobs.answer(job.id, result={})
    gaps = [later - before for before, later in pairwise(asked)]
    assert max(gap for at, gap in zip(asked, gaps, strict=False) if at < 8 or at > 41) < 1.5
    assert asked[0] == 1.0
    assert max(gaps) > 4, "nobody watched: ever more rarely"
