"""rapidocr as published, on one thread: every text it finds, with its box. Runs in an environment of its own."""

from __future__ import annotations

from typing import Any

import cv2
import rapidocr  # type: ignore[import-not-found]  # it is in .build/rapidocr, not where types are checked

from tests.benchmarks.mrz.workers.serving import serve

ONE_THREAD = {
    "Global.log_level": "error",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


def load() -> Any:
    """Load the models."""
    cv2.setNumThreads(1)
    return rapidocr.RapidOCR(params=ONE_THREAD)


def main() -> None:
    """Load the models, then serve."""
    engine = load()

    def read(path: str) -> dict[str, Any]:
        found = engine(path)
        texts = [] if found.boxes is None else zip(found.txts, found.boxes.tolist(), strict=True)
        return {"texts": [{"text": text, "box": box} for text, box in texts]}

    serve(read)


if __name__ == "__main__":
    main()
