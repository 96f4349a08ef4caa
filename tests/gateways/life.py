"""A token's life behind gateways, as a user would script it; says how soon a revocation is felt.

    python -m tests.gateways.life JETON GATEWAY...

JETON and the GATEWAYs are URLs. The gateways want tokens of the project that JETON_PROJECT names,
and of nothing else. JETON_ROOT_TOKEN makes the project, mints and revokes. Exit code 1 if a token
was refused while it was good, or let through after its revocation was acknowledged.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass, field

import httpx

ROUNDS = int(os.environ.get("JETON_ROUNDS", "20"))
SHARE = "/v1/projects/{}/public-share-token"
API = "/api/admin/projects/{}/api-tokens"
PROJECT = "/api/projects/{}/tokens"


@dataclass
class Life:
    """Jeton, its gateways, and what was measured: milliseconds by dialect."""

    jeton: httpx.Client
    gateways: list[httpx.Client]
    project: str
    felt: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def mint(self, dialect: str, number: int) -> tuple[str, str]:
        """The secret of a new token, and the path that revokes it."""
        if dialect == "share":
            path = SHARE.format(self.project)
            return self._post(path, None)["token"], path
        if dialect == "api":
            path = API.format(self.project)
            body = {"type": "backend", "tokenName": f"shop-{number}", "environment": "development"}
            secret = self._post(path, body)["secret"]
            return secret, f"{path}/{secret}"
        path = PROJECT.format(self.project)
        minted = self._post(path, {"name": f"dashboard-{number}", "role": "viewer"})
        return minted["token"], f"{path}/{minted['id']}"

    def live(self, dialect: str, number: int) -> None:
        """Mint, call through every gateway, revoke, be refused at every gateway."""
        secret, path = self.mint(dialect, number)
        self._expect(200, dialect, secret)
        self.jeton.delete(path).raise_for_status()
        revoked = time.perf_counter()
        self._expect(401, dialect, secret)
        self.felt.setdefault(dialect, []).append((time.perf_counter() - revoked) * 1000)

    def _expect(self, status: int, dialect: str, secret: str) -> None:
        for gateway in self.gateways:
            told = gateway.get("/", headers={"Authorization": f"Bearer {secret}"}).status_code
            if told != status:
                self.wrong.append(f"{dialect} at {gateway.base_url}: {told} instead of {status}")

    def _post(self, path: str, body: dict[str, str] | None) -> dict[str, str]:
        minted = self.jeton.post(path, json=body)
        minted.raise_for_status()
        return dict(minted.json())


def main(jeton_url: str, *gateway_urls: str) -> int:
    """Live through every dialect, and print what was found."""
    project = os.environ["JETON_PROJECT"]
    root = {"Authorization": f"Bearer {os.environ['JETON_ROOT_TOKEN']}"}
    jeton = httpx.Client(base_url=jeton_url, headers=root, timeout=20)
    made = jeton.post("/v1/projects", json={"id": project})
    assert made.status_code in (201, 409), made.text
    life = Life(jeton, [httpx.Client(base_url=url, timeout=20) for url in gateway_urls], project)
    for number in range(ROUNDS):
        for dialect in ("share", "api", "project"):
            life.live(dialect, number)
    for dialect, took in life.felt.items():
        told = f"p50 {statistics.median(took):.1f} ms, worst {max(took):.1f} ms"
        print(f"{dialect}: {len(took)} revoked; refused at {len(gateway_urls)} gateways, {told}")
    print(*life.wrong or ["no call was answered wrongly"], sep="\n")
    for client in (jeton, *life.gateways):
        client.close()
    return 1 if life.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
