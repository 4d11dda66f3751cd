"""The functions and their tables over an emulated AWS."""

from tests.emulated_aws import account, answers, aws, logged, signing_key  # noqa: F401  # fixtures
