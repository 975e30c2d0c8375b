"""The rules, by family: one entry and one function each. Imported by `nnviz.doctor`; `rule.py` says what a rule is."""

from nnviz.doctor.rules import budget, draft, fit, gradients, inputs, labels, learning_rate, mismatch, restraint, rows, units
from nnviz.doctor.rules.rule import Rule

SYMPTOMS = ("plateau", "no_better_than_baseline")
"""What any cause explains."""
MILD = ("trained_too_short",)
"""What any cause but these explains, and what explains them."""
_FAMILIES = (mismatch, inputs, draft, gradients, learning_rate, restraint, budget, rows, labels, units, fit)
RULES: dict[str, Rule] = {rule.name: rule for family in _FAMILIES for rule in family.ENTRIES}
"""By name; causes before what they explain."""
