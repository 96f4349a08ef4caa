"""Record anew what Schemathesis sends."""

import tempfile
from pathlib import Path

from tests.contract.differential.recording import FILE, record

with tempfile.TemporaryDirectory() as folder:
    record(Path(folder))
print(f"{len(FILE.read_bytes().splitlines())} requests in {FILE}")
