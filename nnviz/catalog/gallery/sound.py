"""Cases that look doubtful and are sound."""

from nnviz.catalog.gallery.case import GalleryCase, adam, dense, made, spec

_FLATTEN = [{"kind": "Flatten"}]

SOUND = (
    GalleryCase(
        name="noisy_batches",
        title="Two clouds, batches of 4",
        question="The loss of the batches jumps up and down. Is something wrong?",
        spec=spec(made("gaussians", noise=0.15), dense(8), optimizer=adam(0.01), epochs=40, batch_size=4),
        rule=None,
        others=("rate_too_high", "batch_too_small", "overfitting"),
        lesson="A batch of 4 rows is easy or hard by chance, so its loss jumps. What counts is the line of all rows, and that "
        "comes down steadily: as long as it falls, noise of batches is no trouble.",
    ),
    GalleryCase(
        name="slow_start",
        title="Spirals, two hidden layers",
        question="For a long time next to nothing is learned. Is something wrong?",
        spec=spec(made("spirals"), dense(32, 16), optimizer=adam(0.01), epochs=240),
        rule=None,
        others=("rate_too_low", "dead_relu", "underfitting"),
        lesson="Before units have turned towards the pattern, the loss lies on a plateau, and then it falls all at once. "
        "Patience is sometimes right: wait before you judge.",
    ),
    GalleryCase(
        name="still_accuracy",
        title="Wines of three growers",
        question="The accuracy has stopped rising. Is something wrong?",
        spec=spec("wine", dense(8), optimizer={"kind": "SGD", "learning_rate": 0.03}, epochs=90, batch_size=16),
        rule=None,
        others=("underfitting", "batch_too_large", "rate_too_low"),
        lesson="Accuracy only counts whether an answer is right or wrong. The loss still falls, since right answers become "
        "surer, for validation rows too: learning goes on where accuracy stands still.",
    ),
    GalleryCase(
        name="small_gap",
        title="Handwritten digits, a wide network",
        question="Validation stays a little behind training. Is something wrong?",
        spec=spec("digits", [*_FLATTEN, *dense(48, 24, activation="relu")], optimizer=adam(0.003), epochs=25, batch_size=64),
        rule=None,
        others=("overfitting", "too_much_dropout", "rate_too_high"),
        lesson="Rows that were learned from are mostly answered a little better than new ones. A small gap is normal; it is "
        "overfitting where the gap grows and the validation loss rises. Here it falls to the end.",
    ),
)
