"""The draft in the page's address: it is there again after a reload, and opens elsewhere as a link.

The browser writes it there (`browser/common/draft_address.js`) without a new entry in its history, and only where the address
would not give that draft without it. Who follows a link may have got it from anybody: see `nnviz.spec.packing`."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.catalog import COSTS, DATASETS
from nnviz.errors import NnvizError, NotFound, RequestError
from nnviz.plain_text import LINE, visible
from nnviz.spec import RunSpec
from nnviz.spec.packing import LONGEST, pack, unpack
from nnviz.ui.common import session, worker_job
from nnviz.ui.common.data_summary import report_of
from nnviz.ui.common.i18n import _
from nnviz.ui.common.problem import in_words
from nnviz.ui.common.query_params import MAX_ID
from nnviz.ui.common.script import component
from nnviz.ui.common.session import FIRST_DATASET, Draft, Facts, fresh, of_record

PARAM = "draft"
_BEGUN = "nnviz.draft_link.begun"
_UNOPENED = "nnviz.draft_link.unopened"
_WAITING = "nnviz.draft_link.waiting"
_NOTE = "nnviz.draft_link.note"
_PLAIN = "nnviz.draft_link.plain"
_mount = component("nnviz_draft_keeper", "draft/draft_keeper.js", "draft/draft_keeper.css")
FILES = (("path", "sha256"), ("validation_path", "validation_sha256"), ("test_path", "test_sha256"))


def take() -> None:
    """When a session begins, takes over the draft that the address holds; says what of it could not be. To be called before any
    field of the page is drawn. While its data file is being read, the page ends here and says so."""
    if _BEGUN not in st.session_state:
        text = _unopened() or st.query_params.get(PARAM, "")
        forget()
        if text:
            try:
                _open(RunSpec.parse(_of_this_version(unpack(text))).to_json())
            except NnvizError as error:
                _note(_("The draft in this address cannot be opened: {why}").format(why=in_words(error).message))
    if _WAITING in st.session_state:
        _read(st.session_state[_WAITING])
    _say()


def keep(*, with_run: bool = False) -> None:
    """Keeps the address at the draft as it is now. To be called once all fields of the page are drawn. `with_run`: a run that
    the address names brings its draft along."""
    current = session.draft()
    packed, why = "", ""
    try:
        packed = pack(current.record())
    except RequestError as error:
        why = error.message
    is_plain = _is_plain(current, packed, st.query_params.get("run", "")[:MAX_ID] if with_run else "")
    _mount(key="draft_keeper", data={"packed": packed, "why": why, "isPlain": is_plain})


def carry() -> None:
    """Keeps the draft in the address of a page that does not show it, for a reload. Where a session begins on such a page, what
    its address holds is opened by the first page that shows the draft. To be called at the end of the page, and of what of it
    runs by itself: whatever Streamlit writes into the address has no draft."""
    if _BEGUN not in st.session_state and not session.has_draft():
        asked = st.query_params.get(PARAM, "")
        text = st.session_state.setdefault(_UNOPENED, asked if len(asked) <= LONGEST else "")
        if text:
            _mount(key="draft_keeper", data={"packed": text, "why": "", "isPlain": False})
    else:
        keep()


def forget() -> None:
    """Another draft takes the place of the one in the address."""
    st.session_state[_BEGUN] = True
    st.session_state.pop(_UNOPENED, None)


def _unopened() -> str:
    text: str = st.session_state.get(_UNOPENED, "")
    return text


def _of_this_version(record: dict[str, Any]) -> dict[str, Any]:
    version = record.get("version", 1)
    if isinstance(version, int) and version > 1:
        raise RequestError(
            "it was made by a later version of nnviz", remedy="Update this one, or ask for the settings as a file."
        )
    return record


def _open(record: dict[str, Any]) -> None:
    branch = record.get("from")
    if branch:
        try:
            session.store().runs.get(branch["run"])
        except NotFound:
            del record["from"]
            _note(_("The run that this draft goes on from is not here: it starts afresh."))
    data = record["data"]
    if data["kind"] != "file":
        facts = session.dataset_facts(data["name"])
        rows = {"rows": int(data["samples"])} if "samples" in data else {}
        _use(of_record(record, Facts(**vars(facts) | rows)))
        return
    before = st.session_state.get("nnviz.draft")
    if before is not None and dict(before.data) == data:
        _use(of_record(record, before.facts, report=before.report))
        return
    files = [(data[path], data.get(sha256)) for path, sha256 in FILES if data.get(path)]
    absent = [name for name, sha256 in files if not (sha256 and session.store().blobs.has(sha256))]
    if absent:
        _without_data(record, ", ".join(absent), _("which is not here"))
    else:
        st.session_state[_WAITING] = record


def _read(record: dict[str, Any]) -> None:
    """Has a worker read the draft's file, which says what its rows are like."""
    payload = {"data": record["data"], "split": of_record(record, fresh(FIRST_DATASET).facts).split}
    answer = worker_job.ask("read", payload, key="draft", saying=_("Reading the data of this draft"))
    if answer is None:
        st.stop()
    del st.session_state[_WAITING]
    error = worker_job.error_of(answer)
    contents = answer.result or {}
    if error is not None or "report" not in contents:
        _without_data(record, record["data"]["path"], _("which cannot be read"))
        return
    _use(of_record(record, Facts.of(contents["facts"]), report=report_of(contents)))


