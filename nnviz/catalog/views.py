"""What can be seen of a network at any recorded moment, beside its curves and its answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """`question`: what it answers, as a menu lists it; `about`: what one sees, and what to look for."""

    name: str
    title: str
    question: str
    about: str


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            name="network",
            title="The network",
            question="What does each unit do, and which weights matter?",
            about="Each square is a unit: what it gives over the plane of both inputs or for a picture, else how its outputs are "
            "distributed. Lines are weights, wide where they are large. Point at a unit for its formula. Units that look alike "
            "do the same work; one that is 0 everywhere does none.",
        ),
    )
}
"""In the order of the menu."""
