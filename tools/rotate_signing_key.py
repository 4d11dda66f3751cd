"""Let another key sign from now on: python -m tools.rotate_signing_key STACK, with an operator's credentials.

Makes a key in KMS with the policy of the stack's own, publishes its public half beside all others, waits until nobody
holds an older copy of /.well-known/jwks.json, and has the alias name it. What earlier keys signed is checked as before.

Whatever interrupts it before the last step leaves all as it was, but for a key that nothing uses: it is named first.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

import boto3

from cari_evidence import published_keys, signing
from tools import stack_resources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_kms import KMSClient

WAIT_S = 330  # the key set may be kept for 300 s; a test compares


def main(arguments: Sequence[str] | None = None) -> int:
    """Rotate the signing key of one stack."""
    options = argparse.ArgumentParser(
        prog="python -m tools.rotate_signing_key",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("stack", metavar="STACK", help="the CloudFormation stack, as cari-prod")
    rotate(options.parse_args(arguments).stack, say=lambda line: print(line, flush=True))
    return 0


def rotate(stack: str, say: Callable[[str], None], sleep: Callable[[float], None] = time.sleep) -> None:
    """Make, publish, wait, move the alias, and say each."""
    names, kms = stack_resources.names(boto3.client("cloudformation"), stack), boto3.client("kms")
    table = boto3.resource("dynamodb").Table(names["SigningKeysTable"])
    alias = names["SigningKeyAlias"]
    before = _publish(kms, table, alias)
    made = kms.create_key(
        Description=f"Signs what {stack} vouches for",
        KeySpec="ECC_NIST_P256",
        KeyUsage="SIGN_VERIFY",
        Policy=kms.get_key_policy(KeyId=names["SigningKey"], PolicyName="default")["Policy"],
    )["KeyMetadata"]["KeyId"]
    say(f"made key {made}")
    after = _publish(kms, table, made)
    say(f"published {after} beside {before}; waiting {WAIT_S} s, until no older key set is kept anywhere")
    sleep(WAIT_S)
    kms.update_alias(AliasName=alias, TargetKeyId=made)
    say(f"{alias} names it: {after} signs")


def _publish(kms: KMSClient, table: Table, key_id: str) -> Any:
    jwk = signing.public_jwk_of(kms.get_public_key(KeyId=key_id)["PublicKey"])
    published_keys.publish(table, jwk)
    return jwk["kid"]


if __name__ == "__main__":
    sys.exit(main())
