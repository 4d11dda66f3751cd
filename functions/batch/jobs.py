"""Batch jobs: a JSON file in the bucket asks for one verification, another holds its answer.

`batch/<tenant>/<mode>/<name>.json` holds `{"type", "selfie", "front", "back"}`, the pictures' names relative to the
job's own folder; the answer is written to `results/<tenant>/<mode>/<name>.json`. S3 delivers its events at least
once and in any order, so a job's id is made from what names the event, and a job done is not done again.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, ValidationError

from cari_common import ids, store
from cari_common.bucket import NOT_TO_BE_HAD
from cari_common.errors import CariError, ValidationFailed
from cari_common.evidence import DocumentType  # noqa: TC001  # pydantic reads it at run time
from cari_common.problems import problem
from cari_common.settings import verification_settings
from cari_common.terms import USUAL_TERMS
from cari_common.verification import Request, Steps, verify
from cari_intake import intake

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client

    from cari_common.contract import Verification
    from cari_common.picture import Picture
    from cari_common.problems import Problem

JOB_TIME_S = 28.0  # four jobs a batch stay below the function's 120 s
MAX_JOB_BYTES = 10_000
MAX_PICTURE_BYTES = 20_000_000


class Job(BaseModel):
    """What a job file says."""

    model_config = ConfigDict(extra="forbid")

    type: DocumentType = "card"
    selfie: str
    front: str
    back: str | None = None

    @property
    def pictures(self) -> dict[str, str]:
        """The pictures' names by side."""
        named = {"selfie": self.selfie, "front": self.front, "back": self.back}
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


def run(file: JobFile, client: S3Client, table: Table, steps: Steps) -> Verification | Problem:
    """Do one job, unless it is done, and write its answer.

    A job that can never succeed gets its problem as the answer; what may pass (S3, DynamoDB) is raised, to be
    tried again.
    """
    answer = store.find(table, file.tenant, file.mode, file.id) or _attempt(file, client, steps)
    client.put_object(
        Bucket=file.bucket,
        Key=file.result_key,
        Body=answer.model_dump_json(exclude_none=True).encode(),
        ContentType="application/json",
    )
    return answer


def _attempt(file: JobFile, client: S3Client, steps: Steps) -> Verification | Problem:
    try:
        return verify(_request(file, client), steps, time_left_s=JOB_TIME_S)
    except CariError as error:
        return problem(error, file.id)


def _request(file: JobFile, client: S3Client) -> Request:
    try:
        job = Job.model_validate_json(_read(client, file.bucket, file.key, MAX_JOB_BYTES, "job"))
    except ValidationError as error:
        raise ValidationFailed(
            "The job file is not JSON of the form {type, selfie, front, back}.", field="job"
        ) from error
    pictures = {side: _picture(file, client, name, side) for side, name in job.pictures.items()}
    return Request(
        file.id,
        file.tenant,
        file.mode,
        job.type,
        pictures["selfie"],
        pictures["front"],
        pictures.get("back"),
        channel="batch",
        terms=USUAL_TERMS.model_copy(update={"retention_days": verification_settings().retention_days}),
        origins=(
            file.key,
            file.result_key,
            *(file.sibling(name, side) for side, name in job.pictures.items()),
        ),
    )


def _picture(file: JobFile, client: S3Client, name: str, side: str) -> Picture:
    payload = _read(client, file.bucket, file.sibling(name, side), MAX_PICTURE_BYTES, side)
    return intake(payload, field=side, filename=posixpath.basename(name))


def _read(client: S3Client, bucket: str, key: str, max_bytes: int, field: str) -> bytes:
    try:
        answer = client.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_TO_BE_HAD:
            raise
        raise ValidationFailed(f"There is no '{posixpath.basename(key)}' beside the job file.", field=field) from error
    if answer["ContentLength"] > max_bytes:
        raise ValidationFailed(f"'{posixpath.basename(key)}' is larger than {max_bytes} bytes.", field=field)
    return answer["Body"].read()
