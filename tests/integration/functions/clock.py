"""Time that passes for the functions and for nobody else."""

from datetime import datetime, timedelta

from functions.records import app as records
from functions.worker import app as worker


def later(monkeypatch, **passed):
    """Let time pass for the routes and the worker."""

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(**passed)

    for module in (records, worker):
        monkeypatch.setattr(module, "datetime", Later)
