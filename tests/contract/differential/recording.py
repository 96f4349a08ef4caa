"""What Schemathesis sends in a seeded run: written down once, so that each test sends the same.

Its ids come from the answers, so that no two runs are alike. `make contract-corpus` records anew.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from tests.live import ROOT, ROOT_TOKEN, Server, environment
from tests.raw import request

FILE = Path(__file__).with_name("recorded.jsonl")
SEED, EXAMPLES, SECONDS = "20261122", "15", 240
AS_ROOT = f"Bearer {ROOT_TOKEN}"


def recorded() -> Iterator[bytes]:
    """The recorded requests as they go over the wire."""
    for line in FILE.read_bytes().splitlines():
        yield _raw(**orjson.loads(line))


def record(folder: Path) -> None:
    """Run all phases but the stateful one, which goes where the ids of one server lead."""
    server = Server(folder).start()
    try:
        _run(server, folder / "requests.har")
    finally:
        server.stop()
    entries = orjson.loads((folder / "requests.har").read_bytes())["log"]["entries"]
    lines = [orjson.dumps(_row(entry["request"])) for entry in entries]
    FILE.write_bytes(b"\n".join(dict.fromkeys(lines)) + b"\n")


def _run(server: Server, report: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"),
            *("run", "openapi.yaml", "--url", server.url, "--seed", SEED),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES),
            *("--output-sanitize", "false", "--report", "har", "--report-har-path", str(report)),
        ],
        cwd=ROOT,
        env=environment() | {"JETON_FUZZ_TOKEN": ROOT_TOKEN},
        timeout=SECONDS,
        check=True,
    )


def _row(sent: dict[str, Any]) -> dict[str, str]:
    url = urlsplit(sent["url"])
    headers = {header["name"].lower(): header["value"] for header in sent["headers"]}
    told = {
        "method": sent["method"],
        "target": url.path + (f"?{url.query}" if url.query else ""),
        "credential": headers.get("authorization", "").replace(AS_ROOT, "root"),
        "media_type": headers.get("content-type", ""),
        "body": sent.get("postData", {}).get("text", ""),
    }
    return {name: value for name, value in told.items() if value}


def _raw(
    method: str, target: str, credential: str = "", media_type: str = "", body: str = ""
) -> bytes:
    told = {
        "Authorization": AS_ROOT if credential == "root" else credential,
        "Content-Type": media_type,
    }
    headers = [f"{name}: {value}" for name, value in told.items() if value]
    return request(method, target, *headers, body=body.encode())
