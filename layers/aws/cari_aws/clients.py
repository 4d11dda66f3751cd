"""How long a request waits for AWS: boto3's own timeouts of a minute, and its retries, would outlast every caller.

The engines have a patience of their own (`engines`), and so has what may as well fail (`best_effort`).
"""

from __future__ import annotations

from botocore.config import Config

CONNECT_S, READ_S, ATTEMPTS = 1, 5, 3
PAUSES_S = 3  # between the attempts at most: standard retries wait up to 1 s, then up to 2 s
LONGEST_S = ATTEMPTS * (CONNECT_S + READ_S) + PAUSES_S  # of one call; a test compares it with what a caller has

PATIENCE = Config(
    connect_timeout=CONNECT_S,
    read_timeout=READ_S,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
)
