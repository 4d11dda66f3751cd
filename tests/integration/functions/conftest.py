"""The functions and their tables over an emulated AWS."""

import pytest

from tests.emulated_aws import account, answers, aws, logged, signing_key  # noqa: F401  # fixtures
from tests.unit.evidence_of_specimens import faces, reading


@pytest.fixture
def good_answers(answers):  # noqa: F811  # the fixture above
    """Let the engines find everything right."""
    answers.update(faces=faces(), mrz=reading())
    return answers
