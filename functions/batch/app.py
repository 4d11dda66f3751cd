"""S3 job files, by way of SQS, to verifications. What fails for now is reported back, message by message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cari_common import cloud
from cari_common.messages import for_each_message
from cari_common.observability import logger
from functions.batch import jobs

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Run every job of every message; name the messages to deliver again."""
    return for_each_message(event, _run_jobs)


def _run_jobs(body: str) -> None:
    for file in jobs.job_files(json.loads(body)):
        answer = jobs.run(file, cloud.s3_client(), cloud.verifications_table(), cloud.steps())
        logger.info("job done", extra={"verification": file.id, "decision": answer.status})
