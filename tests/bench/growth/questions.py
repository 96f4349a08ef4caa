"""What is asked of a store as it grows: verify any of its tokens, list a project, create."""

import json

from tests.bench.growth.stores import PROJECT, Grown
from tests.bench.operations import API_TOKENS, JSON, Question
from tests.live import ROOT_TOKEN

VERIFY = """
local secrets, number = {%s}, 0
request = function()
  number = number %% #secrets + 1
  return wrk.format("POST", "/v1/verify", nil, '{"token":"' .. secrets[number] .. '"}')
end
"""
CREATE = """
local number = 0
request = function()
  number = number + 1
  local body = string.format('{"type":"backend","tokenName":"%s-%%d"}', number)
  return wrk.format("POST", "%s", nil, body)
end
"""


def questions(grown: Grown) -> dict[str, Question]:
    """The questions to one store; its middle project is asked about."""
    path = API_TOKENS.format(PROJECT.format(grown.projects // 2))
    lua = ", ".join(json.dumps(secret) for secret in grown.secrets)
    body = json.dumps({"token": grown.secrets[0]})
    return {
        "verify": Question(
            "/v1/verify",
            ROOT_TOKEN,
            method="POST",
            body=body,
            media_type=JSON,
            endless=lambda _: VERIFY % lua,
        ),
        "list of one project": Question(path, ROOT_TOKEN),
        "create": Question(
            path,
            ROOT_TOKEN,
            201,
            "POST",
            media_type=JSON,
            endless=lambda name: CREATE % (name, path),
        ),
    }
