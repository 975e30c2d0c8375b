"""Learning-rate schedules of keras.optimizers.schedules, over steps t; they start from the optimizer's learning rate.

PiecewiseConstantDecay is left out: its boundaries and values are two lists that must fit each other and replace the
optimizer's rate.
"""

from nnviz.catalog.entry import ScheduleEntry
from nnviz.catalog.param import Param

_STEPS = Param(name="decay_steps", type="int", default=1000, minimum=1, maximum=10**9,
               help="Over how many steps it decays.")
_ALPHA = Param(name="alpha", type="float", default=0.0, minimum=0, maximum=1, step=0.01,
               help="The smallest rate, as a share of the first.")
_STAIRCASE = Param(name="staircase", type="bool", default=False, help="In stairs of decay_steps instead of smoothly.")

SCHEDULES: dict[str, ScheduleEntry] = {entry.kind: entry for entry in (
    ScheduleEntry(
        kind="CosineDecay",
        latex=r"\eta_t = \eta_0 \left(\alpha + (1 - \alpha)\,\tfrac12 (1 + \cos \tfrac{\pi \min(t, T)}{T})\right)",
        help="Falls along half a cosine and stays at its end; may first warm up to a higher rate.",
        params=(_STEPS, _ALPHA,
                Param(name="warmup_target", type="float", optional=True, above=0, maximum=100,
                      help="The rate to climb to first; null: no warm-up."),
                Param(name="warmup_steps", type="int", default=0, minimum=0, maximum=10**9,
                      help="Over how many steps it climbs."))),
    ScheduleEntry(
        kind="CosineDecayRestarts",
        latex=r"\eta_t = \eta_0 \left(\alpha + (m^i - \alpha)\,\tfrac12 (1 + \cos \tfrac{\pi\,t_i}{T_i})\right),"
              r"\quad T_{i+1} = t_{mul}\, T_i",
        help="Falls along half a cosine, jumps up again, and so on with longer periods.",
        params=(Param(name="first_decay_steps", type="int", default=500, minimum=1, maximum=10**9,
                      help="The steps of the first period."),
                Param(name="t_mul", type="float", default=2.0, minimum=1, maximum=10, step=0.1,
                      help="How much longer each period is than the one before."),
                Param(name="m_mul", type="float", default=1.0, above=0, maximum=1, step=0.05,
                      help="The first rate of a period, as a share of the one before."),
                _ALPHA)),
    ScheduleEntry(
        kind="ExponentialDecay", latex=r"\eta_t = \eta_0\, r^{\,t / T}",
        help="Shrinks by the same factor over every decay_steps.",
        params=(_STEPS, Param(name="decay_rate", type="float", default=0.9, above=0, maximum=1, step=0.01,
                              help="The factor over decay_steps."), _STAIRCASE)),
    ScheduleEntry(
        kind="InverseTimeDecay", latex=r"\eta_t = \frac{\eta_0}{1 + r\,t / T}",
        help="Falls fast at first, then ever more slowly.",
        params=(_STEPS, Param(name="decay_rate", type="float", default=0.5, above=0, maximum=1000, step=0.1,
                              help="How strongly it falls over decay_steps."), _STAIRCASE)),
    ScheduleEntry(
        kind="PolynomialDecay",
        latex=r"\eta_t = (\eta_0 - \eta_T) \left(1 - \tfrac{\min(t, T)}{T}\right)^p + \eta_T",
        help="Falls to an end rate along a straight line or a power of it.",
        params=(_STEPS,
                Param(name="end_learning_rate", type="float", default=0.0001, minimum=0, maximum=100,
                      help="The rate at the end."),
                Param(name="power", type="float", default=1.0, above=0, maximum=10, step=0.1,
                      help="1: a straight line; 2: a parabola."),
                Param(name="cycle", type="bool", default=False, help="Start again after decay_steps."))),
)}
