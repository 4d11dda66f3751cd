"""dlib as published: HOG detector, five points, chip, embedding. Runs in an environment of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dlib  # it is in .build/dlib
import numpy as np

MODELS = Path(__file__).parents[4] / ".build/dlib/models"

detector = dlib.get_frontal_face_detector()
five_points = dlib.shape_predictor(str(MODELS / "shape_predictor_5_face_landmarks.dat"))
embedder = dlib.face_recognition_model_v1(str(MODELS / "dlib_face_recognition_resnet_model_v1.dat"))


def faces(image: np.ndarray, enlarged: int) -> list[Any]:
    """Find faces and their five points; HOG sees those of 80 pixels, or half that for each time enlarged."""
    return [five_points(image, box) for box in detector(image, enlarged)]


def embed(image: np.ndarray, face: Any) -> np.ndarray:
    """Embed a face as a unit vector."""
    vector = np.array(embedder.compute_face_descriptor(image, face))
    return vector / np.linalg.norm(vector)


def embed_chip(chip: np.ndarray) -> np.ndarray:
    """Embed an aligned face, 150 by 150, as the network gives it."""
    return np.array(embedder.compute_face_descriptor(chip))


def chip_of(image: np.ndarray, face: Any) -> np.ndarray:
    """Align a face as dlib does."""
    return dlib.get_face_chip(image, face, size=150, padding=0.25)


def central(image: np.ndarray, found: list[Any]) -> Any:
    """Choose the face nearest to the middle."""
    middle = np.array(image.shape[1::-1]) / 2
    return min(found, key=lambda face: np.hypot(*(np.array([face.rect.center().x, face.rect.center().y]) - middle)))
