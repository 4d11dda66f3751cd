"""What can be wrong with an object of S3's: not there, denied, too large. No SDK is needed to tell."""

from __future__ import annotations

# InvalidArgument is what S3 says of a version that is no version's id.
MISSING_CODES = frozenset(
    {
        "NoSuchKey",
        "NoSuchBucket",
        "NoSuchVersion",
        "InvalidArgument",
        "InvalidBucketName",
        "KeyTooLongError",
        "InvalidObjectState",
        "404",
    }
)
DENIED_CODES = frozenset({"AccessDenied", "403"})
READING = "s3:GetObject"


class ObjectTooLarge(Exception):
    """The object has more bytes than were asked for at most."""


def is_missing(code: str, message: str) -> bool:
    """Say whether an error means that there is no such object.

    To who may not list the bucket, which no function may, S3 says AccessDenied of what is not there: its message names
    s3:ListBucket then, and s3:GetObject where an object is there and denied (Amazon S3 User Guide, "Troubleshoot access
    denied errors").
    """
    return code in MISSING_CODES or (code in DENIED_CODES and READING not in message)
