"""Learning-rate schedules over steps t from 0: Keras's own, and three more. All are about the optimizer's learning rate.

What they give is computed by `nnviz.catalog.rates` with NumPy, to be drawn, and by `nnviz.engine.loop.optimizers` in training.
"""

from nnviz.catalog.entry import ScheduleEntry
from nnviz.catalog.param import Param

_STEPS = Param(name="decay_steps", type="int", default=1000, minimum=1, maximum=10**9, help="Over how many steps it decays.")
_ALPHA = Param(
    name="alpha", type="float", default=0.0, minimum=0, maximum=1, step=0.01, help="The smallest rate, as a share of the first."
)
_STAIRCASE = Param(name="staircase", type="bool", default=False, help="In stairs of decay_steps instead of smoothly.")

SCHEDULES: dict[str, ScheduleEntry] = {
    entry.kind: entry
    for entry in (
        ScheduleEntry(
            kind="CosineDecay",
            latex=r"\eta_t = \eta_0 \left(\alpha + (1 - \alpha)\,\tfrac12 (1 + \cos \tfrac{\pi \min(t, T)}{T})\right)",
            help="Falls along half a cosine and stays at its end; may first warm up to a higher rate.",
            length="decay_steps",
            params=(
                _STEPS,
                _ALPHA,
                Param(
                    name="warmup_target",
                    type="float",
                    optional=True,
                    above=0,
                    maximum=100,
                    help="The rate to climb to first; null: no warm-up.",
                ),
                Param(
                    name="warmup_steps", type="int", default=0, minimum=0, maximum=10**9, help="Over how many steps it climbs."
                ),
            ),
        ),
        ScheduleEntry(
            kind="CosineDecayRestarts",
            latex=r"\eta_t = \eta_0 \left(\alpha + (m^i - \alpha)\,\tfrac12 (1 + \cos \tfrac{\pi\,t_i}{T_i})\right),"
            r"\quad T_{i+1} = t_{mul}\, T_i",
            help="Falls along half a cosine, jumps up again, and so on with longer periods.",
            params=(
                Param(
                    name="first_decay_steps",
                    type="int",
                    default=500,
                    minimum=1,
                    maximum=10**9,
                    help="The steps of the first period.",
                ),
                Param(
                    name="t_mul",
                    type="float",
                    default=2.0,
                    minimum=1,
                    maximum=10,
                    step=0.1,
                    help="How much longer each period is than the one before.",
                ),
                Param(
                    name="m_mul",
                    type="float",
                    default=1.0,
                    above=0,
                    maximum=1,
                    step=0.05,
                    help="The first rate of a period, as a share of the one before.",
                ),
                _ALPHA,
            ),
        ),
        ScheduleEntry(
            kind="ExponentialDecay",
            latex=r"\eta_t = \eta_0\, r^{\,t / T}",
            help="Shrinks by the same factor over every decay_steps.",
            params=(
                _STEPS,
                Param(
                    name="decay_rate",
                    type="float",
                    default=0.9,
                    above=0,
                    maximum=1,
                    step=0.01,
                    help="The factor over decay_steps.",
                ),
                _STAIRCASE,
            ),
        ),
        ScheduleEntry(
            kind="InverseTimeDecay",
            latex=r"\eta_t = \frac{\eta_0}{1 + r\,t / T}",
            help="Falls fast at first, then ever more slowly.",
            params=(
                _STEPS,
                Param(
                    name="decay_rate",
                    type="float",
                    default=0.5,
                    above=0,
                    maximum=1000,
                    step=0.1,
                    help="How strongly it falls over decay_steps.",
                ),
                _STAIRCASE,
            ),
        ),
        ScheduleEntry(
            kind="PolynomialDecay",
            latex=r"\eta_t = (\eta_0 - \eta_T) \left(1 - \tfrac{\min(t, T)}{T}\right)^p + \eta_T",
            help="Falls to an end rate along a straight line or a power of it.",
            length="decay_steps",
            params=(
                _STEPS,
                Param(
                    name="end_learning_rate", type="float", default=0.0001, minimum=0, maximum=100, help="The rate at the end."
                ),
                Param(
                    name="power",
                    type="float",
                    default=1.0,
                    above=0,
                    maximum=10,
                    step=0.1,
                    help="1: a straight line; 2: a parabola.",
                ),
                Param(name="cycle", type="bool", default=False, help="Start again after decay_steps."),
            ),
        ),
        ScheduleEntry(
            kind="PiecewiseConstantDecay",
            latex=r"\eta_t = v_i \quad \text{for } b_{i-1} < t \le b_i",
            help="Changes in steps: one rate up to each boundary, the last one after them.",
            params=(
                Param(
                    name="boundaries",
                    type="ints",
                    default=(500, 1000),
                    minimum=0,
                    maximum=10**9,
                    help="The last step of each rate but the last, ever larger.",
                ),
                Param(
                    name="values",
                    type="floats",
                    optional=True,
                    above=0,
                    maximum=100,
                    help="The rates, one more than boundaries; null: the learning rate, then a tenth of it after each boundary.",
                ),
            ),
        ),
        ScheduleEntry(
            kind="WarmUp",
            keras=False,
            latex=r"\eta_t = \eta \left(s + (1 - s) \frac{\min(t, T)}{T}\right)",
            help="Climbs to the learning rate along a straight line and stays there.",
            params=(
                Param(
                    name="warmup_steps", type="int", default=100, minimum=1, maximum=10**9, help="Over how many steps it climbs."
                ),
                Param(
                    name="start",
                    type="float",
                    default=0.01,
                    above=0,
                    maximum=1,
                    step=0.01,
                    help="The first rate, as a share of the learning rate.",
                ),
            ),
        ),
        ScheduleEntry(
            kind="OneCycle",
            keras=False,
            length="total_steps",
            latex=r"\eta_t = \eta_a + (\eta_b - \eta_a)\,\tfrac12 (1 - \cos \pi p),\quad "
            r"\tfrac{\eta}{d} \to \eta \text{ for } t \le wT,\ \text{then } \eta \to \tfrac{\eta}{d f}",
            help="Climbs from a small rate to the learning rate and falls far below the first: one long wave (Smith, 2018).",
            params=(
                Param(
                    name="total_steps",
                    type="int",
                    default=1000,
                    minimum=2,
                    maximum=10**9,
                    help="The steps of the wave; at best those of the whole training.",
                ),
                Param(
                    name="warmup",
                    type="float",
                    default=0.3,
                    above=0,
                    below=1,
                    step=0.05,
                    help="The share of the steps in which it climbs.",
                ),
                Param(
                    name="start_divisor",
                    type="float",
                    default=25.0,
                    minimum=1,
                    maximum=1e6,
                    step=1,
                    help="The first rate is the learning rate divided by this.",
                ),
                Param(
                    name="end_divisor",
                    type="float",
                    default=1e4,
                    minimum=1,
                    maximum=1e9,
                    step=1000,
                    help="The last rate is the first one divided by this.",
                ),
            ),
        ),
        ScheduleEntry(
            kind="ReduceOnPlateau",
            keras=False,
            latex=r"\eta \leftarrow \max(f \eta, \eta_{min}) \text{ after } n \text{ evaluations without a better loss}",
            help="Shrinks the rate whenever the validation loss (without validation rows: the loss) no longer improves.",
            params=(
                Param(
                    name="factor", type="float", default=0.5, above=0, below=1, step=0.05, help="What the rate is multiplied by."
                ),
                Param(
                    name="patience",
                    type="int",
                    default=10,
                    minimum=1,
                    maximum=100_000,
                    help="After how many evaluations without a better loss it does so.",
                ),
                Param(name="min_rate", type="float", default=0.0, minimum=0, maximum=100, help="The rate never gets below this."),
                Param(
                    name="cooldown",
                    type="int",
                    default=0,
                    minimum=0,
                    maximum=100_000,
                    help="How many evaluations after it do not count.",
                ),
                Param(
                    name="min_delta",
                    type="float",
                    default=0.0001,
                    minimum=0,
                    maximum=1e6,
                    help="A loss is better if it is lower by more than this.",
                ),
            ),
        ),
    )
}
