"""A case of the gallery becomes the draft, which is trained at once: asked for on the page, or by a link.

`?case=NAME` starts a case with its question, `?example=NAME` one with what the doctor says of it."""

import copy
from dataclasses import replace

import streamlit as st

from nnviz.catalog.gallery import CASES, GalleryCase
from nnviz.ui.common import session
from nnviz.ui.common.query_params import MAX_ID
from nnviz.ui.train import draft_fields
from nnviz.ui.train.gallery import record

CASE, EXAMPLE = "case", "example"
_ASKED, _BEGIN = "nnviz.gallery", "nnviz.gallery_begins"


def ask(name: str) -> None:
    """That case is to be trained: reruns the page for it."""
    st.session_state[_ASKED] = name
    st.rerun()


def take() -> None:
    """Takes the case that was asked for into the draft. Called before any field of the page is drawn: these show it then."""
    st.session_state.pop(_BEGIN, None)
    linked = {param: st.query_params.get(param, "")[:MAX_ID] for param in (CASE, EXAMPLE)}
    for param in linked:
        if param in st.query_params:
            del st.query_params[param]
    case = CASES.get(st.session_state.pop(_ASKED, "") or linked[CASE] or linked[EXAMPLE])
    if case is None:
        return
    draft = draft_of(case)
    st.session_state["nnviz.draft"] = draft
    draft_fields.show(draft)
    st.session_state[_BEGIN] = {"case": case.name, "is_example": linked[EXAMPLE] == case.name}


def is_to_begin() -> bool:
    """Whether the draft is a case that was asked for in this rerun."""
    return _BEGIN in st.session_state


def begun(run_id: str) -> None:
    """That run is the case."""
    asked = st.session_state.pop(_BEGIN)
    record.begun(run_id, CASES[asked["case"]])
    if asked["is_example"]:
        record.guessed(run_id, "")


def draft_of(case: GalleryCase) -> session.Draft:
    """The draft with a case's settings."""
    spec = copy.deepcopy(dict(case.spec))
    facts = session.dataset_facts(spec["data"]["name"])
    return session.of_record(spec, replace(facts, rows=int(spec["data"].get("samples", facts.rows))))
