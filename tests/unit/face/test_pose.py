import numpy as np
import pytest

import cari_face
from cari_face.pose import read_pose


@pytest.fixture
def mesh(selfie):
    (face,) = cari_face.find_faces(selfie)
    return face.mesh - face.mesh.mean(axis=0)


def turned(mesh, axis, degrees):
    """Turn a mesh (x right, y down, z away from the viewer) about one axis."""
    angle = np.radians(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = {
        "x": [[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]],
        "y": [[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]],
        "z": [[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]],
    }[axis]
    return (mesh @ np.array(matrix).T).astype(np.float32)


def test_pitch_grows_as_the_nose_goes_up(mesh):
    nose_up = turned(mesh, "x", -20)

    assert nose_up[1, 1] < mesh[1, 1]  # the tip of the nose, y down
    assert read_pose(nose_up).pitch - read_pose(mesh).pitch == pytest.approx(20, abs=3)


def test_yaw_grows_as_the_nose_goes_to_the_pictures_right(mesh):
    to_the_right = turned(mesh, "y", -20)

    assert to_the_right[1, 0] > mesh[1, 0]
    assert read_pose(to_the_right).yaw - read_pose(mesh).yaw == pytest.approx(20, abs=3)


def test_roll_grows_as_the_head_leans_clockwise(mesh):
    assert read_pose(turned(mesh, "z", 20)).roll - read_pose(mesh).roll == pytest.approx(20, abs=1)
