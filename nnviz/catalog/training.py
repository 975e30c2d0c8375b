"""How long and on what part of the data a network trains: the numbers of a spec's `training` and `split` blocks."""

from nnviz.catalog.param import Param

_SEED = Param(
    name="seed", type="int", default=0, minimum=0, maximum=2**31 - 1, label="Seed", help="The same seed gives the same result."
)

TRAINING: dict[str, Param] = {
    param.name: param
    for param in (
        Param(
            name="epochs",
            type="int",
            default=30,
            minimum=1,
            maximum=1_000_000,
            label="Epochs",
            help="How often training goes through all its rows.",
        ),
        Param(
            name="batch_size",
            type="int",
            default=32,
            minimum=1,
            maximum=1_000_000,
            label="Batch size",
            help="How many rows each step looks at.",
        ),
        _SEED,
        Param(
            name="record_every",
            type="int",
            default=1,
            minimum=1,
            maximum=100_000,
            label="Evaluate every",
            help="After how many epochs the loss on all rows is taken.",
        ),
        Param(
            name="keep",
            type="choice",
            default="last",
            choices=("last", "best"),
            label="Keep",
            help="The weights that test, predict and export use: the last, or the best by validation.",
        ),
        Param(
            name="repeats",
            type="int",
            default=1,
            minimum=1,
            maximum=100,
            label="Repeats of the training",
            help="Trains so many networks with different seeds on the same rows.",
        ),
    )
}

EARLY_STOPPING: dict[str, Param] = {
    param.name: param
    for param in (
        Param(
            name="patience",
            type="int",
            default=5,
            minimum=1,
            maximum=100_000,
            label="Patience",
            help="After how many epochs without a better validation loss it stops.",
        ),
    )
}

SPLIT: dict[str, Param] = {
    param.name: param
    for param in (
        Param(
            name="validation",
            type="float",
            default=0.2,
            minimum=0,
            maximum=0.9,
            step=0.05,
            label="Validation",
            help="The share of rows that check training as it goes; 0: none.",
        ),
        Param(
            name="test",
            type="float",
            default=0.2,
            minimum=0,
            maximum=0.9,
            step=0.05,
            label="Test",
            help="The share of rows kept for the end; 0: none.",
        ),
        _SEED,
        Param(
            name="test_seed",
            type="int",
            optional=True,
            minimum=0,
            maximum=2**31 - 1,
            label="Seed of the test part",
            help="Cuts the test part, whatever the seed of the others; null: the same seed.",
        ),
        Param(
            name="folds",
            type="int",
            optional=True,
            minimum=2,
            maximum=100,
            label="Folds",
            help="So many networks, each validated on its own part of the rows outside the test part; null: one.",
        ),
        Param(
            name="fold",
            type="int",
            optional=True,
            minimum=1,
            maximum=100,
            label="Fold",
            help="The one of the folds that validates, from 1; null: each in its turn, as runs of a group.",
        ),
        Param(
            name="repeats",
            type="int",
            default=1,
            minimum=1,
            maximum=100,
            label="Repeats of the split",
            help="Cuts the rows anew so often, with different seeds; the test part stays.",
        ),
        Param(
            name="duplicates",
            type="choice",
            default="apart",
            choices=("apart", "together"),
            label="Rows that stand twice",
            help="Rows equal in every input and in the target: apart, each may fall into any part; together, all into one.",
        ),
    )
}
