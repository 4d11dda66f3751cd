"""Post a sample many times at once to a running stack and read every answer back.

Usage, beside `make run`: python tests/benchmarks/bench_posts.py [--posts 200] [--at-once 8]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

STATE = Path(__file__).parents[2] / ".local"
TIMEOUT_S = 60


def main() -> int:
    """Print p50 and p95 of the posts; fail where an answer is missing or not read back the same."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", default="http://127.0.0.1:3000")
    options.add_argument("--posts", type=int, default=200)
    options.add_argument("--at-once", type=int, default=8)
    chosen = options.parse_args()
    headers = {"Authorization": (STATE / "api-key").read_text()}
    pictures = {
        side: (STATE / "sample" / name).read_bytes()
        for side, name in (("front", "passport.jpg"), ("selfie", "selfie.jpg"))
    }

    def post(_: int) -> tuple[float, requests.Response]:
        started = time.perf_counter()
        answer = requests.post(
            f"{chosen.url}/identity/verify",
            headers=headers,
            data={"type": "passport"},
            files=pictures,
            timeout=TIMEOUT_S,
        )
        return time.perf_counter() - started, answer

    def is_readable(answer: requests.Response) -> bool:
        read = requests.get(f"{chosen.url}/identity/verify/{answer.json()['id']}", headers=headers, timeout=TIMEOUT_S)
        return read.json() == answer.json()

    started = time.perf_counter()
    with ThreadPoolExecutor(chosen.at_once) as pool:
        posted = list(pool.map(post, range(chosen.posts)))
        took_s = time.perf_counter() - started
        answered = [answer for _, answer in posted if answer.status_code == requests.codes.ok]
        readable = sum(pool.map(is_readable, answered))
    times_ms = [1000 * seconds for seconds, _ in posted]
    p95 = statistics.quantiles(times_ms, n=20)[-1]
    print(f"{chosen.posts} posts, {chosen.at_once} at once, in {took_s:.1f} s")
    print(f"{len(answered)} answered, {readable} read back the same")
    print(f"p50 {statistics.median(times_ms):.0f} ms, p95 {p95:.0f} ms")
    return int(readable != chosen.posts)


if __name__ == "__main__":
    sys.exit(main())
