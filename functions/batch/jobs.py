"""Batch jobs: a JSON file in the bucket asks for one verification, another holds its answer.

`batch/<tenant>/<mode>/<name>.json` holds `{"type", "selfie", "front", "back"}`, the pictures' names relative to the
job's own folder, and what a request by HTTP may say besides: `reference`, `metadata`, `retention_days`, `policy`. The
answer is written to `results/<tenant>/<mode>/<name>.json`. S3 delivers its events at least once and in any order, so
a job's id is made from what names the event, and a job done is not done again, nor counted again.
"""

from __future__ import annotations

import posixpath
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from pydantic import ValidationError

from cari_api.auth import quota
from cari_api.auth.caller import Caller
from cari_api.problems import problem
from cari_aws.clients import s3_client
from cari_aws.objects import read_object
from cari_aws.s3_answers import ObjectTooLarge
from cari_core import ids
from cari_core.errors import CariError, QuotaExceeded, ServiceUnavailable, ValidationFailed
from cari_core.stopwatch import Stopwatch
from cari_decision.evidence import DocumentType, Side  # noqa: TC001  # pydantic reads them at run time
from cari_decision.options import Options
from cari_intake import intake
from cari_verification.aws import bucket, lifecycle, policies
from cari_verification.aws.measures import log_verified
from cari_verification.contract import public
from cari_verification.fault_injection import with_fault
from cari_verification.request import Request
from cari_verification.uploads import MAX_UPLOAD_BYTES
from cari_verification.verification import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_api.problems import Problem
    from cari_core.deadline import Deadline
    from cari_core.picture import Picture
    from cari_verification.contract import Verification
    from cari_verification.ports import Ports
    from cari_verification.request import Submission

JOB_TIME_S = 28.0  # four jobs a batch stay below the function's 120 s
DELIVERIES = 5  # of one message; the last ends a job that engines hold up. The queue's own number; a test compares
MAX_JOB_BYTES = 30_000  # metadata alone may have 20 values of 500 characters, of up to four bytes each


class Job(Options):
    """What a job file says."""

    type: DocumentType = "card"
    selfie: str
    front: str
    back: str | None = None

    @property
    def pictures(self) -> dict[Side, str]:
        """The pictures' names by side."""
        named: dict[Side, str | None] = {"selfie": self.selfie, "front": self.front, "back": self.back}
        return {side: name for side, name in named.items() if name}


@dataclass(frozen=True)
class JobFile:
    """A job file's place, and the id that its event makes."""

    bucket: str
    key: str
    id: str

    @property
    def tenant(self) -> str:
        """Whose job it is."""
        return self.key.split("/")[1]

    @property
    def mode(self) -> str:
        """Live or dev."""
        return self.key.split("/")[2]

    @property
    def result_key(self) -> str:
        """Where the answer goes: another prefix, so that no answer starts a job."""
        return "results/" + self.key.partition("/")[2]

    def sibling(self, name: str, field: str) -> str:
        """Find a picture beside the job. Raises ValidationFailed for a name that leads elsewhere."""
        folder = posixpath.dirname(self.key)
        path = posixpath.normpath(posixpath.join(folder, name))
        if not path.startswith(folder + "/"):
            raise ValidationFailed("A job's pictures lie in its own folder; this name leads out of it.", field=field)
        return path


def job_files(s3_event: dict[str, Any]) -> list[JobFile]:
    """Read the jobs out of an S3 event. S3's own test event has none."""
    return [
        JobFile(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]), _job_id(record))
        for record in s3_event.get("Records", [])
    ]


def _job_id(record: dict[str, Any]) -> str:
    moment = datetime.fromisoformat(record["eventTime"])
    thing = record["s3"]["object"]
    return ids.derived_id(
        int(moment.timestamp() * 1000),
        record["s3"]["bucket"]["name"],
        thing["key"],
        thing.get("versionId") or "",
        thing.get("sequencer") or "",
    )


