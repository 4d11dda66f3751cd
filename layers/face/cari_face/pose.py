"""Head pose from the mesh's own three axes; no camera model is needed for three angles."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from cari_face.face import Pose

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EYE_CORNERS = (33, 263)
_CHEEKS = (234, 454)
_FOREHEAD_AND_CHIN = (10, 152)
PITCH_AT_REST = 5.0  # degrees: what the mesh says of people who look ahead (median over LFW)


def read_pose(mesh: NDArray[np.float32]) -> Pose:
    """Measure yaw, pitch and roll in degrees."""
    across = _unit(_direction(mesh, _EYE_CORNERS) + _direction(mesh, _CHEEKS))
    down = _direction(mesh, _FOREHEAD_AND_CHIN)
    down = _unit(down - (down @ across) * across)
    return Pose(
        yaw=_degrees(across[2], np.hypot(across[0], across[1])),
        pitch=PITCH_AT_REST - _degrees(down[2], np.hypot(down[0], down[1])),  # z points away: a raised chin is nearer
        roll=_degrees(across[1], across[0]),
    )


def _direction(mesh: NDArray[np.float32], ends: tuple[int, int]) -> NDArray[np.float64]:
    return _unit(mesh[ends[1]].astype(float) - mesh[ends[0]])


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return cast("NDArray[np.float64]", vector / np.linalg.norm(vector))


def _degrees(opposite: float, adjacent: float) -> float:
    return float(np.degrees(np.arctan2(opposite, adjacent)))
