"""Rows whose class is likely wrong, told apart from classes that overlap."""

from dataclasses import replace

import numpy as np
from sklearn.datasets import load_digits, load_iris, make_blobs, make_classification, make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from nnviz.doctor import RULES, LabelFacts
from tests.doctor.evidence_of import sound

JUDGE = RULES["wrong_labels"].judge


def facts(x, label, *, in_all=None):
    """Those of a classifier that has not seen a row when it is asked for it."""
    x = StandardScaler().fit_transform(x)
    answers = cross_val_predict(LogisticRegression(max_iter=300), x, label, cv=3, method="predict_proba")
    every = np.arange(len(label))
    usual = np.array([answers[label == one, one].mean() for one in range(answers.shape[1])])
    others = answers.copy()
    others[every, label] = -1
    guess = others.argmax(axis=1)
    every_near = label[NearestNeighbors(n_neighbors=25).fit(x).kneighbors(return_distance=False)]
    near = every_near[:, :10]
    shares = np.sort([(every_near == one).mean(axis=1) for one in range(answers.shape[1])], axis=0)
    commonest = np.argmax([(every_near == one).sum(axis=1) for one in range(answers.shape[1])], axis=0)
    wrong = (commonest != label)[np.argsort(shares[-2] - shares[-1], kind="stable")]
    quarter = len(label) // 4
    return LabelFacts(
        rows=every,
        in_all=in_all or len(label),
        label=label,
        own=answers[every, label],
        guess=guess,
        other=answers[every, guess],
        usual=usual,
        near_own=(near == label[:, None]).mean(axis=1),
        near_guess=(near == guess[:, None]).mean(axis=1),
        sure_wrong=wrong[:quarter].mean(),
        unsure_wrong=wrong[2 * quarter : 3 * quarter].mean(),
    )


def drawn_anew(label, share, seed=0):
    """The classes with a share of them changed, and which were."""
    draw = np.random.default_rng(seed)
    wrong = draw.choice(len(label), round(share * len(label)), replace=False)
    changed = label.copy()
    kinds = label.max() + 1
    changed[wrong] = (changed[wrong] + draw.integers(1, kinds, len(wrong))) % kinds
    return changed, wrong


def test_a_tenth_of_wrong_classes_is_named_with_rows_that_are_wrong():
    wide = make_classification(
        600, 40, n_informative=8, n_redundant=0, n_classes=3, n_clusters_per_class=1, class_sep=3, flip_y=0, random_state=0
    )
    for x, label in (load_digits(return_X_y=True), load_iris(return_X_y=True), wide):
        assert JUDGE(sound(labels=facts(x, label))) is None
        changed, wrong = drawn_anew(label, 0.1)
        verdict = JUDGE(sound(labels=facts(x, changed)))
        listed = {
            int(word) - 1 for word in verdict.text.partition("Rows ")[2].partition(" and ")[0].split(", ") if word.isdigit()
        }
        assert len(listed & set(wrong)) >= 0.9 * len(listed) > 0
        assert verdict.change == {}


def test_classes_that_overlap_are_not_accused():
    for noise in (0.3, 0.4):
        assert JUDGE(sound(labels=facts(*make_moons(600, noise=noise, random_state=0)))) is None
    for seed in (1, 2, 3):
        assert JUDGE(sound(labels=facts(*make_blobs(800, centers=3, cluster_std=3, random_state=seed)))) is None
    for slope in (0.5, 1, 2, 4):  # how sure a logistic model is of its classes: a third of the rows or a tenth are "wrong"
        draw = np.random.default_rng(0)
        x = draw.normal(size=(800, 6))
        label = (draw.random(800) < 1 / (1 + np.exp(-slope * (x[:, 0] + x[:, 1] / 2)))).astype(int)
        assert JUDGE(sound(labels=facts(x, label))) is None, slope
    # no row says anything of its class
    x = np.random.default_rng(0).normal(size=(500, 2))
    assert JUDGE(sound(labels=facts(x, (x[:, 0] + np.random.default_rng(1).normal(size=500) > 0).astype(int)))) is None


def test_a_sample_is_spoken_of_as_one():
    x, label = load_iris(return_X_y=True)
    labels = facts(x, drawn_anew(label, 0.1)[0], in_all=9000)
    assert "of 150 rows that were looked at, of 9,000" in JUDGE(sound(labels=labels)).text
    few = np.ones(len(label)) * 0.9
    assert JUDGE(sound(labels=replace(labels, own=few))) is None, "the network does not say so"
    assert JUDGE(sound()) is None