def run(file: JobFile, ports: Ports, *, deadline: Deadline, is_last: bool) -> Verification | Problem:
    """Do one job, unless it is done, and write its answer.

    A job that can never succeed gets its problem as the answer; what may pass (S3, DynamoDB, and engines unless this
    is the last delivery) is raised, to be tried again.
    """
    found = lifecycle.find(file.tenant, file.mode, file.id, datetime.now(UTC))
    if found is None or found.status == "processing":
        answer = _attempt(file, ports, deadline, is_last=is_last, is_first=found is None)
    else:
        answer = public(found)
    s3_client().put_object(
        Bucket=file.bucket,
        Key=file.result_key,
        Body=answer.model_dump_json(exclude_none=True).encode(),
        ContentType="application/json",
    )
    return answer


def _attempt(
    file: JobFile, ports: Ports, deadline: Deadline, *, is_last: bool, is_first: bool
) -> Verification | Problem:
    try:
        request = _request(file)
        ports = with_fault(ports, request.options.metadata, request.mode)
        if is_first:
            ports = replace(ports, announce=partial(_counted, file, ports.announce))
        else:  # an earlier delivery may have stored other pictures
            bucket.erase([bucket.images_prefix(file.tenant, file.mode, file.id)])
        stopwatch = Stopwatch()
        verified = verify(request, ports, deadline=deadline, stopwatch=stopwatch, final="any" if is_last else "none")
    except ServiceUnavailable:
        raise
    except CariError as error:
        return problem(error, file.id)
    log_verified(verified, file.mode, stopwatch.read())
    return verified


def _counted(file: JobFile, announce: Callable[[Submission], None], submission: Submission) -> None:
    """Count a verification and announce it, or neither; a later delivery counts it no second time.

    A job names by its place alone whose it is. Raises QuotaExceeded.
    """
    whose = Caller(file.tenant, file.mode, (), ids.owner_key(file.tenant, file.mode))
    try:
        with quota.counted_verification(whose, time.time(), once_as=submission.id):
            announce(submission)
    except QuotaExceeded as error:
        raise QuotaExceeded(
            "This tenant's verifications of the month are used up. Put the job file into the bucket again next month, "
            "or ask the service's operator for more."
        ) from error


def _request(file: JobFile) -> Request:
    try:
        job = Job.model_validate_json(_read(file.bucket, file.key, MAX_JOB_BYTES, "job"))
    except ValidationError as error:
        raise ValidationFailed(
            "The job file is not JSON of the form {type, selfie, front, back, reference, metadata, retention_days, "
            "policy}, of which selfie and front are needed.",
            field="job",
        ) from error
    options = Options(**job.model_dump(include=set(Options.model_fields)))
    policy_context = policies.settle(file.tenant, file.mode, options)
    return Request(
        id=file.id,
        tenant=file.tenant,
        mode=file.mode,
        type=job.type,
        channel="batch",
        options=options,
        policy_context=policy_context,
        origins=(file.key, file.result_key, *(file.sibling(name, side) for side, name in job.pictures.items())),
        pictures={side: _picture(file, name, side) for side, name in job.pictures.items()},
    )


def _picture(file: JobFile, name: str, side: Side) -> Picture:
    payload = _read(file.bucket, file.sibling(name, side), MAX_UPLOAD_BYTES, side)
    return intake(payload, field=side, filename=posixpath.basename(name))


def _read(bucket_name: str, key: str, max_bytes: int, field: str) -> bytes:
    name = posixpath.basename(key)
    try:
        content = read_object(bucket_name, key, max_bytes=max_bytes)
    except ObjectTooLarge as error:
        raise ValidationFailed(f"'{name}' is larger than {max_bytes} bytes.", field=field) from error
    if content is None:
        raise ValidationFailed(f"There is no '{name}' beside the job file.", field=field)
    return content
