"""Rules as others published them, re-stated as functions of the evidence that the doctor judges by, with their own default
thresholds: for a table beside its own, never part of nnviz."""

from benchmarks.doctor.published import autotrainer, sagemaker, umlaut
from benchmarks.doctor.published.system import System

SYSTEMS: tuple[System, ...] = (sagemaker.SYSTEM, autotrainer.SYSTEM, umlaut.SYSTEM)

__all__ = ["SYSTEMS", "System"]
