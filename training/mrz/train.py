"""Train a net for so many steps: AdamW, warm-up and cosine, the running mean of the weights kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from . import locator, recogniser
from .scene import random_scene
from .strip import random_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.random import Generator

PEAK_RATE = 3e-3
WARM_UP_STEPS = 60
REPORT_EVERY = 50
SAVE_EVERY = 250


@dataclass(frozen=True)
class Task:
    """A net, what it learns from, how it is judged, and how long that takes."""

    net: Callable[[], nn.Module]
    sample: Callable[[Generator], tuple[Any, ...]]
    loss: Callable[..., Tensor]
    batch: int
    steps: int
    input_shape: tuple[int, int]  # height and width to export with


TASKS = {
    "recogniser": Task(recogniser.LineNet, random_sample, recogniser.loss_of, 48, 14_000, (32, 768)),
    "locator": Task(locator.LocatorNet, random_scene, locator.loss_of, 16, 9_000, (384, 512)),
}


def train(task: Task, out: Path, *, steps: int, seed: int, workers: int, threads: int) -> None:
    """Train and save the weights as out."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    net = task.net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    mean = {name: value.clone() for name, value in net.state_dict().items()}
    samples = _Samples(task.sample, seed)
    batches = iter(DataLoader(samples, batch_size=task.batch, num_workers=workers, prefetch_factor=6))
    started, smooth = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        rate = min(1, step / WARM_UP_STEPS) * max(0.01, 0.5 * (1 + np.cos(np.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = PEAK_RATE * rate
        inputs, *wanted = next(batches)
        loss = task.loss(net(inputs), *wanted)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        _follow(mean, net, step)
        smooth = loss.item() if step == 1 else 0.97 * smooth + 0.03 * loss.item()
        if step % REPORT_EVERY == 0:
            print(f"step {step} {time.monotonic() - started:.0f} s loss {smooth:.4f}", flush=True)
        if step % SAVE_EVERY == 0:
            torch.save(mean, out)
    torch.save(mean, out)


class _Samples(IterableDataset):  # type: ignore[type-arg]  # torch's stub wants a type that depends on the task
    """Endless samples: worker w of a run seeded s always makes the same ones."""

    def __init__(self, sample: Callable[[Generator], tuple[Any, ...]], seed: int) -> None:
        self._sample, self._seed = sample, seed

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self._seed, worker.id if worker else 0])
        while True:
            yield self._sample(rng)


def _follow(mean: dict[str, Tensor], net: nn.Module, step: int) -> None:
    share = 1 - min(0.99, step / (step + 20))
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                mean[name].lerp_(value, share)
            else:
                mean[name].copy_(value)
