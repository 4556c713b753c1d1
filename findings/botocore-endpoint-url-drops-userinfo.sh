#!/usr/bin/env bash
# Library:  botocore 1.44.5 (boto3 clients take the same endpoint_url)
#
# Behaviour: an endpoint_url with a name and password (http://name:word@host) is
#   taken without a complaint, and neither is sent: no Authorization header of
#   the Basic scheme, and a Host header without them. The URL that the client
#   tells (client.meta.endpoint_url) still has both, in the clear.
#
# Seen:
#   basic authorization sent: False; name in Host: False; name in client.meta.endpoint_url: True
#
# Why it matters: a proxy or a local endpoint that asks for a password is never
#   given it, though curl and requests send it for the same URL. And whoever logs
#   or stores the endpoint that a client names stores the password with it.
#
# Source: botocore/awsrequest.py and botocore/httpsession.py build the request
#   from the URL's host, port and path; urllib3 takes credentials from headers alone.
set -euo pipefail
unset PYTHONPATH
for name in $(compgen -e | grep '^AWS_' || true); do unset "$name"; done
export PIP_DISABLE_PIP_VERSION_CHECK=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export AWS_CONFIG_FILE=$work/none AWS_SHARED_CREDENTIALS_FILE=$work/none
python3 -m venv env
env/bin/python -m pip install -q botocore==1.44.5

cat > show.py <<'PY'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import botocore.session

heard = {}


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        heard.update({name.lower(): value for name, value in self.headers.items()})
        body = b"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = botocore.session.Session().create_client(
    "sts",
    region_name="us-east-1",
    endpoint_url=f"http://name:word@127.0.0.1:{server.server_port}",
    aws_access_key_id="key",
    aws_secret_access_key="example",
)
client.get_caller_identity()
print(
    f"basic authorization sent: {heard['authorization'].startswith('Basic')}; name in Host: {'name' in heard['host']}; "
    f"name in client.meta.endpoint_url: {'name:word@' in client.meta.endpoint_url}"
)
PY

seen=$(env/bin/python show.py)
echo "$seen"
[ "$seen" = "basic authorization sent: False; name in Host: False; name in client.meta.endpoint_url: True" ]
