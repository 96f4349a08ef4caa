"""Runs an example in TypeScript: the type checker first, then node."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.contract.node_tools import BIN

CHECK = ["--strict", "--target", "es2022", "--module", "es2022", "--lib", "es2022,dom"]
CALL = """
import {{ verified }} from "./page.js";
const questions = {questions};
const told = [];
for (const [token, required] of questions) told.push(await verified(token, required));
console.log(JSON.stringify(told));
"""


def answers(code: str, questions: list[tuple[str, dict[str, str]]], folder: Path) -> list[Any]:
    """What `verified` of the example answers to each question."""
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "page.ts").write_text(code)
    (folder / "call.js").write_text(CALL.format(questions=json.dumps(questions)))
    _run([str(BIN / "tsc"), *CHECK, "page.ts"], folder)
    return list(json.loads(_run(["node", "call.js"], folder)))


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
