"""Under which context a verification runs: its policy, another one in its shadow, and for how long it is kept."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from cari_decision.policy import DEFAULT, Policy, default_policy


class NamedPolicy(BaseModel):
    """A policy and what it was stored as. Version 0 is the one that Cari comes with."""

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    rules: Policy


class PolicyContext(BaseModel):
    """The context of one verification; JSON, because a worker may have to go on with it."""

    model_config = ConfigDict(frozen=True)

    policy: NamedPolicy
    shadow: NamedPolicy | None = None
    retention_days: int = 30  # of 0, its pictures are erased once they are judged


BUILT_IN = NamedPolicy(name=DEFAULT, version=0, rules=default_policy())
DEFAULT_CONTEXT = PolicyContext(policy=BUILT_IN)
