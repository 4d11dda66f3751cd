"""python -m training.mrz [recogniser|locator] [--out DIR]: train on made-up print alone and export to ONNX."""

from __future__ import annotations

import argparse
from pathlib import Path

from .export import export
from .train import TASKS, train


def main() -> None:
    """Train both nets, one after the other, or the one that is named."""
    arguments = argparse.ArgumentParser(prog="python -m training.mrz", description=__doc__)
    arguments.add_argument("nets", nargs="*", metavar="NET", help=f"of {', '.join(TASKS)}; both when none is named")
    arguments.add_argument("--out", type=Path, default=Path(".build/training"))
    arguments.add_argument("--steps", type=int, help="fewer or more than the net is trained for by default")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--workers", type=int, default=2, help="processes that make samples")
    arguments.add_argument("--threads", type=int, default=2)
    chosen = arguments.parse_args()
    if unknown := set(chosen.nets) - set(TASKS):
        arguments.error(f"there is no net {', '.join(unknown)}")
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in chosen.nets or TASKS:
        task = TASKS[name]
        weights = chosen.out / f"mrz_{name}.pt"
        steps = chosen.steps or task.steps
        train(task, weights, steps=steps, seed=chosen.seed, workers=chosen.workers, threads=chosen.threads)
        export(task, weights, weights.with_suffix(".onnx"))


if __name__ == "__main__":
    main()
