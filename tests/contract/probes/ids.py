"""Ids and secrets in paths: longer, shorter, or of other letters than the contract allows."""

from tests.contract.probes.probe import NOWHERE, Expected, get, probes

LONG = "a" * 101

IDS = [
    *probes(
        Expected(400, "validation_failed", stranger=401),
        {
            "a zero-width blank in an id": get("/v1/projects/my-project%E2%80%8B"),
            "full-width letters in an id": get("/v1/projects/%EF%BD%8D%EF%BD%99-project"),
            "dots that were encoded twice": get("/v1/projects/%252e%252e%252e"),
            "a percent sign in an id": get("/v1/projects/my-project%25"),
            "an upper-case id": get("/v1/projects/My-Project-A1B2C"),
            "a short id": get("/v1/projects/short"),
            "a long id": get(f"/v1/projects/{LONG}"),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin", stranger=401),
        {
            "a long id in admin": get(f"/api/admin/projects/{LONG}/api-tokens"),
            "an asterisk for an id": get("/api/admin/projects/*/api-tokens"),
            "a long token": get(f"/api/admin/projects/x/api-tokens/{LONG * 6}"),
        },
    ),
    *probes(
        Expected(400, "validation_failed", "tokens", stranger=401),
        {
            "a long id in tokens": get(f"/api/projects/{LONG}/tokens"),
            "a blank in an id": get("/api/projects/a%20b/tokens"),
            "a long token id": get(f"/api/projects/x/tokens/{LONG}"),
        },
    ),
    *probes(
        Expected(400, "validation_failed"),
        {
            "a share token in upper case": get(
                "/v1/public-shares/3F2B8C1E-9D4A-4E6F-8A7B-1C2D3E4F5A6B"
            ),
            "a share token in braces": get(
                "/v1/public-shares/{3f2b8c1e-9d4a-4e6f-8a7b-1c2d3e4f5a6b}"
            ),
            "a share token of version 1": get(
                "/v1/public-shares/3f2b8c1e-9d4a-1e6f-8a7b-1c2d3e4f5a6b"
            ),
        },
    ),
    *probes(
        Expected(400, "bad_request"),
        {
            "a newline after a share token": get(
                "/v1/public-shares/3f2b8c1e-9d4a-4e6f-8a7b-1c2d3e4f5a6b%0A"
            ),
        },
    ),
    *probes(
        Expected(404, "project_not_found", stranger=401),
        {
            "an escaped letter": get(f"/v1/%70rojects/{NOWHERE}"),
        },
    ),
]
