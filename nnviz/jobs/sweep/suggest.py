"""The values of a sweep's next trial: from the trials that there are, the seed and the trial's number alone, so that whoever asks
after a crash gets the same."""

import json
import random
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nnviz.errors import SpecError
from nnviz.jobs.sweep.trials import Trial
from nnviz.spec import (
    RunSpec,
    Vary,
    base_spec,
    choices,
    combinations,
    field_type,
    grid,
    is_better_higher,
    sweep_of,
    trial_spec,
    value_at,
)

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

DRAWS = 50
"""How often values that were tried before are drawn again."""
_SMALL = 10_000
"""Up to so many combinations those that are left are looked through."""


def suggest(spec: RunSpec, trials: Sequence[Trial], number: int) -> dict[str, Any] | None:
    """Values for trial `number` (from 1) that no other trial has; None where all combinations were tried."""
    sweep = sweep_of(spec)
    taken = {_key(trial.values) for trial in trials}
    count = combinations(spec)
    if sweep.method == "grid":
        return next(_untried(spec, taken, shuffled=sweep.trials < (count or 0)), None)
    if count is not None and len(taken) >= count:
        return None
    for draw in range(DRAWS):
        seed = _seed(sweep.seed, number, draw)
        values = _proposal(spec, trials, number, seed, is_first=draw == 0)
        if _key(values) not in taken and _fits(spec, values):
            return values
    return next(_untried(spec, taken, shuffled=True), None) if count is not None and count <= _SMALL else None


def study_of(spec: RunSpec, trials: Sequence[Trial], *, seed: int = 0) -> "optuna.Study":
    """An Optuna study of the trials, in memory, whose next suggestion follows from them and the seed. Those that diverged count
    as worst, those that failed not at all."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sweep = sweep_of(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Optuna calls experimental
        sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=_startup(sweep.trials), multivariate=True, constant_liar=True
        )
        directions: list[Any] = ["maximize" if is_better_higher(goal) else "minimize" for goal in sweep.goals]
        study = optuna.create_study(directions=directions, sampler=sampler)
        spaces = distributions(spec)
        study.add_trials([frozen for trial in trials if (frozen := _frozen(spec, trial, spaces)) is not None])
    return study


def distributions(spec: RunSpec) -> "dict[str, BaseDistribution]":
    """What may vary, as Optuna has it; a list by the places in it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    spaces: dict[str, BaseDistribution] = {}
    for path, vary in sweep_of(spec).vary.items():
        if vary.bounds is None:
            spaces[path] = CategoricalDistribution(tuple(range(len(vary.list or ()))))
            continue
        low, high = vary.bounds
        is_log = vary.log is not None
        if field_type(spec, path) == "int":
            spaces[path] = IntDistribution(int(low), int(high), log=is_log, step=int(vary.step or 1))
        else:
            spaces[path] = FloatDistribution(low, high, log=is_log, step=vary.step)
    return spaces


def _proposal(spec: RunSpec, trials: Sequence[Trial], number: int, seed: int, *, is_first: bool) -> dict[str, Any]:
    sweep = sweep_of(spec)
    if sweep.method == "bayes" and is_first:
        if number == 1 and (own := _own(spec)) is not None:
            return own
        if sum(trial.status in ("finished", "pruned") for trial in trials) >= _startup(sweep.trials):
            asked = study_of(spec, trials, seed=seed).ask(distributions(spec))
            return {path: _of_optuna(vary, asked.params[path]) for path, vary in sweep.vary.items()}
    draw = random.Random(seed)
    return {path: _drawn(spec, path, vary, draw) for path, vary in sweep.vary.items()}


def _startup(trials: int) -> int:
    """After how many trials that were drawn by chance the method learns from them."""
    return max(4, min(10, trials // 4))


def _drawn(spec: RunSpec, path: str, vary: Vary, draw: random.Random) -> Any:
    values = choices(spec, path) if vary.log is None else None
    if values is not None:
        return draw.choice(values)
    assert vary.bounds is not None
    low, high = vary.bounds
    is_whole = field_type(spec, path) == "int"
    # as Optuna draws whole numbers: each has half a unit on either side
    first, last = (low - 0.5, high + 0.5) if is_whole else (low, high)
    value = first * (last / first) ** draw.random() if vary.log is not None else draw.uniform(first, last)
    return int(min(high, max(low, round(value)))) if is_whole else min(high, max(low, value))


def _own(spec: RunSpec) -> dict[str, Any] | None:
    """What the spec itself says of the fields that vary, where that is one of the combinations: the first trial."""
    record = base_spec(spec).model_dump(mode="json", by_alias=True)
    own = {path: value_at(record, path) for path in sweep_of(spec).vary}
    for path, vary in sweep_of(spec).vary.items():
        known = choices(spec, path)
        low, high = vary.bounds or (0, 0)
        is_number = isinstance(own[path], int | float) and not isinstance(own[path], bool)
        if own[path] not in known if known is not None else not (is_number and low <= own[path] <= high):
            return None
    return own


def _frozen(spec: RunSpec, trial: Trial, spaces: "Mapping[str, BaseDistribution]") -> Any:
    from optuna.trial import TrialState, create_trial

    sweep = sweep_of(spec)
    try:
        params = {path: _to_optuna(vary, trial.values[path]) for path, vary in sweep.vary.items()}
        common: dict[str, Any] = {"params": params, "distributions": dict(spaces)}
        if trial.status == "finished":
            return create_trial(state=TrialState.COMPLETE, values=[trial.scores[goal] for goal in sweep.goals], **common)
        if len(sweep.goals) == 1 and (trial.status == "pruned" or trial.is_diverged):
            score = trial.score(sweep.goals)
            between = {max(1, int(trial.epoch)): score} if score is not None and trial.status == "pruned" else {}
            return create_trial(state=TrialState.PRUNED, intermediate_values=between, **common)
        if not trial.is_ended:
            return create_trial(state=TrialState.RUNNING, **common)
    except ValueError:
        pass  # a run whose spec another program changed: nothing to learn from
    return None


def _to_optuna(vary: Vary, value: Any) -> Any:
    return value if vary.list is None else list(vary.list).index(value)


def _of_optuna(vary: Vary, value: Any) -> Any:
    return value if vary.list is None else vary.list[value]


def _untried(spec: RunSpec, taken: set[str], *, shuffled: bool) -> Any:
    left = grid(spec)
    if shuffled:
        random.Random(sweep_of(spec).seed).shuffle(left)
    return (values for values in left if _key(values) not in taken and _fits(spec, values))


def _fits(spec: RunSpec, values: Mapping[str, Any]) -> bool:
    """Whether these values go together: momentum goes with SGD alone."""
    try:
        trial_spec(spec, values)
    except SpecError:
        return False
    return True


def _key(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)


def _seed(seed: int, number: int, draw: int) -> int:
    return random.Random(f"{seed} {number} {draw}").getrandbits(31)
