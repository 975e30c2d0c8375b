"""Reading rules: which block of a spec says which, and that they survive the encoder's record."""

import pytest

from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.columns.reading_rules import NEWEST, Rules
from nnviz.errors import SpecError
from nnviz.spec import FileData, ReadSpec, RunSpec, SyntheticData

OLD = Rules(version=1)

SPEC = {
    "data": {"kind": "file", "path": "a.csv"},
    "layers": [],
    "cost": {"kind": "MeanSquaredError"},
    "optimizer": {"kind": "SGD"},
}


def test_a_data_block_says_its_rules():
    assert Rules.of(FileData(kind="file", path="a.csv")) == NEWEST == Rules(version=2, missing=None)
    assert Rules.of(FileData(kind="file", path="a.csv", read=ReadSpec(rules=1))) == OLD
    assert Rules.of(FileData(kind="file", path="a.csv", read=ReadSpec(missing=("-999",)))) == Rules(2, ("-999",))
    assert Rules.of(SyntheticData(kind="synthetic", name="spirals")) == NEWEST


@pytest.mark.parametrize("rules", [OLD, NEWEST, Rules(2, ()), Rules(2, ("-999", "k.A."))])
def test_an_encoder_keeps_them(rules):
    encoder = Encoder(target=TargetCode(names=("y",), task="classification", classes=("a", "b")), rules=rules)
    record = encoder.to_json()
    assert record["version"] == rules.version
    assert Encoder.from_json(record) == encoder


def test_an_encoder_of_before_is_read_by_the_first():
    record = Encoder(target=TargetCode(names=("y",), task="classification", classes=("a", "b")), rules=OLD).to_json()
    assert record["version"] == 1
    assert "missing" not in record
    assert Encoder.from_json(record).rules == OLD


def test_what_a_spec_leaves_to_its_default_is_not_written():
    assert "read" not in RunSpec.parse(SPEC).to_json()["data"]
    asked = SPEC | {"data": SPEC["data"] | {"read": {"missing": ["", "-999"]}}}
    assert RunSpec.parse(asked).to_json()["data"]["read"] == {"missing": ["", "-999"]}


@pytest.mark.parametrize("read", [{"rules": 3}, {"rules": "1"}, {"missing": "NA"}, {"missing": [1]}])
def test_rules_that_are_none_are_refused(read):
    with pytest.raises(SpecError, match=r"data\.read"):
        RunSpec.parse(SPEC | {"data": SPEC["data"] | {"read": read}})
