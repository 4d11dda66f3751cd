"""python -m training.mrz OUT.onnx: train from synthetic print alone and export."""

from __future__ import annotations

import argparse
from pathlib import Path

from .export import export
from .train import train


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m training.mrz", description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--steps", type=int, default=12_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seconds", type=float, default=float("inf"), help="stop by then whatever the step")
    chosen = arguments.parse_args()
    weights = chosen.out.with_suffix(".pt")
    train(
        weights,
        steps=chosen.steps,
        seed=chosen.seed,
        workers=chosen.workers,
        threads=chosen.threads,
        seconds=chosen.seconds,
    )
    export(weights, chosen.out)


if __name__ == "__main__":
    main()
