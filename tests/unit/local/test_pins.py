import pytest

from local import pins


def test_another_release_is_named_beside_the_one_that_is_wanted(monkeypatch):
    monkeypatch.setitem(pins.PINS, "moto", "0.0.1")

    with pytest.raises(SystemExit, match=r"moto .* \(wants 0\.0\.1\)"):
        pins.check()


def test_the_installed_releases_are_the_pinned_ones():
    pins.check()
