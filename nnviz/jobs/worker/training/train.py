"""The job `train`: claim the run, read its data, train, record, keep the weights."""

import os
import time
from typing import Any

from nnviz import data, engine
from nnviz.engine.loop.turns import Turn
from nnviz.engine.training.rate_finder import without_schedule
from nnviz.engine.training.recompile import spec_of
from nnviz.errors import Diverged, NnvizError, RunError, StaleAttempt, Unexpected
from nnviz.jobs.endings import ending
from nnviz.jobs.worker.about_data import about
from nnviz.jobs.worker.doctor.rounds import Rounds
from nnviz.jobs.worker.training import branch, start_line
from nnviz.jobs.worker.training.places import Place
from nnviz.jobs.worker.training.plane_rows import rows_frame
from nnviz.jobs.worker.training.recorder import Controls, Recorder
from nnviz.jobs.worker.training.stock import Stock
from nnviz.spec import RunSpec, custom_expressions
from nnviz.store import Job, Run, Store
from nnviz.store.jobs.sharing import MOST_RUNS

_PART_NAMES = {"train": "training", "validation": "validation", "test": "test"}
READING_SECONDS = 0.5


class Trainer:
    """Trains runs. May be asked by several threads: their trainings take turns, and those of one form use the same network. Data
    is read, and networks are compiled, while others train."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.stock = Stock(store)
        self.turn = Turn()
        self.controls = Controls(store)
        self.is_leaving = False
        """Whether this process is to end once nothing trains any more."""
        self.has_rounds = False
        """Whether runs are looked at by the doctor while they train: where workers do its jobs."""
        self._running: set[str] = set()

    def warm_up(self) -> None:
        """Trains one tiny network and forgets it: what TensorFlow loads lazily is loaded before anyone waits for it."""
        spec = RunSpec.parse(
            {
                "data": {"kind": "synthetic", "name": "spirals", "samples": 20},
                "layers": [{"kind": "Dense", "units": 2}],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
                "training": {"epochs": 1},
            }
        )
        engine.train(spec, data.load(spec), on_progress=lambda progress: None, control=engine.Control)

    def prepare(self, job: Job) -> dict[str, Any]:
        """Builds and compiles what the user is looking at, so that Train means train."""
        self.stock.session(RunSpec.parse(job.payload["spec"]))
        return {"key": job.key}

    def find_rate(self, job: Job) -> dict[str, Any]:
        """Payload: `spec`, and `lowest`, `highest`, `steps` if wanted; see `engine.find_rate`. Reports on its way."""
        spec = without_schedule(RunSpec.parse(job.payload["spec"]))
        options = {name: job.payload[name] for name in ("lowest", "highest", "steps") if name in job.payload}
        wanted = True

        def report(sweep: engine.RateSweep) -> None:
            nonlocal wanted
            wanted = self.store.jobs.report(job.id, sweep.to_json())

        try:
            sweep = engine.find_rate(
                spec,
                self.stock.data(spec),
                session=self.stock.session(spec),
                on_progress=report,
                control=lambda: engine.Control(stop=not wanted),
                turn=self.turn,
                **options,
            )
        except NnvizError:
            raise
        except Exception as error:
            raise _in_words(error) from error
        return sweep.to_json()

    def train(self, job: Job) -> dict[str, Any]:
        run = self.store.runs.get(job.run or "")
        try:
            attempt, state = self._claimed(run)
        except StaleAttempt:
            return {"status": self.store.runs.get(run.id).status}
        run = self.store.runs.get(run.id)
        self._running.add(run.id)
        try:
            return {"status": self._train(job, run, attempt, state)}
        except StaleAttempt:
            raise
        except _Stopped:
            self.store.runs.finish(run.id, attempt, "stopped")
            return {"status": "stopped"}
        except Diverged as error:
            self.store.runs.finish(run.id, attempt, "diverged", error=error)
            return {"status": "diverged"}
        except NnvizError as error:
            self.store.runs.finish(run.id, attempt, "failed", error=error)
        except Exception as error:
            self.store.runs.finish(run.id, attempt, "failed", error=_in_words(error))
        finally:
            self._running.discard(run.id)
        return {"status": "failed"}

    def _claimed(self, run: Run) -> tuple[int, engine.State | None]:
        """The attempt that was opened, and the state from which it goes on. Raises StaleAttempt."""
        last = self.store.snapshots.last(run.id)
        if last is None:
            if run.attempt:
                return self.store.run_control.claim_from(run.id, pid=os.getpid(), step=0, epoch=0.0, seconds=0.0), None
            return self.store.runs.claim(run.id, pid=os.getpid()), None
        step, content, damaged = last
        snapshot = next(snapshot for snapshot in self.store.snapshots.of_run(run.id) if snapshot.step == step)
        attempt = self.store.run_control.claim_from(
            run.id, pid=os.getpid(), step=step, epoch=snapshot.epoch, seconds=snapshot.seconds
        )
        if damaged:
            self.store.runs.add_event(
                run.id,
                "damaged",
                f"The snapshot after step {damaged[0]:,} is damaged: it goes on from the one before, after step {step:,}",
            )
        return attempt, engine.State.from_bytes(content)

    def _train(self, job: Job, run: Run, attempt: int, state: engine.State | None) -> str:
        run_id, spec, is_small = run.id, run.spec, job.payload.get("small") is True
        if run.control.epochs is not None:
            spec = spec.with_("training.epochs", run.control.epochs)
        prepared = self.stock.data(spec, on_read=_Reading(self.store, run_id, attempt))
        self.store.runs.set_phase(
            run_id, attempt, "building", info=_facts(prepared) | _own(spec), encoder=prepared.encoder.to_json()
        )
        begins = "" if state is None else f"Went on from step {state.step:,}"
        if state is None and spec.branch is not None:
            with self.turn:
                state = branch.begin(self.store, run, attempt, spec, prepared=prepared, session=self.stock.session(spec))
            run = self.store.runs.get(run_id)
        sample = engine.sample_counts(spec_of(spec, state), prepared, state)
        self.store.runs.set_phase(run_id, attempt, "building", info={"sample": sample})
        points = rows_frame(prepared)
        step, epoch, seconds = (run.step, run.epoch, run.seconds) if state else (0, 0.0, 0.0)
        if points is not None:
            self.store.series.append(run_id, attempt, step=step, epoch=epoch, seconds=seconds, frame=points, phase="building")
        rows = {name: f"{len(part.y):,}" for name, part in prepared.parts.items()}
        self.store.runs.add_event(
            run_id,
            "started",
            begins or "Started: " + ", ".join(f"{count} {_PART_NAMES[name]}" for name, count in rows.items()) + " rows",
        )
        # with units off it needs a session that no other run can use
        session = None if state is not None and state.off else self.stock.session(spec_of(spec, state))
        is_rival = start_line.is_rival(self.store, run)
        if is_rival and is_small and state is None and run.control.pace == "watch":
            start_line.wait(self.store, run, attempt)
        place = Place(self.turn, lambda rests: self.store.jobs.report(job.id, {"rests": rests}), rests=is_small)
        recorder = Recorder(
            self.store,
            run_id,
            attempt,
            seconds=state.notes["seconds"] if state else 0.0,
            controls=self.controls,
            is_awaited=lambda: self._is_awaited(is_small),
            on_points=Rounds(self.store, run) if self.has_rounds else None,
        )
        try:
            result = engine.train(
                spec,
                prepared,
                on_progress=recorder.record,
                control=recorder.control,
                session=session,
                state=state,
                keep="few" if run.group and not is_rival else "all",
                turn=place,
            )
        finally:
            recorder.close()
        if result.status == "paused":
            self.store.run_control.park(run_id, attempt)
            return result.status
        weights = self.store.blobs.put(engine.weights_to_bytes(result.weights))
        self.store.runs.finish(
            run_id,
            attempt,
            result.status,
            metrics=dict(result.metrics),
            weights=weights,
            text=ending(spec, result.status, self._pruned(run) | dict(result.info), epoch=result.epochs),
            info=dict(result.info)
            | {
                "parameters": result.parameters,
                "steps_per_second": result.steps_per_second,
                "compile_seconds": result.compile_seconds,
                "epochs": result.epochs,
            },
        )
        return result.status

    def _pruned(self, run: Run) -> dict[str, Any]:
        """Why its sweep ended it, if that is what happened."""
        reason = self.store.runs.get(run.id).info.get("pruned") if run.group else None
        return {"pruned": reason} if reason else {}

    def _is_awaited(self, is_small: bool) -> bool:
        """Whether a paused run is to give its place back: its process is about to leave, or another run waits for a worker. That
        of a small one is of use to others only where there are as many as one worker trains."""
        if self.is_leaving:
            return True
        return (not is_small or len(self._running) >= MOST_RUNS) and self.store.jobs.is_awaited()


class _Stopped(Exception):
    """The run was asked to stop while its data was being read."""


class _Reading:
    """Says with the run how far its data has been read, now and then, and ends that where the run was asked to stop. Called
    with words, or without any where there is nothing new to say."""

    def __init__(self, store: Store, run_id: str, attempt: int) -> None:
        self.store, self.run_id, self.attempt = store, run_id, attempt
        self._next = time.monotonic() + READING_SECONDS
        self._words = ""

    def __call__(self, words: str = "") -> None:
        self._words = words or self._words
        if time.monotonic() >= self._next:
            if self.store.runs.control(self.run_id).stop:
                raise _Stopped
            if self._words:
                self.store.runs.set_phase(self.run_id, self.attempt, f"reading, {self._words}"[:32])
            self._next = time.monotonic() + READING_SECONDS


def _facts(prepared: data.Prepared) -> dict[str, Any]:
    return {
        "task": prepared.task,
        "shape": list(prepared.shape),
        "outputs": prepared.outputs,
        "classes": list(prepared.classes),
        "columns": list(prepared.columns)[:500],
        "plane": list(prepared.plane) if prepared.plane else None,
        "rows": {name: len(part.x) for name, part in prepared.parts.items()},
        "about_data": about(prepared),
        "target_mean": [float(value) for value in prepared.target_mean],
        "target_scale": [float(value) for value in prepared.target_scale],
    }


def _in_words(error: Exception) -> RunError:
    if isinstance(error, MemoryError) or "OOM" in str(error) or "ResourceExhausted" in type(error).__name__:
        return RunError("memory ran out", remedy="Use a smaller batch, fewer units or fewer rows.")
    return Unexpected.logged(error, where="training")


def _own(spec: RunSpec) -> dict[str, Any]:
    """What a run records of custom components, should their files go."""
    formulas = custom_expressions(spec)
    return {"own": formulas} if formulas else {}
