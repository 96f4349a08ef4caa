"""Bodies: what is no JSON, no UTF-8, or not what the contract asks for."""

from tests.contract.probes.probe import JSON, NOWHERE, Expected, get, post, probes

PROJECTS = "/v1/projects"
ADMIN = f"/api/admin/projects/{NOWHERE}/api-tokens"
TOKENS = f"/api/projects/{NOWHERE}/tokens"


def typed(media_type: str, body: bytes = b"{}", target: str = PROJECTS) -> bytes:
    """POST of that media type as root."""
    return post(target, body, f"Content-Type: {media_type}")


def made(body: bytes) -> bytes:
    """POST of JSON to the projects as root."""
    return post(PROJECTS, body)


MEDIA_TYPES = [
    *probes(
        Expected(415, "bad_request", stranger=401),
        {
            "no content type": post(PROJECTS, b'{"id":"x"}', "X-A: b"),
            "no content type and no body": post(PROJECTS, b"", "X-A: b"),
            "an empty content type": typed(""),
            "plain text": typed("text/plain"),
            "a form": typed("application/x-www-form-urlencoded", b"id=x"),
            "a form in parts": typed("multipart/form-data; boundary=x"),
            "text/json": typed("text/json"),
            "more than JSON": typed("application/jsonp"),
            "a dialect of JSON": typed("application/merge-patch+json"),
            "a list of types": typed("application/json, text/plain"),
            "a blank in a type": typed("application/ json"),
            "any type": typed("*/*"),
        },
    ),
    *probes(
        Expected(415, "ContentTypeError", "admin", stranger=401),
        {
            "XML in admin": typed("application/xml", target=ADMIN),
        },
    ),
    *probes(
        Expected(415, "unsupported_media_type", "tokens", stranger=401),
        {
            "XML in tokens": typed("application/xml", target=TOKENS),
        },
    ),
    *probes(
        Expected(415, "bad_request"),
        {
            "utf-16": typed("application/json; charset=utf-16"),
            "utf-7": typed('application/json; charset="utf-7"'),
            "a bogus charset": typed("application/json; charset=klingon"),
            "two charsets": typed("application/json; charset=utf-8; charset=utf-16"),
            "compressed": post(PROJECTS, b"\x1f\x8b", JSON, "Content-Encoding: gzip"),
        },
    ),
    *probes(
        Expected(415, "ContentTypeError", "admin"),
        {
            "compressed in admin": post(ADMIN, b"x", JSON, "Content-Encoding: br"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "JSON in capitals": post(
                PROJECTS, b"{}", 'Content-Type: APPLICATION/JSON;Charset="UTF-8"'
            ),
        },
    ),
]

TEXTS = [
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "nothing": made(b""),
            "a blank": made(b" "),
            "not UTF-8": made(b'{"id":"\xff"}'),
            "UTF-16": made('{"id":"my-project-1"}'.encode("utf-16")),
            "an overlong quote": made(b'{"id":"\xc0\xa2"}'),
            "a byte-order mark": made(b'\xef\xbb\xbf{"id":"my-project-1"}'),
            "half a document": made(b'{"id":"my-pro'),
            "two documents": made(b"{}{}"),
            "a comma too many": made(b'{"id":"my-project-1",}'),
            "a comment": made(b'{"id":"my-project-1"/* */}'),
            "single quotes": made(b"{'id':'my-project-1'}"),
            "a name without quotes": made(b'{id:"my-project-1"}'),
            "an unknown escape": made(b'{"id":"my-project\\x31"}'),
            "a bare newline in text": made(b'{"id":"my-project-1","name":"a\nbc"}'),
            "a lone surrogate": made(b'{"id":"my-project-1","name":"\\ud800abc"}'),
            "NaN": made(b'{"id":NaN}'),
            "minus infinity": made(b'{"id":-Infinity}'),
            "a leading zero": made(b'{"id":01}'),
            "a number past 64 bits": made(b'{"id":1e999}'),
            "5,000 digits": made(b'{"id":' + b"9" * 5000 + b"}"),
            "20,000 digits": made(b'{"id":' + b"9" * 20000 + b"}"),
            "deep nesting": made(b"[" * 30000),
            "deep objects": made(b'{"a":' * 9000 + b"1" + b"}" * 9000),
            "a name twice": made(b'{"id":"my-project-1","id":"my-project-2"}'),
            "a name twice, once escaped": made(b'{"id":"my-project-1","i\\u0064":"my-project-2"}'),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin", stranger=401),
        {
            "half a document in admin": post(ADMIN, b"{"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", "tokens", stranger=401),
        {
            "half a document in tokens": post(TOKENS, b"{"),
        },
    ),
]

SIZES = [
    *probes(
        Expected(413, "bad_request"),
        {
            "too large": made(b'{"id":"' + b"a" * 70000 + b'"}'),
            "one byte too large": made(b" " * 65537),
        },
    ),
    *probes(
        Expected(413, "BadDataError", "admin"),
        {
            "too large in admin": post(ADMIN, b"a" * 65537),
        },
    ),
    *probes(
        Expected(413, "payload_too_large", "tokens"),
        {
            "too large in tokens": post(TOKENS, b"a" * 65537),
        },
    ),
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "as large as may be": made(b" " * 65536),
        },
    ),
    *probes(
        Expected(200, stranger=401),
        {
            "a body where none belongs": get("/v1/projects", "Content-Length: 2") + b"{}",
        },
    ),
]

BODIES = [*MEDIA_TYPES, *TEXTS, *SIZES]
