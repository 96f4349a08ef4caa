"""Targets: what no path and no query may hold, and what only looks like an operation."""

from tests.contract.probes.probe import SERVER, Expected, get, probes

STRUCTURE = [
    *probes(
        Expected(404, "not_found"),
        {
            "two slashes": get("//v1/projects"),
            "two slashes inside": get("/v1//projects"),
            "an encoded slash": get("/v1%2Fprojects"),
            "an encoded slash, lower case": get("/v1%2fprojects"),
            "an encoded slash in an id": get("/v1/projects/a%2Fb"),
            "a trailing slash": get("/v1/projects/"),
            "a dot segment": get("/v1/./projects"),
            "a dot segment at the end": get("/v1/projects/."),
            "two dots": get("/v1/x/../projects"),
            "two dots at the start": get("/../v1/projects"),
            "two dots out of the documents": get("/docs/../v1/projects"),
            "encoded dots": get("/v1/x/%2e%2e/projects"),
            "half encoded dots": get("/v1/x/.%2e/projects"),
            "two dots and a semicolon": get("/v1/x/..;/projects"),
            "a path parameter": get("/v1/projects;v=1"),
            "an encoded question mark": get("/v1/projects%3Flimit=1"),
            "an encoded number sign": get("/v1/projects%23"),
            "a fragment": get("/v1/projects#x"),
        },
    ),
    *probes(
        Expected(404, "not_found", "tokens"),
        {
            "two slashes after a prefix": get("/api//projects/x/tokens"),
            "a trailing slash in tokens": get("/api/projects/x/tokens/"),
        },
    ),
    *probes(
        Expected(404, "NotFoundError", "admin"),
        {
            "a trailing slash in admin": get("/api/admin/projects/x/api-tokens/"),
            "encoded dots in admin": get("/api/admin/projects/%2e%2e/api-tokens"),
        },
    ),
]

CHARACTERS = [
    *probes(
        Expected(400, "bad_request"),
        {
            "a newline": get("/v1/projects%0A"),
            "a newline inside": get("/v1/pro%0Ajects"),
            "NUL": get("/v1/projects/%00"),
            "a tab": get("/v1/projects/a%09b"),
            "DEL": get("/v1/projects/a%7Fb"),
            "a backslash": get("/v1\\projects"),
            "an encoded backslash": get("/v1%5Cprojects"),
            "half a percent sign": get("/v1/projects/%4"),
            "a percent sign without digits": get("/v1/projects/%zz"),
            "an escape of four digits": get("/v1/projects/%u0041"),
            "a path that is not UTF-8": get("/v1/projects/%ff"),
            "an overlong slash": get("/v1%c0%afprojects"),
            "an overlong NUL": get("/v1/projects/%c0%80"),
            "half a surrogate pair": get("/v1/projects/%ed%a0%80"),
            "past the end of Unicode": get("/v1/projects/%f4%90%80%80"),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin"),
        {
            "a carriage return in admin": get("/api/admin/projects/%0D/api-tokens"),
            "not UTF-8 in admin": get("/api/admin/projects/%ff/api-tokens"),
        },
    ),
    *probes(
        Expected(400, "bad_request", "tokens"),
        {
            "NUL in tokens": get("/api/projects/%00/tokens"),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "a bare byte of Latin-1": get(b"/v1/projects/\xff"),
            "bare UTF-8": get("/v1/projects/é".encode()),
            "a bare tab": get("/v1/projects/a\tb"),
            "a bare blank": get("/v1/projects a"),
        },
    ),
]

NEIGHBOURS = [
    *probes(
        Expected(404, "not_found"),
        {
            "another case": get("/V1/projects"),
            "another version": get("/v2/projects"),
            "a prefix alone": get("/v1"),
            "nothing there": get("/nope"),
            "the root": get("/"),
            "Flask's static files": get("/static/app.js"),
            "Connexion's documentation": get("/ui/"),
            "Connexion's copy of the contract": get("/v1/openapi.json"),
            "settings": get("/.env"),
            "a repository": get("/.git/config"),
            "beside the documents": get("/docs/nope.js"),
            "out of the documents": get("/docs/%2e%2e/openapi.yaml"),
            "after the documents": get("/docs/"),
        },
    ),
    *probes(
        Expected(404, "NotFoundError", "admin"),
        {
            "a prefix alone in admin": get("/api/admin"),
        },
    ),
    *probes(
        Expected(404, "not_found", "tokens"),
        {
            "a prefix alone in tokens": get("/api"),
            "longer than a prefix": get("/api/administration"),
        },
    ),
]

FORMS = [
    *probes(
        Expected(200, stranger=401),
        {
            "the absolute form": get("http://jeton.test/v1/projects"),
            "the absolute form in capitals": get("HTTP://jeton.test/v1/projects"),
        },
    ),
    *probes(
        Expected(200),
        {
            "the absolute form of a document": get("http://jeton.test/docs"),
        },
    ),
    *probes(
        Expected(404, "not_found"),
        {
            "the absolute form of nothing": get("http://jeton.test/x"),
            "the absolute form within the absolute form": get("http://a/http://b/v1/projects"),
        },
    ),
    *probes(
        Expected(404, "NotFoundError", "admin"),
        {
            "the absolute form in admin": get("http://jeton.test/api/admin/x"),
        },
    ),
    *probes(
        Expected(400, "bad_request"),
        {
            "the absolute form without a path": get("http://jeton.test"),
            "the absolute form of another scheme": get("ftp://jeton.test/v1/projects"),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "no slash": get("v1/projects"),
            "an asterisk": get("*"),
            "a question mark alone": get("?limit=1"),
        },
    ),
]

PATHS = [*STRUCTURE, *CHARACTERS, *NEIGHBOURS, *FORMS]
