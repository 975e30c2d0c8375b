from nnviz.jobs.data_words import columns_words, reading


def test_what_was_read_in_words():
    read = {"format": "CSV", "separator": ";", "decimal": ",", "encoding": "cp1252", "header": True}
    assert reading({"rows": 1500, "rows_dropped": 3, "read": read}) == (
        "1,500 rows, 3 of them left out; CSV, separator semicolon, decimal comma, encoding cp1252, with a header"
    )
    assert reading({"rows": 1, "rows_dropped": 0, "read": {}}) == "1 row"
    assert reading({"rows": 9, "columns": 8, "inputs": 18, "read": {}}) == "9 rows; 8 columns + target, 18 inputs"
    assert reading({"rows": 9, "columns": 1, "inputs": 1, "read": {}}) == "9 rows; 1 column + target"
    assert reading({"rows": 4, "rows_dropped": 0, "read": read | {"separator_name": "tab", "header": False, "decimal": "."}}) == (
        "4 rows; CSV, separator tab, decimal point, encoding cp1252, no header"
    )


def test_copies_are_told_however_few_they_are():
    about = {"rows": 40, "read": {}}
    assert reading(about | {"copies": {"counted": True, "rows": 0, "crossing": {}}}) == "40 rows"
    assert reading(about | {"copies": {"counted": True, "rows": 1, "crossing": {"validation": 0, "test": 1}}}) == (
        "40 rows; 1 row is a copy of another, 1 of test stands in training too"
    )
    assert reading(about | {"copies": {"counted": True, "rows": 9, "crossing": {"validation": 5, "test": 0}}}) == (
        "40 rows; 9 rows are copies of others, 5 of validation stand in training too"
    )
    assert "not counted" in reading(about | {"copies": {"counted": False}})


def test_the_columns_of_a_file_add_up():
    assert columns_words(3, 8, of=5) == "3 of 5 columns + target, 8 inputs"
    assert columns_words(4, 4, of=5) == "4 columns + target"
    assert columns_words(1, 1, of=3) == "1 of 3 columns + target"
    assert columns_words(3, 1, of=6, targets=2) == "3 of 6 columns + 2 targets, 1 input"
