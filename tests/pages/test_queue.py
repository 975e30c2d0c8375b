from nnviz.plain_text import markdown
from tests.pages.example_runs import spec


def queued(store, *names):
    """Runs that wait, by the ids of their jobs."""
    return [store.jobs.add("train", run_id=store.runs.create(spec(), name=name)) for name in names]


def texts(page):
    return [element.value for element in page.text]


def test_what_trains_and_what_waits_is_shown_in_its_order(open_page, store):
    first, *_ = queued(store, "one", "two", "three")
    run_id = store.jobs.get(first).run
    store.jobs.claim("w", training_at_once=1)
    attempt = store.runs.claim(run_id, pid=1)
    store.series.append(run_id, attempt, step=90, epoch=15.0, seconds=1.0)
    page = open_page("runs")
    assert not page.exception
    lines = [text for text in texts(page) if text in ("one", "two", "three") or "waits" in text or "trains" in text]
    assert lines == ["one", "trains, epoch 15 / 60", "two", "1. waits", "three", "2. waits"]


def test_buttons_move_and_cancel(open_page, store):
    jobs = queued(store, "one", "two", "three")
    page = open_page("runs")
    assert page.button(key=f"queue.before.{jobs[0]}").disabled
    assert page.button(key=f"queue.after.{jobs[2]}").disabled
    page.button(key=f"queue.first.{jobs[2]}").click().run()
    assert [job.id for job in store.queue.in_order()] == [jobs[2], jobs[0], jobs[1]]
    page.button(key=f"queue.after.{jobs[2]}").click().run()
    page.button(key=f"queue.before.{jobs[1]}").click().run()
    assert [job.id for job in store.queue.in_order()] == [jobs[0], jobs[1], jobs[2]]
    page.button(key=f"queue.cancel.{jobs[1]}").click().run()
    assert not page.exception
    assert [job.id for job in store.queue.in_order()] == [jobs[0], jobs[2]]
    assert store.runs.get(store.jobs.get(jobs[1]).run).status == "stopped"


def test_the_number_at_once_is_shown_with_its_reason_and_changed(open_page, store):
    queued(store, "one")
    store.queue.set_room_for_training(at_once=1, cores=2, free=3_400_000_000)
    page = open_page("runs")
    assert "At once: 1" in texts(page)
    reason = next(text.proto.help for text in page.text if text.value == "At once: 1")
    assert markdown("2 cores, 3.4 GB of memory free") in reason
    assert page.button(key="queue.fewer").disabled
    page.button(key="queue.more").click().run()
    assert store.queue.training_at_once() == 2
    assert "At once: 2" in texts(page)
    page.button(key="queue.fewer").click().run()
    assert store.queue.training_at_once() == 1


def test_there_is_no_queue_where_nothing_waits(open_page, store):
    store.runs.set_control(store.runs.create(spec(), name="ended"), stop=True)
    page = open_page("runs")
    assert "Queue" not in [element.value for element in page.subheader]
