"""What a published system of rules is, here."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.doctor import Evidence


@dataclass(frozen=True, kw_only=True)
class Published:
    """One rule: its `name` with them, when it `fires`, and which of the doctor's rules say the same, taken generously."""

    name: str
    fires: Callable[[Evidence], bool]
    means: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class System:
    """`source`: where rules and thresholds are from; `rules` in the order of that source; `left_out`: rules whose signal is not
    recorded, with what is missing; `is_for`: whether it can judge such a run at all."""

    name: str
    source: str
    rules: tuple[Published, ...]
    left_out: dict[str, str]
    is_for: Callable[[Evidence], bool] = lambda evidence: True

    def judge(self, evidence: Evidence) -> list[Published]:
        """The rules that fire, in the source's order."""
        return [rule for rule in self.rules if rule.fires(evidence)]
