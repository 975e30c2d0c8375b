"""What can be seen of a network at any recorded moment, beside its curves and its answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Inputs = Literal["columns", "images", "arrays"]
"""What one row is, by its dimensions: a list of numbers (1), height x width x channels (3), or anything else."""
RECURRENT = ("LSTM", "GRU", "SimpleRNN")
ATTENTION = ("MultiHeadAttention",)


@dataclass(frozen=True)
class View:
    """`question`: what it answers, as a menu lists it; `about`: what one sees, and what to look for; `tasks` and `inputs`: of the
    runs for which it exists; `layers`: kinds of which a network must have one, empty where it may have any; `least_inputs`: of a
    table."""

    name: str
    title: str
    question: str
    about: str
    tasks: tuple[str, ...] = ("classification", "regression")
    inputs: tuple[Inputs, ...] = ("columns", "images", "arrays")
    layers: tuple[str, ...] = ()
    least_inputs: int = 1

    def exists_for(self, task: str, shape: Sequence[int], kinds: Collection[str]) -> bool:
        """Whether a run of this task has it, whose rows have this shape and whose network has layers of these kinds."""
        inputs: Inputs = "columns" if len(shape) == 1 else "images" if len(shape) == 3 else "arrays"
        if inputs == "columns" and shape[0] < self.least_inputs:
            return False
        has_layers = not self.layers or any(kind in kinds for kind in self.layers)
        return task in self.tasks and inputs in self.inputs and has_layers


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            name="network",
            title="The network",
            question="What does each unit do, and which weights matter?",
            about="Each square is a unit: what it gives over the plane of both inputs or for a picture, else how its outputs are "
            "distributed. Lines are weights, wide where they are large. Point at a unit for its formula. Units that look alike "
            "do the same work; one that is 0 everywhere does none.",
        ),
        View(
            name="layers",
            title="Weights and gradients",
            question="Is every layer learning? Are units dead or saturated?",
            about="Each row is a layer: how large its weights are, how large the gradient (which way and how steeply the loss "
            "rises with each weight), and how large the next change of the weights. Positive numbers stand above the line, "
            "negative ones below, larger ones further right; the mark is the typical size. A layer learns well where one change "
            "is about a thousandth of its weights: the shaded band. Far below it hardly learns, far above it jumps about. A dead "
            "unit gives 0 for every row and learns nothing.",
        ),
        View(
            name="cost",
            title="The cost",
            question="What does this cost want, and which rows push hardest?",
            about="The upper curve is what a row costs, the lower one its slope: how hard the cost pushes the network to answer "
            "otherwise. Points are rows, in the colour of their class; dark rings are wrong ones. Look for rows far to the left: "
            "a cost that is steep there learns from them, one that is flat there gives them up. With more than two classes the "
            "curve is of rows whose wrong classes are all as likely: a row with one strong rival lies off it.",
        ),
        View(
            name="results",
            title="Class by class",
            question="How good are its answers, class by class?",
            about="The table counts, for each class, how many rows of it were recognised (recall) and how many of those that "
            "were called so are (precision). Below it one class is set against all others: a row is called so from some "
            "probability on, the threshold. Move it, and see what it catches and what it takes by mistake. The curves show all "
            "thresholds at once: the farther they reach into the corner, the better the network tells the class from the others. "
            "Where its probabilities can be believed, the last picture lies on the line.",
            tasks=("classification",),
        ),
        View(
            name="mistakes",
            title="Its mistakes",
            question="Which rows does it get wrong, and how sure is it of them?",
            about="The table counts how many rows of each class are taken for which: press a count to see its rows. Below it the "
            "rows that are wrong, the surest first: look at what stands in them and whether their "
            "label is right. Below, what the recorded moments say: rows that it once had right and has forgotten, that it never "
            "had right, and that it learned last. The last ones are the hard ones, often at the border between two classes.",
            tasks=("classification",),
        ),
        View(
            name="images",
            title="Pictures",
            question="What does the network see in a picture?",
            about="A picture, what the network answers to it, and in colour where the maps of its last convolution speak for "
            "that answer (Grad-CAM). Each feature map shows where one filter answers; choose one for its kernel, the pictures "
            "that it answers most, and the sum behind each of its values. Look for colour on the background rather than on the "
            "thing: then the network goes by something else than you.",
            inputs=("images",),
        ),
        View(
            name="residuals",
            title="Where it is off",
            question="By how much, where and in which direction is it off?",
            about="Each point is a row. On the left what it is against what was predicted: on the line a prediction is right. In "
            "the middle the error, predicted minus true, against what was predicted: look for a slope, a bend or a funnel, which "
            "say that the network misses something. On the right how many rows have which error. Move the tolerance, how far off "
            "is good enough for you, and see for how many rows it holds.",
            tasks=("regression",),
        ),
        View(
            name="way",
            title="A weight’s way",
            question="Where is a weight going, and why there?",
            about="Two weights, and what the network costs for every pair of their values while all others stay as they are: "
            "the stronger its grey, the higher. The line is the way they came, the ring where they are. Arrows show the next "
            "step: what this run does, and what plain SGD, momentum and Adam would do from here. Plain SGD goes straight down, "
            "across the lines of equal cost. Momentum adds up steps that agree, and cancels those that go to and fro. Adam moves "
            "each weight by about the learning rate at most, however steep it is, and by less where its gradients cancel.",
        ),
        View(
            name="back",
            title="One step, all the way back",
            question="How does the next step come about, row by row?",
            about="A step changes a weight by its gradient: how the loss changes with it. Each row of the batch has a share. "
            "Choose a row, and follow it back: its cost pushes at the outputs, and each layer hands the push on to the one "
            "before, times the slope of its activation, until it meets the weight. There it is multiplied by what came in. All "
            "shares together are the gradient, of which the optimizer makes the step. Look for rows that pull against each "
            "other, and for layers through which hardly anything comes.",
        ),
        View(
            name="landscape",
            title="The loss landscape",
            question="Which way did all weights take through the loss?",
            about="All weights together are one point in a space with a direction for each weight. The line is the way of that "
            "point, from the first moment to the ring. A map has only two directions: those in which it moved most. The "
            "sentence above says how much of the movement they hold. A stronger grey is a higher cost. Look for a long flat "
            "valley (slow progress), for zigzags between two walls (the learning rate is large), and for a way that still goes "
            "down where it ends.",
        ),
        View(
            name="columns",
            title="What matters",
            question="Which columns does it rely on, and how?",
            about="Each bar is a column: how much worse the answers become when its values are shuffled among the rows, so that "
            "they say nothing any more. A column whose bar is no longer than its spread may as well be noise. Columns that say "
            "the same stand in for each other, so each seems to matter little. Choose a column to see what the network answers "
            "on average as its value changes, and for single rows; flat means that it is not used. Below, change the values of "
            "one row and see its answer move.",
            inputs=("columns",),
        ),
        View(
            name="map",
            title="A map of two columns",
            question="What does it answer over two of the columns?",
            about="The picture shows what the network answers for each pair of values of two columns while all others stay: "
            "typical, or those of one row. Points are rows; as their own other values differ, the colour below a point need not "
            "be the answer to it: the sentence says how often it is. Straight borders mean that the two columns are weighed and "
            "added, bent ones that they act together. A map along the principal components shows more of how the rows differ.",
            inputs=("columns",),
            least_inputs=3,
        ),
        View(
            name="space",
            title="A layer’s space",
            question="How do layers pull the rows apart?",
            about="What a layer gives for a row is a point in a space with as many directions as the layer has outputs. The "
            "picture shows the plane of it in which the rows differ most (the first two principal components), each row as a "
            "point. The axes are those of the run’s last moment and stay as you go back, so you see the points move. The list "
            "says for each layer how well rows can be told by the rows around them; look for the layer where that rises, and for "
            "rows that lie among others of another colour: these are the ones it gets wrong.",
        ),
        View(
            name="sequence",
            title="Step by step",
            question="What does it keep, and which step looks at which?",
            about="One row, read step by step. Of a recurrent layer each line is a unit, and each column what it holds after "
            "that step: look for units that change at one kind of step and then hold their value, which is what it remembers. "
            "Of attention each line is a step that looks, and each column the step it looks at, stronger where it takes more "
            "of it; a line adds up to 1. Each head looks in its own way.",
            layers=(*RECURRENT, *ATTENTION),
        ),
    )
}
"""In the order of the menu."""
