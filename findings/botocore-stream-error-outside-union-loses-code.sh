#!/usr/bin/env bash
# Library:  botocore 1.44.5 (boto3's event streams)
#
# Behaviour: an exception message in an event stream whose type is not a member of
#   the stream's union is raised with an empty code and an empty message, though
#   the message has its type in a header and its text as JSON.
#
# Seen:
#   known: 'validationException' 'No.'; unknown: '' ''
#
# Why it matters: InvokeHarness of bedrock-agentcore lists ThrottlingException as an
#   error of the operation, but not in its stream's union. A stream that is throttled
#   cannot be told from one that failed in another way, so nobody knows whether to
#   send the turn again.
#
# Source: botocore/parsers.py, BaseEventStreamParser._do_error_parse: what is no
#   member of the union is read from the headers :error-code and :error-message,
#   which a message of type "exception" does not have.
set -euo pipefail
unset PYTHONPATH
for name in $(compgen -e | grep '^AWS_' || true); do unset "$name"; done
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export AWS_CONFIG_FILE=$work/none AWS_SHARED_CREDENTIALS_FILE=$work/none
python3 -m venv env
env/bin/python -m pip install -q botocore==1.44.5

cat > show.py <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from struct import pack
from zlib import crc32

import botocore.session
from botocore.exceptions import EventStreamError

KINDS = {"validationException": {"message": "No.", "reason": "CannotParse"}, "throttlingException": {"message": "Too many."}}


def message(kind):
    """One message of Amazon's event stream encoding that carries an exception."""
    headers = {":message-type": "exception", ":exception-type": kind, ":content-type": "application/json"}
    head = b"".join(
        pack(">B", len(k)) + k.encode() + b"\x07" + pack(">H", len(v)) + v.encode() for k, v in headers.items()
    )
    payload = json.dumps(KINDS[kind]).encode()
    prelude = pack(">II", 16 + len(head) + len(payload), len(head))
    whole = prelude + pack(">I", crc32(prelude)) + head + payload
    return whole + pack(">I", crc32(whole))


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = message(self.headers["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"].split("-")[0])
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.amazon.eventstream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = botocore.session.Session().create_client(
    "bedrock-agentcore",
    region_name="us-east-1",
    endpoint_url=f"http://127.0.0.1:{server.server_port}",
    aws_access_key_id="key",
    aws_secret_access_key="example",
)
seen = []
for kind in KINDS:
    answer = client.invoke_harness(
        harnessArn="arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/name-0123456789",
        runtimeSessionId=kind + "-" + "0" * 40,
        messages=[{"role": "user", "content": [{"text": "hello"}]}],
    )
    try:
        list(answer["stream"])
    except EventStreamError as error:
        told = error.response["Error"]
        seen.append(f"{told.get('Code', '')!r} {told.get('Message', '')!r}")
print(f"known: {seen[0]}; unknown: {seen[1]}")
PY

seen=$(env/bin/python show.py)
echo "$seen"
[ "$seen" = "known: 'validationException' 'No.'; unknown: '' ''" ]
