"""Train the net for so many steps: AdamW, warm-up and cosine, the running mean of the weights kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from .net import CLASSES, LineNet
from .sample import BLANK, IGNORED, random_sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCH = 48
PEAK_RATE = 3e-3
WARM_UP_STEPS = 60
REPORT_EVERY = 50


class Samples(IterableDataset):
    """Endless samples: worker w of a run seeded s always makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            yield random_sample(rng)


def train(out: Path, *, steps: int, seed: int, workers: int, threads: int, seconds: float) -> None:
    """Train and save the weights as out; stops early, with the rate already lowered, when seconds are over."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    net = LineNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    weights = torch.ones(CLASSES)
    weights[BLANK] = 0.6
    loss_of = nn.CrossEntropyLoss(weight=weights, ignore_index=IGNORED, label_smoothing=0.0)
    mean = {name: value.clone() for name, value in net.state_dict().items()}
    batches = iter(DataLoader(Samples(seed), batch_size=BATCH, num_workers=workers, prefetch_factor=6))
    started, smooth = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        done = max(step / steps, (time.monotonic() - started) / seconds)
        if done > 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = PEAK_RATE * min(1, step / WARM_UP_STEPS) * max(0.01, 0.5 * (1 + np.cos(np.pi * done)))
        strips, classes = next(batches)
        loss = loss_of(net(strips), classes)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        _follow(mean, net, step)
        smooth = loss.item() if step == 1 else 0.97 * smooth + 0.03 * loss.item()
        if step % REPORT_EVERY == 0:
            print(f"step {step} {time.monotonic() - started:.0f} s loss {smooth:.4f}", flush=True)
        if step % (REPORT_EVERY * 5) == 0:
            torch.save(mean, out)
    torch.save(mean, out)


def _follow(mean: dict[str, torch.Tensor], net: nn.Module, step: int) -> None:
    share = 1 - min(0.99, step / (step + 20))
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                mean[name].lerp_(value, share)
            else:
                mean[name].copy_(value)
