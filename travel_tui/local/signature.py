"""Verification of AWS Signature Version 4."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,]+)/(?P<scope>(?P<date>\d{8})/(?P<region>[^/,]+)/(?P<service>[^/,]+)"
    r"/aws4_request),\s*SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = timedelta(minutes=15)
"""Maximum difference between a request's date and the real time, as on AWS."""
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key."""

    access_key_id: str
    secret_access_key: str


def verify(request: Request, key: AccessKey, now: datetime) -> None:
    """Verify that the request was signed with `key` around `now`, the real time. Raises AWS's error if not."""
    found = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if not found:
        raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
    if not hmac.compare_digest(found["key"].encode(), key.access_key_id.encode()):
        raise ServiceError(
            "UnrecognizedClientException",
            "The security token included in the request is invalid. Use the key in this endpoint's endpoint.json.",
        )
    sent = request.headers.get("x-amz-date", "")
    _check_date(sent, found["date"], now)
    body_hash = hashlib.sha256(request.body).hexdigest()
    if request.headers.get("x-amz-content-sha256", body_hash) != body_hash:
        raise ServiceError("InvalidSignatureException", "The body does not have the hash in x-amz-content-sha256.")
    names = found["headers"].split(";")
    if "host" not in names:
        raise ServiceError("InvalidSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    canonical = "\n".join(
        [
            request.method,
            quote(_normalised(request.path), safe="/~"),
            _canonical_query(request.query),
            *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names),
            "",
            found["headers"],
            body_hash,
        ]
    )
    to_sign = "\n".join(["AWS4-HMAC-SHA256", sent, found["scope"], hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{key.secret_access_key}".encode()
    for part in (found["date"], found["region"], found["service"], "aws4_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    wanted = hmac.new(secret, to_sign.encode(), "sha256").hexdigest()
    if not hmac.compare_digest(wanted, found["signature"]):
        raise ServiceError("InvalidSignatureException", _MISMATCH)


def _check_date(sent: str, scope_date: str, now: datetime) -> None:
    try:
        date = datetime.strptime(sent, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise ServiceError("InvalidSignatureException", "X-Amz-Date is missing or not a date.") from None
    if not sent.startswith(scope_date):
        raise ServiceError("InvalidSignatureException", "Date in Credential scope does not match X-Amz-Date.")
    if abs(now - date) > _SKEW:
        late = "expired" if date < now else "not yet current"
        raise ServiceError("InvalidSignatureException", f"Signature {late}: {sent} is more than 15 minutes off.")


def _normalised(path: str) -> str:
    """Return a path without empty and dot segments, which is the form that clients sign."""
    from botocore.utils import normalize_url_path

    normalised: str = normalize_url_path(path)
    return normalised


def _canonical_query(query: str) -> str:
    pairs = [(quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(query, keep_blank_values=True)]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))
