"""Which job is done by what."""

from typing import Any

from nnviz.errors import NotYet
from nnviz.jobs import data_files
from nnviz.jobs.worker import reader
from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.baselines import Baseliner
from nnviz.jobs.worker.doctor.diagnose import Doctor
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.history.gif_export import Filmer
from nnviz.jobs.worker.history.probe import Prober
from nnviz.jobs.worker.history.recorded import Past
from nnviz.jobs.worker.history.replay import Replayer
from nnviz.jobs.worker.history.row_results import RowResults
from nnviz.jobs.worker.training.train import Trainer
from nnviz.store import Job, Store


class Tasks:
    """Everything a worker can do."""

    def __init__(self, store: Store) -> None:
        self.trainer = Trainer(store)
        self.answerer = Answerer(store)
        # the data that this worker has read for its trainings serves for looking back, too
        past = self.past = Past(store, self.trainer.stock.data)
        self.doctor = Doctor(past)
        self._by_kind = {
            "train": self.trainer.train,
            "prepare": self.trainer.prepare,
            "predict": self.answerer.predict,
            "evaluate": self.answerer.evaluate,
            "read": self.answerer.read,
            "baselines": Baseliner(store, self.trainer.stock.data).compute,
            "export": Exporter(store).export,
            "find_rate": self.trainer.find_rate,
            "doctor": self.doctor.diagnose,
            "probe": Prober(past).probe,
            "film": Filmer(past).film,
            "replay": Replayer(past).replay,
            "row_results": RowResults(past).of_run,
        }

    @property
    def compilations(self) -> int:
        return self.trainer.stock.compilations

    @property
    def ready(self) -> list[str]:
        return self.trainer.stock.keys

    def warm_up(self) -> None:
        self.trainer.warm_up()

    def do(self, job: Job) -> dict[str, Any]:
        """The job's answer. Raises NnvizError for what the user can mend."""
        if job.kind not in self._by_kind:
            raise NotYet(f"no job of kind {job.kind!r} is known here")
        with reader.within_limits(reader.for_command_line if data_files.is_owners(job.payload) else None):
            return self._by_kind[job.kind](job)
