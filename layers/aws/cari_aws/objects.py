"""Reading an object of a bucket."""

from __future__ import annotations

from botocore.exceptions import ClientError

from cari_aws.clients import s3_client
from cari_aws.s3_answers import ObjectTooLarge, is_missing


def read_object(bucket: str, key: str, *, max_bytes: int) -> bytes | None:
    """Fetch an object, None where there is none.

    Raises ObjectTooLarge before it is read, and ClientError where we may not read it: that is a fault of ours.
    """
    try:
        answer = s3_client().get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if not is_missing(error.response["Error"]["Code"], error.response["Error"].get("Message", "")):
            raise
        return None
    if answer["ContentLength"] > max_bytes:
        raise ObjectTooLarge
    return answer["Body"].read()
