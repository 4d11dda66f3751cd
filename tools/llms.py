"""llms.txt: what a language model needs to call this API rightly. The lists are the code's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from cari_api import body
from cari_api.auth import scopes
from cari_decision.decision import Result, Status
from cari_decision.evidence import DocumentType
from cari_decision.reasons import REASONS
from cari_verification.uploads import MAX_UPLOAD_BYTES
from tools import error_reference

if TYPE_CHECKING:
    from collections.abc import Iterable


def text() -> str:
    """Write the file."""
    return f"""# Cari

> Identity verification over HTTPS: post a selfie and the photo of a passport or ID card. The answer says whether the
> machine-readable zone (ICAO 9303) reads true, whether the faces match, what was decided, and why.

Full description: /openapi.json (OpenAPI 3.1). Page to try calls on: /docs. Errors explained: /docs/errors.
Paths are relative to the base URL that this file came from.

## Key

`Authorization: dev_<uuid4>` or `Authorization: live_<uuid4>`, bare or after `Bearer`. The modes share nothing.

## Verify

`POST /identity/verify`, `multipart/form-data`, all parts together at most {body.MAX_BODY_BYTES / 1e6:.1f} MB:

- `selfie` (file, required): the person. JPEG, PNG, WebP or HEIC, judged by their bytes.
- `front` (file, required): the document's side with the portrait.
- `back` (file): the other side; an ID card has its machine-readable zone there.
- `type`: {_listed(get_args(DocumentType))}; `card` unless said.

```sh
curl BASE/identity/verify -H "Authorization: $KEY" -F type=passport -F selfie=@selfie.jpg -F front=@passport.jpg
```

Status 200 with JSON. It is an answer even where the verification fails: a failed check is no error.

- `status`: {_listed(get_args(Status))}.
- `reasons`: why not simply approved. Each has a stable `code`, `severity`, `retryable` (whether other pictures may
  help) and `message` (show it to the person).
- `checks`: every question asked, `result` is {_listed(get_args(Result))}, with `score`, `threshold`, the threshold's
  `error_rate` and `evidence`; `breakdown` is the result of each group of them.
- `front`, `back`: the machine-readable zone. Dates are YYMMDD as printed.
- `selfie`: the portrait against each face; `similarity` is 0..1, coordinates are pixels, angles degrees.
- `receipt`: milliseconds of each stage and estimated dollars. An estimate, no bill.
- `id`: 24 hex digits. `GET /identity/verify/{{id}}` answers the same again; `GET /identity/verify/{{id}}/evidence` is
  what it was decided from, a compact JWS. `python -m tools.replay BUNDLE --jwks FILE` decides it again.

Reason codes: {_listed(REASONS)}.

More parts of the form: `reference` and `metadata` (yours, kept with it), `retention_days` (0: no picture outlives the
call), `policy` (a name).

- `GET /identity/verify?status=&type=&reference=&created_after=&created_before=&limit=&cursor=` lists, newest first.
- `DELETE /identity/verify/{{id}}` erases all of it and answers a signed receipt.
- `GET /identity/verify/{{id}}/annotated/{{side}}` with `Accept: image/jpeg`: the stored `front`, `back` or
  `selfie` with what was found drawn on it, for people.
- `GET` and `PUT /identity/policies/{{name}}`, `GET /identity/policies`: what is accepted, as data.
- `POST /identity/verify/{{id}}/evaluate` with `{{"policy": NAME or RULES}}`: what another policy would have answered.
- `POST /identity/verify/{{id}}/review` with `{{"decision", "reason", "reviewer"}}`: a person's decision and why.

`/.well-known/jwks.json` has the public keys (ES256) of what this service signs.

## Try every outcome

`GET /sandbox/specimens`, no key: for every outcome the `type`, `files` and `form` to send and what to expect. Fetch its
pictures, `GET /sandbox/specimens/{{name}}`, with `Accept: image/jpeg`. They show nobody real.

## Larger, later, again

- Pictures up to {MAX_UPLOAD_BYTES / 1e6:.0f} MB each: `POST /identity/uploads` with JSON
  `{{"files": [{{"side", "content_type", "size_bytes", "sha256"}}]}}`. Send each file to its `url` as multipart,
  `fields` first, the part `file` last. Then `POST /identity/verify` with JSON: `type`, and `selfie`, `front` and
  `back` as uploads' `name`s.
- `Prefer: respond-async` answers 202 with `Location` and `status` `processing`; a slow verification does so by itself.
  Ask GET until `status` is another.
- `Idempotency-Key` makes repeating a POST or PUT safe for a day; a repeated answer has `Idempotent-Replayed: true`.

## Keys and limits

A key has scopes: {_listed(scopes.ALL)}. One with `admin` manages those of its tenant and mode: `POST /identity/keys`
(JSON: `name`, `scopes`, `expires_in_days`; the answer's `secret` is the key, shown once), `GET /identity/keys`,
`GET /identity/keys/{{id}}`, `POST /identity/keys/{{id}}/rotate` (JSON: `overlap_hours`),
`DELETE /identity/keys/{{id}}`. A key without the scope is answered `insufficient_scope`, and `scope` names it.
`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) tell of the key's requests a minute. Past
them, or past the month's verifications, 429 with `Retry-After`.

## Errors

`application/problem+json` (RFC 9457). Branch on `code`; `detail` says what to change, `field` where, and `request_id`
(also the `X-Request-Id` header) is what to quote. Codes: {_listed(_codes())}.
Repeat only {_listed(_repeatable())}, after `Retry-After` where it is sent.
"""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _codes() -> list[str]:
    return [f"{entry.code} {entry.status}" for entry in error_reference.entries()]


def _repeatable() -> list[str]:
    return [e.code for e in error_reference.entries() if e.is_passing]
