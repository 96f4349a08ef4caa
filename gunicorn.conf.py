"""The process: where it listens, how many workers, and what happens before they are forked."""

import contextlib
import gc
import signal
import sys
import threading

from handlers.wire.config import WrongSettings, load
from handlers.wire.start import prepare
from models.last_used import last_used
from models.schema import Unusable

gc.disable()  # until workers serve: what is loaded now stays, and looking through it takes time

try:
    settings = load()
except WrongSettings as wrong:
    for fault in wrong.faults:
        print(f"jeton: {fault}", file=sys.stderr)
    sys.exit(2)

wsgi_app = "handlers.wire.app:create_app()"
bind = settings.bind
workers = settings.workers
worker_class = "handlers.wire.worker.Worker"
asgi_lifespan = "on"
loglevel = {"debug": "info", "error": "error"}.get(settings.log_level, "warning")
proc_name = "jeton"
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# A Content-Length may be as long as a field: gunicorn reads it with int(), which must not raise.
sys.set_int_max_str_digits(limit_request_field_size)


def on_starting(server):
    """Prepare the store once, before any worker is there."""
    try:
        secret = prepare(settings)
    except Unusable as cause:
        print(f"jeton: {cause}.", file=sys.stderr)
        sys.exit(1)
    # Loaded only now, as it needs the keys; a worker that imports would not hear SIGTERM.
    server.app.wsgi()
    gc.freeze()  # workers share these pages with the parent, and never look through them
    if secret:
        print(f"Root token, shown this once: {secret}", flush=True)


def post_fork(server, worker):
    """Undo what the parent set for itself: its handlers would swallow a signal to end it."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    gc.set_threshold(10_000)  # objects: a long answer has thousands, gone before a look would pay
    gc.enable()


def worker_int(worker):
    """Ctrl-C stops at once: write the last-used times that were gathered.

    In a thread, which the process waits for: whoever has the turn to write may wait for the loop.
    """

    def flush():
        with contextlib.suppress(Exception):
            last_used.flush()

    threading.Thread(target=flush).start()


def pre_request(worker, request):
    """Nothing: gunicorn's own logs every path at the level debug, and paths hold secrets."""


def when_ready(server):
    """Say where it can be reached."""
    where = settings.public_base
    print(f"Jeton serves on {where} (documentation: {where}/docs)", flush=True)
