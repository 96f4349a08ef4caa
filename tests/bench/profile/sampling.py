"""Sampling: py-spy looks at a worker while wrk loads it."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench import load
from tests.bench.operations import Question
from tests.bench.profile.layers import by_layer
from tests.bench.servers import Running

RATE = 250
MARGIN_SECONDS = 1


def profiled(server: Running, question: Question, seconds: int, rounds: int) -> dict[str, float]:
    """Microseconds of CPU for each request and layer.

    What a request costs is measured without the profiler, the parts with it.
    """
    load.warm(server, question, "warm")
    costs = sorted(
        load.measure(server, question, seconds, f"cost-{number}").cpu_us for number in range(rounds)
    )
    parts = _parts(server, question, seconds * rounds)
    return {layer: costs[rounds // 2] * part for layer, part in parts.items()}


def _parts(server: Running, question: Question, seconds: int) -> dict[str, float]:
    folded = server.folder / "stacks"
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load.warm, server, question, "profile", seconds + MARGIN_SECONDS)
        _spy(server.workers[0], folded, seconds)
        loading.result()
    return by_layer(folded.read_text().splitlines())


def _spy(process: int, folded: Path, seconds: int) -> None:
    done = subprocess.run(
        [
            *("py-spy", "record", "--pid", str(process), "--duration", str(seconds)),
            *("--rate", str(RATE), "--format", "raw", "--full-filenames", "--output", str(folded)),
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=False,
    )
    if done.returncode or not folded.exists():
        why = "py-spy could not look at the worker; it wants root, or kernel.yama.ptrace_scope=0"
        raise load.Unmeasurable(f"{why}\n{done.stderr[-1000:]}")
