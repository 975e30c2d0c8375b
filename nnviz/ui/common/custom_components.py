"""What the pages say of custom components: files that cannot be used, files that changed, runs whose files are gone."""

import streamlit as st

from nnviz.catalog import OWN, own_changed
from nnviz.errors import NnvizError, SpecError
from nnviz.plain_text import LINE, visible, without_folders
from nnviz.store import Run
from nnviz.ui.common.i18n import _, counted


def notices() -> None:
    """Each file that was left out, with the reason; and that a new start is due where files changed."""
    if OWN.troubles:
        st.warning(
            counted("{n} component of your own cannot be used.", "{n} components of your own cannot be used.", len(OWN.troubles)),
            icon=":material/extension_off:",
        )
        with st.expander(_("Which ones, and why")):
            # Plain text: what a file holds is not Markdown of ours.
            for error in OWN.troubles:
                st.text(visible(without_folders(error.message), limit=2 * LINE))
    if own_changed():
        st.info(
            _("The files of your own components have changed. Restart the dashboard to use the new versions."),
            icon=":material/restart_alt:",
        )


def is_readable(run: Run) -> bool:
    """Whether this version, with the components that are there now, can read the run's spec."""
    try:
        return run.spec is not None
    except SpecError:
        return False


def explain_unreadable(run: Run, error: NnvizError) -> None:
    """Why a run's spec, or its group's, cannot be opened, and the formulas of its own components as they were."""
    st.warning(_("The settings of this run cannot be opened here."), icon=":material/extension_off:")
    formulas = [visible(f"{name}: {formula}", limit=LINE) for name, formula in run.info.get("own", {}).items()]
    why = visible(without_folders(error.message), limit=2 * LINE)
    st.text("\n".join([why, *([_("Its own components were:"), *formulas] if formulas else [])]))