def _without_data(record: Mapping[str, Any], file: str, why: str) -> None:
    """Takes over everything but the data, with data of the catalog that the cost is for."""
    tasks = COSTS[record["cost"]["kind"]].tasks
    names = (FIRST_DATASET, *DATASETS)
    empty = fresh(next(name for name in names if DATASETS[name].task in tasks))
    draft = of_record({name: part for name, part in record.items() if name != "from"} | {"data": dict(empty.data)}, empty.facts)
    # columns and classes are those of the file
    split = {name: value for name, value in draft.split.items() if name not in ("by", "column")}
    cost = {name: value for name, value in draft.cost.items() if name != "class_weight" or not isinstance(value, Mapping)}
    _use(Draft(**vars(draft) | {"split": split, "cost": cost}))
    words = _("This draft is about the file {file}, {why}. All else was taken over: bring the file on the Data page.")
    _note(words.format(file=file, why=why))


def _use(draft: Draft) -> None:
    st.session_state["nnviz.draft"] = draft


def _note(words: str) -> None:
    st.session_state[_NOTE] = " ".join([*filter(None, [st.session_state.get(_NOTE)]), words])


def _say() -> None:
    """What could not be taken over, until somebody has read it."""
    if _NOTE not in st.session_state:
        return
    with st.container(border=True, key="draft_note"):
        left, right = st.columns([12, 1], vertical_alignment="center")
        left.text(visible(st.session_state[_NOTE], limit=3 * LINE))
        if right.button("", icon=":material/close:", type="tertiary", key="draft_note.close", help=_("Close")):
            del st.session_state[_NOTE]
            st.rerun()


def _is_plain(current: Draft, packed: str, run_id: str) -> bool:
    """Whether the address gives this draft without holding it: the first one of every session, or that of the run `run_id`."""
    known = st.session_state.get(_PLAIN)
    if known is None or known[:2] != (run_id, packed):
        known = st.session_state[_PLAIN] = (run_id, packed, _is_same(current, run_id))
    return bool(known[2])


def _is_same(current: Draft, run_id: str) -> bool:
    try:
        usual = session.draft_from(session.store().runs.get(run_id)) if run_id else fresh(FIRST_DATASET)
        return RunSpec.parse(usual.record()).model_dump() == RunSpec.parse(current.record()).model_dump()
    except NnvizError:
        return False
