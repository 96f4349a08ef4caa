"""What programs say to the server, and what the server says that it answered."""

import json
import time
import uuid
from collections import Counter

from tests.actors import HTTP
from tests.live import Server

LIFE = """\
share token: 404 public_share_token_not_found
API token: 401 unauthorized
project token: 401 unauthorized
"""
REFUSALS = """\
share token: 401 unauthorized
API token: AuthenticationRequired
project token: 401 unauthorized
share token: 403 forbidden
API token: NoAccessError
project token: 403 forbidden
share token: 404 project_not_found
API token: NotFoundError
project token: 404 project_not_found
share token: 409 resource_already_exists
API token: NameExistsError
project token: 409 token_name_taken
"""
VERIFICATION = """\
verify: valid web-shop
verify: wrong_environment web-shop
verify each: valid not_found
introspect: self:read self:revoke self:rotate web-shop
verify: revoked web-shop
introspect: not active
introspect: invalid_client
"""
LIMITS = r"""share token: rate_limited (\d+)
API token: RateLimitError (\d+)
project token: rate_limited (\d+)
"""
ANSWERED_IN_LIFE = Counter(
    [
        ("createPublicShareToken", 201),
        ("getPublicShareToken", 200),
        ("getPublicShare", 200),
        ("deletePublicShareToken", 204),
        ("getPublicShare", 404),
        ("createProjectApiToken", 201),
        ("listProjectApiTokens", 200),
        ("getSelf", 200),
        ("deleteProjectApiToken", 200),
        ("getSelf", 401),
        ("createProjectToken", 200),
        ("listProjectTokens", 200),
        ("getSelf", 200),
        ("deleteProjectToken", 200),
        ("getSelf", 401),
    ]
)
ANSWERED_IN_VERIFICATION = Counter(
    [
        ("createProjectToken", 200),
        ("createProjectApiToken", 201),
        *[("verifyToken", 200)] * 3,
        ("verifyTokens", 200),
        *[("introspectToken", 200)] * 2,
        ("introspectToken", 401),
        ("revokeToken", 200),
    ]
)
SECONDS = 5


def mark(server: Server) -> int:
    """Where the log stands after all that was answered until now.

    The server has one worker, which writes a line for each answer before it gives the next.
    """
    mark = uuid.uuid4().hex
    HTTP.request("GET", f"{server.url}/health/live", headers={"X-Request-Id": mark})
    deadline = time.monotonic() + SECONDS
    while mark not in server.log():
        assert time.monotonic() < deadline, "the server logged nothing"
        time.sleep(0.02)
    return len(server.log())


def answered(server: Server, since: int) -> Counter[tuple[str, int]]:
    """Which operations were answered how, by the log from a mark on."""
    mark(server)
    lines = [json.loads(line) for line in server.log()[since:].splitlines()]
    found = [(line["operation"], line["status"]) for line in lines if line["event"] == "request"]
    return Counter(found) - Counter([("getLiveness", 200)])
