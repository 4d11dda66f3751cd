"""A sheet in space, flat or bowed, as a pinhole camera sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.benchmarks.mrz.optics import Picture, Scene

Point: TypeAlias = tuple[float, float]
FOCAL = 1.15  # in longer sides of the picture: the main camera of a phone
STEPS = 8  # to where a ray meets a bowed sheet; each leaves a small share of the error


@dataclass(frozen=True)
class Pose:
    """How the sheet lies before the camera. Angles in degrees; bow in widths of the sheet."""

    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    bow: float = 0.0  # the height of a page's arch, which runs across the reading direction
    bow_along: bool = False  # arched along the reading direction instead


@dataclass(frozen=True)
class Camera:
    """A pose and a picture size in which the sheet fills a given share of the width where it is nearest."""

    pose: Pose
    aspect: float  # of the sheet: height by width
    size: tuple[int, int]  # of the picture: width, height
    sheet_px: float  # width of the sheet if it were seen face on

    @property
    def _focal_px(self) -> float:
        return FOCAL * max(self.size)

    @property
    def _rotation(self) -> NDArray[np.float64]:
        pitch, yaw, roll = np.radians((self.pose.pitch, self.pose.yaw, self.pose.roll))
        about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
        about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        return np.asarray(about_z @ about_x @ about_y, np.float64)

    @property
    def _distance(self) -> float:
        """How far the sheet's middle is, in widths of the sheet."""
        return self._focal_px / self.sheet_px

    def project(self, at: Point) -> Point:
        """Say where a place on the sheet is in the picture; places are in widths from the sheet's middle."""
        on_sheet = np.array([at[0], at[1], self._height(np.array(at[0]), np.array(at[1]))], np.float64)
        x, y, depth = self._rotation @ on_sheet + (0, 0, self._distance)
        width, height = self.size
        return float(self._focal_px * x / depth + width / 2), float(self._focal_px * y / depth + height / 2)

    def photograph(self, sheet: Picture, behind: Scene) -> Scene:
        """See the sheet before its surroundings, which must have the picture's size."""
        u, v = self._where_rays_meet()
        rows, columns = sheet.shape[:2]
        scale = min(1.0, 1.3 * self.sheet_px / columns)
        small = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else sheet
        rows, columns = small.shape[:2]
        across = ((u + 0.5) * columns - 0.5).astype(np.float32)
        down = ((v / self.aspect + 0.5) * rows - 0.5).astype(np.float32)
        seen = cv2.remap(small.astype(np.float32), across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        # how far inside, in pixels: that is how much of a pixel at the edge the sheet covers
        inside = np.minimum(0.5 - np.abs(u), self.aspect / 2 - np.abs(v)) * self.sheet_px
        cover = np.clip(inside + 0.5, 0, 1).astype(np.float32)
        shade = cv2.GaussianBlur(cover, (0, 0), self.sheet_px / 60)[..., None]
        return np.asarray(behind * (1 - 0.45 * shade) * (1 - cover[..., None]) + seen * cover[..., None], np.float32)

    def _where_rays_meet(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Follow the ray through every pixel to the sheet."""
        width, height = self.size
        rows, columns = np.mgrid[:height, :width].astype(np.float64)
        rays = np.stack(
            [(columns - width / 2) / self._focal_px, (rows - height / 2) / self._focal_px, np.ones_like(rows)], axis=-1
        )
        rays = rays @ self._rotation  # which turns them back into the sheet's own directions
        eye = self._rotation.T @ (0, 0, -self._distance)
        meets = np.zeros_like(rows)
        for _ in range(STEPS if self.pose.bow else 1):
            reach = (meets - eye[2]) / rays[..., 2]
            u, v = eye[0] + reach * rays[..., 0], eye[1] + reach * rays[..., 1]
            meets = self._height(u, v)
        return u, v

    def _height(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the arch of the page above a place of it; towards the camera is negative."""
        along = np.clip(u, -0.5, 0.5) if self.pose.bow_along else np.clip(v / self.aspect, -0.5, 0.5)
        return np.asarray(-self.pose.bow * np.cos(np.pi * along), np.float64)
