"""Fetching a picture by an address that another function signed: the engines have no permissions of their own.

No SDK is imported, so that an engine starts without one.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

import urllib3

from cari_aws.s3_answers import ObjectTooLarge, is_missing
from cari_core.settings import PictureSettings, settings

CONNECT_S, READ_S, ATTEMPTS = 1, 5, 3
OK = 200
MAX_ADDRESS_LENGTH = 8192  # a session token makes it long
AWS_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")
MAX_ERROR_BYTES = 10_000


class NoSuchObject(Exception):
    """There is nothing at the address."""


class NotFetched(Exception):
    """S3 did not give what is there: the address is not good any more, or S3 is out of order."""


def is_of_our_bucket(address: str) -> bool:
    """Say whether an address leads to the deployment's bucket and nowhere else."""
    told = settings(PictureSettings)
    try:
        parts = urlsplit(address)
    except ValueError:  # what is no address at all
        return False
    if len(address) > MAX_ADDRESS_LENGTH or parts.username is not None:
        return False
    if told.aws_endpoint_url:
        endpoint = urlsplit(told.aws_endpoint_url)
        on_path = parts.netloc == endpoint.netloc and parts.path.startswith(f"/{told.bucket}/")
        return parts.scheme == endpoint.scheme and (on_path or parts.netloc == f"{told.bucket}.{endpoint.netloc}")
    host = parts.netloc
    return parts.scheme == "https" and host.startswith(f"{told.bucket}.s3.") and host.endswith(AWS_SUFFIXES)


def fetch(address: str, *, max_bytes: int) -> bytes:
    """Fetch what is at an address, of which `is_of_our_bucket` is true.

    Raises NoSuchObject, ObjectTooLarge before it is read, NotFetched.
    """
    try:
        answer = _pool().request("GET", address, preload_content=False, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise NotFetched(type(error).__name__) from None
    try:
        if answer.status != OK:
            raise _failure(answer.status, answer.read(MAX_ERROR_BYTES).decode("utf-8", "replace"))
        if int(answer.headers.get("Content-Length", 0)) > max_bytes:
            raise ObjectTooLarge
        return answer.read()
    except urllib3.exceptions.HTTPError as error:
        raise NotFetched(type(error).__name__) from None
    finally:
        answer.release_conn()


def _failure(status: int, said: str) -> Exception:
    code = found[1] if (found := re.search(r"<Code>(\w+)</Code>", said)) else str(status)
    return NoSuchObject() if is_missing(code, said) else NotFetched(code)


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
        retries=urllib3.Retry(ATTEMPTS - 1, redirect=0, status_forcelist=(500, 503), backoff_factor=0.1),
    )
