"""moto's memory, kept to what is stored: what is erased here is gone, and a stack lasts as long as its laptop.

moto 5.2.5 keeps every model that it ever made for its dashboard: items, messages, the tables that a transaction copies
first, and the whole bucket, contents and all, which `list_object_versions` copies each time. It also keeps the tags of
objects that are gone.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from unittest import mock

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey, s3_backends

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Let moto forget what is erased, and list versions without their contents, until the block ends."""
    with (
        mock.patch.object(BaseModel, "__new__", _made),
        mock.patch.object(FakeKey, "__deepcopy__", _itself, create=True),
        mock.patch.object(FakeKey, "dispose", _dispose),
    ):
        yield


_moto_disposes = FakeKey.dispose


def _made(cls: type[BaseModel], *_args: Any, **_kwargs: Any) -> Any:
    """Make a model and leave no word of it."""
    return object.__new__(cls)


def _itself(self: FakeKey, _memo: dict[int, Any]) -> FakeKey:
    """Stand for the copy of an object, which moto only lists."""
    return self


def _dispose(self: FakeKey, garbage: bool = False) -> None:
    """Forget an object's tags with its content."""
    _moto_disposes(self, garbage)
    if not garbage:
        s3_backends[self.account_id][self.partition].tagger.delete_all_tags_for_resource(self.arn)
