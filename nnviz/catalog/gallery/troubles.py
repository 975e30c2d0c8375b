"""Cases with one thing wrong, each by another rule of the doctor."""

from nnviz.catalog.gallery.case import adam, dense, made, spec, trouble

_FLATTEN = [{"kind": "Flatten"}]
_EACH_DROPPED = [layer for one in dense(48, 24, activation="relu") for layer in (one, {"kind": "Dropout", "rate": 0.85})]
_HEAVY = {"kind": "L2", "l2": 0.3}

TROUBLES = (
    trouble(
        "rate_too_high",
        "Two moons, a small network",
        "The loss jumps up and down and gets nowhere. Is something wrong?",
        spec(made("moons"), dense(12, 8), optimizer=adam(2.0), epochs=60),
        ("underfitting", "rate_too_low"),
        "Each step overshoots: it lands on the other side of the valley, often higher than before, and no number of epochs "
        "will settle that. A jumping loss is the commonest sign of a learning rate that is too high; divide it by ten until "
        "the loss falls steadily.",
    ),
    trouble(
        "dead_relu",
        "Spirals, three hidden layers",
        "The loss sinks a little and then lies flat. Is something wrong?",
        spec(
            made("spirals", seed=1),
            dense(24, 24, 24, activation="relu", bias_initializer={"kind": "Constant", "value": -1.5}),
            optimizer=adam(0.01),
            epochs=100,
            seed=1,
        ),
        ("too_much_dropout", "overfitting"),
        "The biases start far below zero, so most ReLU units give 0 for every row, and where ReLU gives 0 its slope is 0 as "
        "well: no gradient ever wakes them. Looking at how each layer learns shows it at once, and the loss alone does not.",
    ),
    trouble(
        "underfitting",
        "Four quarters in two colours",
        "Both losses come to rest at the same high value. Is something wrong?",
        spec(made("xor"), [], optimizer=adam(0.03), epochs=60),
        ("overfitting", "vanishing_gradient"),
        "Without a hidden layer a network can only draw a straight line, and no straight line separates the two colours. "
        "Training rows are answered as badly as others: that is the difference from overfitting. It needs a hidden layer, not "
        "time.",
    ),
    trouble(
        "overfitting",
        "Noisy moons",
        "Late in the training the two lines part. Is something wrong?",
        spec(
            made("moons", samples=400, noise=2.0),
            dense(64, 64, activation="relu"),
            optimizer=adam(0.01),
            epochs=150,
            validation=0.6,
        ),
        ("rate_too_high", "too_much_regularization"),
        "From where the validation line turns up, the network learns single points by heart: look how the border begins to "
        "wind around them. The training loss alone would call this a success.",
    ),
    trouble(
        "rate_too_low",
        "A disc inside a ring",
        "The loss comes down, but not far. Is something wrong?",
        spec(made("circle"), dense(16, 8, activation="relu"), optimizer=adam(0.00003), epochs=60),
        ("vanishing_gradient", "too_much_regularization"),
        "The way is right, but each step is tiny, and the epochs are over long before the bottom. A straight, slow descent "
        "that has not bent at the end says: raise the learning rate.",
    ),
    trouble(
        "vanishing_gradient",
        "Four quarters, once more",
        "To the end there is one answer everywhere. Is something wrong?",
        spec(made("xor"), dense(*[16] * 8, activation="sigmoid"), optimizer=adam(0.01), epochs=60),
        ("dead_relu", "overfitting"),
        "A sigmoid passes on at most a quarter of the gradient. After eight of them less than a ten-thousandth is left, so "
        "the first layers stay as they were drawn. This is why deep networks use ReLU.",
    ),
    trouble(
        "poor_initialisation",
        "Three kinds of iris",
        "The loss lies flat from the first epoch to the last. Is something wrong?",
        spec("iris", dense(16, 8, kernel_initializer="zeros"), optimizer=adam(0.01), epochs=60, batch_size=16),
        ("rate_too_low", "too_much_dropout"),
        "All weights start at 0, so no signal passes and no gradient comes back: nothing is learned. Random first weights are "
        "there to let signals through and to make units differ.",
    ),
    trouble(
        "too_much_dropout",
        "Handwritten digits, two layers",
        "New rows are answered better than those it learns from. Is something wrong?",
        spec("digits", [*_FLATTEN, *_EACH_DROPPED], optimizer=adam(0.003), epochs=25, batch_size=64),
        ("overfitting", "exploding_gradient"),
        "In each step 85 % of the outputs are switched off, and what is left cannot tell digits apart. For new rows dropout is "
        "off, so they are answered better than training rows; a small lead of theirs is normal. It helps against overfitting; "
        "here there was none.",
    ),
    trouble(
        "batch_too_large",
        "Spirals, a smooth line",
        "The training ends while the loss is on its way down. Is something wrong?",
        spec(made("spirals"), dense(24, 24, activation="relu"), optimizer=adam(0.003), epochs=120, batch_size=512),
        ("overfitting", "dead_relu"),
        "All rows are in one batch, so an epoch is a single step: 120 epochs are 120 steps. Smaller batches give twenty times "
        "as many: noisier ones, but together they get much further.",
    ),
    trouble(
        "exploding_gradient",
        "A tilted plane, six layers",
        "The loss starts at many thousands. Is something wrong?",
        spec(
            made("plane"),
            dense(*[24] * 6, activation="relu", kernel_initializer={"kind": "RandomNormal", "mean": 0.0, "stddev": 1.0}),
            optimizer=adam(0.01),
            epochs=60,
            cost={"kind": "MeanSquaredError"},
        ),
        ("underfitting", "batch_too_large"),
        "The first weights are so large that each layer makes signals and gradient larger. The gradient at the first layer is "
        "thousands of times its weights, and the first step throws everything away.",
    ),
    trouble(
        "too_much_regularization",
        "Tumours, 30 measurements",
        "The loss rises, even on training rows. Is something wrong?",
        spec(
            "breast_cancer",
            dense(16, 8, kernel_regularizer=_HEAVY),
            optimizer=adam(0.003),
            epochs=40,
            cost={"kernel_regularizer": _HEAVY},
        ),
        ("too_much_dropout", "batch_too_large"),
        "The penalty on large weights, which the curve leaves out, is larger than the loss itself, so training makes weights "
        "small instead of answers good. A little of it helps against overfitting; this much forbids learning.",
    ),
    trouble(
        "saturated",
        "Hills and valleys",
        "The picture of the plane is all stripes and hardly changes. Is something wrong?",
        spec(
            made("gauss_regression"),
            dense(32, 16, kernel_initializer={"kind": "RandomNormal", "mean": 0.0, "stddev": 10.0}),
            optimizer=adam(0.01),
            epochs=60,
            cost={"kind": "MeanSquaredError"},
        ),
        ("overfitting", "rate_too_high"),
        "The first weights are so large that every tanh sits at one of its flat ends. There its slope is nearly 0, so hardly "
        "any gradient comes through, however large the error is.",
    ),
)
