"""Queries: parameters that no operation has, twice, or bent out of shape."""

from tests.contract.probes.probe import Expected, get, probes

QUERIES = [
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "an unknown parameter": get("/v1/projects?nope=1"),
            "a parameter twice": get("/v1/projects?limit=1&limit=2"),
            "a parameter twice, once escaped": get("/v1/projects?limit=1&%6cimit=2"),
            "a parameter in upper case": get("/v1/projects?LIMIT=1"),
            "a parameter as a list": get("/v1/projects?limit[]=1"),
            "a parameter without a value": get("/v1/projects?limit"),
            "an empty value": get("/v1/projects?limit="),
            "a semicolon between parameters": get("/v1/projects?limit=1;cursor=a"),
            "a blank before a number": get("/v1/projects?limit=%201"),
            "a plus before a number": get("/v1/projects?limit=%2B1"),
            "an underscore in a number": get("/v1/projects?limit=1_0"),
            "a number with an exponent": get("/v1/projects?limit=1e1"),
            "a hexadecimal number": get("/v1/projects?limit=0x1"),
            "a zero before a number": get("/v1/projects?limit=01"),
            "a fraction": get("/v1/projects?limit=1.0"),
            "Arabic digits": get("/v1/projects?limit=%D9%A1"),
            "a number out of range": get("/v1/projects?limit=101"),
            "a number of 5,000 digits": get("/v1/projects?limit=" + "9" * 4000),
            "a newline in a cursor": get("/v1/projects?cursor=a%0A"),
            "NUL in a cursor": get("/v1/projects?cursor=%00"),
            "a cursor that leads nowhere": get("/v1/projects?cursor=AAAA"),
            "a token in the query": get("/v1/projects?access_token=x"),
            "half a percent sign in a query": get("/v1/projects?limit=%"),
        },
    ),
    *probes(
        Expected(400, "bad_request", stranger=401),
        {
            "a query that is not UTF-8": get("/v1/projects?limit=%ff"),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin", stranger=401),
        {
            "a query in admin": get("/api/admin/projects/x/api-tokens?x=1"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", "tokens", stranger=401),
        {
            "a query in tokens": get("/api/projects/x/tokens?x=1"),
        },
    ),
    *probes(
        Expected(400, "validation_failed"),
        {
            "a query for everybody": get("/health/live?x=1"),
        },
    ),
    *probes(
        Expected(200, stranger=401),
        {
            "an empty query": get("/v1/projects?"),
            "an escaped digit": get("/v1/projects?limit=%31"),
        },
    ),
]
