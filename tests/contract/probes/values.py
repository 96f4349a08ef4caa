"""Values: JSON that is well-formed, and not what the contract asks for."""

import orjson

from tests.contract.probes.probe import NOWHERE, Expected, post, probes

ADMIN = f"/api/admin/projects/{NOWHERE}/api-tokens"
TOKENS = f"/api/projects/{NOWHERE}/tokens"
NO_INSTANTS = [
    "2099-01-02",
    "2099-01-02T03:04:05",
    "2099-01-02 03:04:05Z",
    "2099-02-30T00:00:00Z",
    "2099-01-02T24:00:00Z",
    "2099-01-02T03:04Z",
    "2099-01-02T03:04:05+0100",
    "2099-01-02T03:04:05Z\n",
    "20990102T030405Z",
    "２０99-01-02T03:04:05Z",
    "4070908800",
    "",
]


def made(body: bytes) -> bytes:
    """POST of JSON to the projects as root."""
    return post("/v1/projects", body)


def minted(**changes: str) -> bytes:
    """POST of an API token as root, with changes."""
    return post(ADMIN, orjson.dumps({"type": "client", "tokenName": "x", **changes}))


VALUES = [
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "null": made(b"null"),
            "a list": made(b"[]"),
            "text": made(b'"my-project-1"'),
            "an empty object": made(b"{}"),
            "an unknown property": made(b'{"id":"my-project-1","more":1}'),
            "a prototype": made(b'{"id":"my-project-1","__proto__":{}}'),
            "a name in another case": made(b'{"ID":"my-project-1"}'),
            "a name with NUL": made(b'{"id\\u0000":"my-project-1"}'),
            "an id with a newline": made(b'{"id":"my-project-1\\n"}'),
            "an id in a list": made(b'{"id":["my-project-1"]}'),
            "a number for text": made(b'{"id":12345678}'),
            "null for text": made(b'{"id":"my-project-1","name":null}'),
            "NUL in text": made(b'{"id":"my-project-1","name":"a\\u0000bc"}'),
            "a newline in text": made(b'{"id":"my-project-1","name":"a\\nbc"}'),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin", stranger=401),
        {
            **{f"the instant {text}": minted(expiresAt=text) for text in NO_INSTANTS},
            "a newline after a type": minted(type="client\n"),
            "a newline after an environment": minted(environment="development\n"),
            "full-width letters": minted(type="ｃｌｉｅｎｔ"),
            "a wild card": minted(environment="*"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", "tokens", stranger=401),
        {
            "a day for an instant": post(TOKENS, b'{"name":"x","valid_date":"2099-01-02"}'),
            "true for text": post(TOKENS, b'{"name":true}'),
            "a broker twice": post(TOKENS, b'{"name":"x","brokers":["a","a"]}'),
            "the root role": post(TOKENS, b'{"name":"x","role":"root"}'),
        },
    ),
]
