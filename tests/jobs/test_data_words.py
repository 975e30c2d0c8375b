from nnviz.jobs.data_words import reading


def test_what_was_read_in_words():
    read = {"format": "CSV", "separator": ";", "decimal": ",", "encoding": "cp1252", "header": True}
    assert reading({"rows": 1500, "rows_dropped": 3, "read": read}) == (
        "1,500 rows, 3 of them left out; CSV, separator semicolon, decimal comma, encoding cp1252, with a header")
    assert reading({"rows": 1, "rows_dropped": 0, "read": {}}) == "1 row"
    assert reading({"rows": 4, "rows_dropped": 0, "read": read | {"separator_name": "tab", "header": False, "decimal": "."}}) == (
        "4 rows; CSV, separator tab, decimal point, encoding cp1252, no header")
