"""The layers of a request, and which of them a sampled stack is in."""

import re
from collections import Counter
from collections.abc import Iterable

SERVER = "server and event loop"
WIRE = re.compile(r"handlers/wire/(\w+)\.py")
FRAME = re.compile(r"\((.*):\d+\)$")
# A thread that waits for work; py-spy does not always see that it sleeps.
WAITING = re.compile(r"_worker \([^()]*concurrent/futures/thread\.py:\d+\)$")
RULES = (
    ("telemetry", r"handlers/wire/telemetry\.py|/structlog/"),
    ("edge", r"handlers/wire/(edge|origin|documents)\.py"),
    (
        "Connexion's routing and middlewares",
        r"handlers/wire/routing\.py"
        r"|connexion/middleware/(routing|main|abstract|exceptions|server_error|lifespan|context)"
        r"\.py|/starlette/",
    ),
    ("throttle", r"handlers/wire/throttle\.py|/limits/"),
    ("identity", r"handlers/wire/identity\.py|connexion/(middleware/)?security\.py"),
    (
        "validation of requests",
        r"handlers/wire/(validation|bodies)\.py|connexion/(middleware/request_val|validators/)",
    ),
    ("validation of answers", r"handlers/wire/answers\.py|connexion/middleware/response_val"),
    (
        "bridge and Flask",
        r"handlers/wire/(bridge|operations|replay|app|threads)\.py|/flask/|/werkzeug/"
        r"|connexion/(decorators|frameworks|apps|lifecycle|uri_parsing|datastructures)",
    ),
    ("handler", r"handlers/\w+\.py|handlers/wire/(shapes|times|cursors)\.py"),
    ("digests and sealing", r"/models/secrets\.py|/hmac\.py"),
    ("models and SQL", r"/models/\w+\.py|/peewee|/playhouse/|/psycopg"),
    (SERVER, r"/gunicorn/|/asyncio/|/uvloop/|handlers/wire/worker\.py"),
)
COMPILED = [(layer, re.compile(pattern)) for layer, pattern in RULES]
# They work for whoever calls them.
BORROWED = ("schemas", "subschemas", "contract", "keys")


def layer_of(stack: str) -> str:
    """The layer of the innermost frame that belongs to one; frames are parted by semicolons."""
    for frame in reversed(stack.split(";")):
        found = FRAME.search(frame)
        layer = _layer(found[1]) if found else None
        if layer is not None:
            return layer
    return SERVER


def by_layer(folded: Iterable[str]) -> dict[str, float]:
    """The part of the samples in each layer. A line of `folded` is a stack and how often it was."""
    counts: Counter[str] = Counter({layer: 0 for layer, _ in RULES})
    for line in folded:
        stack, _, count = line.rpartition(" ")
        if not WAITING.search(stack):
            counts[layer_of(stack)] += int(count)
    total = counts.total() or 1
    return {layer: count / total for layer, count in counts.items()}


def _layer(file: str) -> str | None:
    """By the first rule that fits; what is new in the wire stands by itself until it has a rule."""
    layer = next((layer for layer, pattern in COMPILED if pattern.search(file)), None)
    wire = WIRE.search(file)
    if layer is None and wire and wire[1] not in BORROWED:
        return f"wire/{wire[1]}.py"
    return layer
