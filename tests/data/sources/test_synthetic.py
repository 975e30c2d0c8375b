import numpy as np
import pytest

from nnviz.catalog import DATASETS
from nnviz.data.sources import synthetic
from nnviz.data.sources.builtin import READERS
from nnviz.errors import SpecError


def test_the_catalog_lists_exactly_what_is_here() -> None:
    assert {name for name, entry in DATASETS.items() if entry.kind == "synthetic"} == set(synthetic.MAKERS)
    assert {name for name, entry in DATASETS.items() if entry.kind == "builtin"} == set(READERS)


@pytest.mark.parametrize("name", list(synthetic.MAKERS))
@pytest.mark.parametrize("samples", [10, 501])
def test_shapes_types_range_and_determinism(name: str, samples: int) -> None:
    x, y = synthetic.make(name, samples=samples, noise=0.2, seed=3)
    assert x.shape == (samples, 2)
    assert x.dtype == np.float32
    assert y.shape == (samples,)
    assert y.dtype == (np.float32 if DATASETS[name].task == "regression" else np.int64)
    if name != "gaussians":
        assert np.abs(x).max() <= synthetic.RANGE
    again, same = synthetic.make(name, samples=samples, noise=0.2, seed=3)
    assert again.tobytes() == x.tobytes()
    assert same.tobytes() == y.tobytes()
    assert synthetic.make(name, samples=samples, noise=0.2, seed=4)[0].tobytes() != x.tobytes()
    if y.dtype == np.int64:
        assert abs(2 * y.sum() - samples) <= (1 if name != "xor" else samples // 2)


def test_spirals_are_playgrounds() -> None:
    x, y = synthetic.make("spirals", samples=200, noise=0, seed=0)
    for index in (0, 25, 99):
        r, t = index / 100 * 5, 1.75 * index / 100 * 2 * np.pi
        np.testing.assert_allclose(x[index], [r * np.sin(t), r * np.cos(t)], atol=1e-6)
        np.testing.assert_allclose(x[100 + index], [r * np.sin(t + np.pi), r * np.cos(t + np.pi)], atol=1e-6)
    assert y.tolist() == [1] * 100 + [0] * 100
    noisy = synthetic.make("spirals", samples=200, noise=0.2, seed=0)[0]
    assert 0.15 < np.abs(noisy - x).max() <= 0.2 + 1e-6


def test_formulas_of_the_others() -> None:
    x, y = synthetic.make("plane", samples=100, noise=0, seed=0)
    np.testing.assert_allclose(y, (x[:, 0] + x[:, 1]) / 10, atol=1e-6)
    x, y = synthetic.make("gauss_regression", samples=2000, noise=0, seed=0)
    at_peak = np.linalg.norm(x - [-4, 2.5], axis=1) < 0.3
    assert at_peak.any()
    assert (y[at_peak] > 0.8).all()
    assert (y[np.linalg.norm(x - [0, 2.5], axis=1) < 0.3] < -0.8).all()
    x, y = synthetic.make("circle", samples=300, noise=0, seed=0)
    np.testing.assert_array_equal(np.linalg.norm(x, axis=1) < 3, y == 1)
    x, y = synthetic.make("xor", samples=300, noise=0, seed=0)
    np.testing.assert_array_equal(x[:, 0] * x[:, 1] >= 0, y == 1)


def test_unknown_name() -> None:
    with pytest.raises(SpecError, match=r"no synthetic set 'spiral'.*spirals"):
        synthetic.make("spiral")
