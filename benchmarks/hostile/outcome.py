"""What came of the cases, counted by kind."""

from collections import Counter
from dataclasses import dataclass, field

HANG_SECONDS = 10.0
MOST_BYTES = 1 << 30


@dataclass
class Tally:
    """`tried`, `results` and `differences` by group of cases; `failures` in words, with what makes the case again."""

    tried: Counter[str] = field(default_factory=Counter)
    results: dict[str, Counter[str]] = field(default_factory=dict)
    differences: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0
    largest: int = 0

    def add(self, group: str, result: str) -> None:
        """`result`: accepted, refused or cut off."""
        self.tried[group] += 1
        self.results.setdefault(group, Counter())[result] += 1

    def fail(self, group: str, case: str, why: str) -> None:
        self.tried[group] += 1
        self.results.setdefault(group, Counter())["FAILED"] += 1
        self.failures.append(f"{group}: {case}: {why}")

    def measured(self, group: str, case: str, *, seconds: float, peak: int) -> None:
        """Counts a case that took too long or too much, whatever else came of it. `peak` in bytes."""
        self.longest, self.largest = max(self.longest, seconds), max(self.largest, peak)
        if seconds > HANG_SECONDS:
            self.failures.append(f"{group}: {case}: took {seconds:.1f} s")
        if peak > MOST_BYTES:
            self.failures.append(f"{group}: {case}: took {peak / 2**20:,.0f} MB")

    def words(self) -> str:
        lines = [f"{'group':<12}{'tried':>7}  results"]
        for group, count in sorted(self.tried.items()):
            lines.append(f"{group:<12}{count:>7}  " + ", ".join(f"{name} {n}" for name, n in self.results[group].most_common()))
        lines.append(f"longest case {self.longest:.1f} s, largest {self.largest / 2**20:,.0f} MB")
        lines += [f"accepted, and what differs: {count:>5} {kind}" for kind, count in self.differences.most_common()]
        lines.append(f"failed: {len(self.failures)}")
        return "\n".join(lines + [f"  {failure}" for failure in self.failures[:40]])
