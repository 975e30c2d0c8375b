"""The job `replay`: it holds what the page shows of each moment, evenly spread, and says what it leaves out."""

import base64
import gzip

import msgpack
import pytest

from nnviz.errors import RequestError
from nnviz.jobs.worker.history.replay import AS_TEXT, LIVE, Replayer, _fitting
from nnviz.store import Job
from tests.jobs.test_looking_back import place  # noqa: F401  (a run that was trained)

MOST = 100_000


def shows(place, answer):  # noqa: F811
    return msgpack.unpackb(gzip.decompress(place.store.blobs.get(answer["sha256"])))


def test_it_holds_what_probes_show_of_the_same_moments(place):  # noqa: F811
    answer = place.do("replay", views={"results": {}, "images": {}})
    assert (answer["views"], answer["left_out"], answer["whole"]) == (["network", "results"], [], 0)  # no pictures in such data
    assert (answer["steps"][0], answer["steps"][-1], answer["of"]) == (0, place.steps[-1], len(place.steps) + 1)
    assert len(answer["steps"]) == min(60, answer["of"])
    held = shows(place, answer)
    asked = [answer["steps"][0], answer["steps"][5], answer["steps"][-1]]
    at = [answer["steps"].index(step) for step in asked]
    for view, bodies in (("", held["moments"]), ("network", held["views"]["network"]), ("results", held["views"]["results"])):
        for moment, body in zip(place.do("probe", steps=asked, view=view)["moments"], (bodies[i] for i in at), strict=True):
            assert body["step"] == moment["step"]
            assert body["body"] == base64.b64decode(moment["body"])
            if not view:
                assert body["metrics"] == moment["metrics"]


def test_a_choice_that_is_none_says_why_and_nonsense_is_refused(place):  # noqa: F811
    answer = place.do("replay", views={"network": {"pages": "all"}})
    assert all("why" in body for body in shows(place, answer)["views"]["network"])
    for views in (["network"], {"network": 3}):
        with pytest.raises(RequestError, match="names its views"):
            place.do("replay", views=views)


def test_what_is_too_large_is_told_with_its_size(place):  # noqa: F811
    small = Replayer(place.tasks.past, most_bytes=MOST)
    job = Job(
        id=0,
        kind="replay",
        run=place.run,
        payload={"views": {"results": {}}},
        key="",
        status="running",
        worker=None,
        result=None,
        created=0,
    )
    answer = small.replay(job)
    assert place.store.blobs.size(answer["sha256"]) <= MOST
    assert len(answer["steps"]) < 60
    assert answer["whole"] > answer["limit"] == round(MOST * AS_TEXT)


def test_fewer_moments_before_fewer_views_and_the_network_last():
    sizes = {LIVE: 10, "network": 20, "cost": 30, "way": 40}
    assert _fitting(sizes, 60, 6000) == (list(sizes), 60)
    assert _fitting(sizes, 60, 3000) == (list(sizes), 30)
    assert _fitting(sizes, 60, 1000) == ([LIVE, "network", "cost"], 16)
    assert _fitting(sizes, 60, 500) == ([LIVE, "network"], 16)
    assert _fitting(sizes, 60, 200) == ([LIVE], 20)
    assert _fitting(sizes, 60, 1) == ([LIVE], 2)  # two moments are the least
    assert _fitting(sizes, 5, 500) == (list(sizes), 5)
