"""Dates in people's writing: tables made by hand, with what datetime says."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nnviz.data.columns import cells, dates


def array(texts: list[str | None]) -> pa.Array:
    return cells.present(pa.array(texts, type=pa.large_string()))


@pytest.mark.parametrize(
    ("way", "written", "moment"),
    [
        ("mdy", "2024-03-01", (2024, 3, 1)),
        ("mdy", "2024-03", (2024, 3, 1)),
        ("mdy", "2024/3/1 5:06", (2024, 3, 1, 5, 6)),
        ("mdy", "2024-03-01T12:00:00.250", (2024, 3, 1, 12, 0, 0, 250_000)),
        ("mdy", "1/12/17", (2017, 1, 12)),
        ("dmy", "1/12/17", (2017, 12, 1)),
        ("ymd", "17/12/01", (2017, 12, 1)),
        ("dmy", "01.12.68", (2068, 12, 1)),
        ("dmy", "01.12.69", (1969, 12, 1)),
        ("dmy", "1. 12. 2017", (2017, 12, 1)),
        ("dmy", "31.12.2017 23:59:58", (2017, 12, 31, 23, 59, 58)),
        ("mdy", "1-Dec-17", (2017, 12, 1)),
        ("mdy", "01 December 2017 13:05", (2017, 12, 1, 13, 5)),
        ("mdy", "Fri 01 Dec 2017", (2017, 12, 1)),
        ("mdy", "Friday, December 1st, 2017", (2017, 12, 1)),
        ("mdy", "Dec 1, 2017, 3:15 PM", (2017, 12, 1, 15, 15)),
        ("mdy", "2017-Dec-01", (2017, 12, 1)),
        ("mdy", "Dec 2017", (2017, 12, 1)),
        ("mdy", "Fri Dec  1 00:15:00 2017", (2017, 12, 1, 0, 15)),
        ("mdy", "1. Dezember 2017", (2017, 12, 1)),
        ("mdy", "1er décembre 2017", (2017, 12, 1)),
        ("mdy", "1 de enero de 2017", (2017, 1, 1)),
        ("mdy", "3/1/2024 12:15:00 AM", (2024, 3, 1, 0, 15)),
        ("mdy", "3/1/2024 12:15 PM", (2024, 3, 1, 12, 15)),
        ("mdy", "3/1/2024 3 p.m.", (2024, 3, 1, 15)),
        ("ymd+digits", "20171201", (2017, 12, 1)),
        ("ymd+digits", "20171201T101500", (2017, 12, 1, 10, 15)),
        ("mdy+seconds", "1706865300", (2024, 2, 2, 9, 15)),
        ("mdy+milliseconds", "1706865300500", (2024, 2, 2, 9, 15, 0, 500_000)),
        ("mdy+digits", "2017", (2017, 1, 1)),
        ("mdy+general", "20171201 at 5pm", (2017, 12, 1, 17)),
    ],
)
def test_one_cell_by_a_way(way: str, written: str, moment: tuple[int, ...]) -> None:
    moments = dates.parse(array([written]), way)
    assert moments.local[0] == np.datetime64(datetime(*moment).isoformat(), "us")  # type: ignore[arg-type]
    assert moments.offset[0] == 0


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("2024-03-01 10:00:00Z", 0),
        ("2024-03-01 10:00 UTC", 0),
        ("2024-03-01T10:00:00+12:00", 720),
        ("2024-03-01T10:00:00-0730", -450),
        ("3/1/2024 10:00 AM EST", -300),
        ("Fri, 01 Mar 2024 10:00:00 GMT", 0),
        ("2024-03-01 10:00 UTC+2", 120),
        ("01-Mar-24 10:00 CEST", 120),
    ],
)
def test_the_clock_stays_and_the_instant_is_known(written: str, minutes: int) -> None:
    moments = dates.parse(array([written]), "mdy")
    local = datetime(2024, 3, 1, 10)
    assert moments.local[0] == np.datetime64(local, "us")
    instant = local.replace(tzinfo=timezone(timedelta(minutes=minutes))).astimezone(UTC)
    assert moments.instant[0] == np.datetime64(instant.replace(tzinfo=None), "us")


@pytest.mark.parametrize(
    "written",
    [
        "31/02/2017",
        "13/13/2017",
        "2017-13-01",
        "2017-02-29",
        "3/1/2024 5",
        "2024-03-01 25:00",
        "3/1/2024 13:00 PM",
        "12:30",
        "5.5",
        "1.234",
        "1.2.3",
        "20171201",
        "10 Foo 2017",
        "2024-03-01 10:00 QQQ",
        "red",
        "2024-03-01 10:00+99:00",
        "Fri",
    ],
)
def test_what_is_no_date(written: str) -> None:
    assert dates.parse(array([written]), "mdy").missing[0]


def test_what_is_no_way() -> None:
    for way in ("", "dym", "mdy+", "mdy+foo", "1,234.5"):
        with pytest.raises(ValueError, match="no way"):
            dates.parse(array(["2024-01-01"]), way)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d",
        "%d.%m.%y",
        "%d/%m/%y",
        "%m/%d/%y",
        "%d-%b-%y",
        "%m/%d/%Y %I:%M:%S %p",
        "%Y-%m-%d %H:%M:%S UTC",
        "%a %d %b %Y",
        "%Y%m%d",
        "%B %d, %Y",
        "%d/%m/%Y %H:%M",
        "%Y-%m-%dT%H:%M:%SZ",
        "%y-%m-%d",
    ],
)
def test_forms_of_strftime_are_seen_and_read(form: str) -> None:
    moments = pd.date_range("2016-11-20", periods=300, freq="37h 11min 5s")
    texts = moments.strftime(form)
    want = pd.to_datetime(texts.str.removesuffix(" UTC"), format=form.removesuffix(" UTC")).tz_localize(None)
    detected = dates.detect(array(list(texts)), name="x")
    assert detected is not None
    assert detected.ambiguous == ""
    np.testing.assert_array_equal(detected.moments.local, want.astype("datetime64[us]").to_numpy())


@pytest.mark.parametrize(
    "texts",
    [
        ["red", "blue"],
        ["12:30", "13:30"],
        ["1.5", "2.5"],
        ["20171201", "20171202"],
        ["20171201", "20171301"],
        ["12345678", "87654321"],
        ["10.0.0.1"],
        ["a1"],
        ["2024-01-01", "x", "y"],
        [],
    ],
)
def test_columns_of_no_dates(texts: list[str]) -> None:
    assert dates.detect(array([*texts, None]), name="x") is None


def test_eight_digits_need_a_name_or_a_spread() -> None:
    assert dates.detect(array(["20171201", "20171202"]), name="order_date") is not None
    assert dates.detect(array(["20171201", "20171202", "20180101"]), name="x") is not None
    assert dates.detect(array(["20171201", "20171232", "20180101"]), name="order_date") is None


def test_the_order_is_that_of_the_whole_column() -> None:
    day = dates.detect(array(["01/02/2024", "13/02/2024", "02/02/2024"]))
    assert day is not None
    assert (day.way, day.ambiguous) == ("dmy", "")
    assert day.moments.local[0] == np.datetime64("2024-02-01")
    month = dates.detect(array(["01/02/2024", "02/13/2024"]))
    assert month is not None
    assert (month.way, month.ambiguous) == ("mdy", "")


def test_an_order_that_is_open_is_named() -> None:
    detected = dates.detect(array(["05/05/2024", "03/04/2024", "01/02/2024"]))
    assert detected is not None
    assert (detected.way, detected.ambiguous) == ("mdy", "03/04/2024")
    dotted = dates.detect(array(["03.04.2024", "01.02.2024"]))
    assert dotted is not None
    assert (dotted.way, dotted.ambiguous) == ("dmy", "")


def test_dates_that_run_on_decide_the_order() -> None:
    # no day above 12, but only with the day first do they never turn back
    days = pd.date_range("2024-01-01", periods=400)
    texts = [day.strftime("%d/%m/%Y") for day in days if day.day <= 12]
    detected = dates.detect(array(texts))
    assert detected is not None
    assert (detected.way, detected.ambiguous) == ("dmy", "")


def test_a_few_cells_may_be_none() -> None:
    texts: list[str | None] = [f"{day}.12.17" for day in range(1, 20)]
    detected = dates.detect(array([*texts, "soon", None]))
    assert detected is not None
    assert detected.moments.missing.tolist() == [False] * 19 + [True, True]


def test_told_dates_are_tried_by_a_general_parser() -> None:
    detected = dates.detect_declared(array(["20 June 2017 at noon", "Thu, 25th of Sep 2003", "12:30", "x", None, "2017-06-20"]))
    assert detected.way == "mdy+general"
    assert detected.moments.local[1] == np.datetime64("2003-09-25")
    assert detected.moments.local[5] == np.datetime64("2017-06-20")
    # a time alone would be one of today
    assert detected.moments.missing.tolist()[2:5] == [True, True, True]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1706865300", "2024-02-02T09:15"),
        ("1706865300500", "2024-02-02T09:15:00.5"),
        ("2017", "2017-01-01"),
        ("20171201", "2017-12-01"),
    ],
)
def test_told_numbers(text: str, moment: str) -> None:
    assert dates.detect_declared(array([text])).moments.local[0] == np.datetime64(moment)


def test_typed_columns_keep_clock_and_instant() -> None:
    stamps = pd.Series(pd.to_datetime(["2024-07-01 12:00", None]).tz_localize("Europe/Berlin"))
    moments = dates.read(stamps, "mdy")
    assert moments.local[0] == np.datetime64("2024-07-01T12:00")
    assert moments.instant[0] == np.datetime64("2024-07-01T10:00")
    assert moments.missing.tolist() == [False, True]
    naive = dates.read(pd.Series(pd.to_datetime(["2024-07-01 12:00"])), "dmy")
    assert naive.instant[0] == np.datetime64("2024-07-01T12:00")
