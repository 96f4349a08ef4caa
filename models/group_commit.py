"""Group commit: what waits to write is done together, in one transaction that is on disk once.

SQLite has one writer at a time, and each commit waits for the disk. Whoever comes during that wait
shares the next one. Each work has a savepoint of its own, so that one which fails takes back only
what it did; nobody is answered before the transaction of all is committed.
"""

import contextvars
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from peewee import OperationalError

from models.database import database, session, writing

TOGETHER = 32
LOST = "the transaction was rolled back"


class Work:
    """A piece of work with the context of who asked for it, and what became of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.future: Future[Any] = Future()
        self._context = contextvars.copy_context()
        self._work = work
        self._result: Any = None
        self._error: BaseException | None = None

    def do(self) -> None:
        """Do it in a savepoint; raises OperationalError where the transaction of all is lost."""
        try:
            with database.atomic():
                self._result = self._context.run(self._work)
        except BaseException as error:
            self._error = error
            if not database.connection().in_transaction:
                raise OperationalError(LOST) from error

    def tell(self) -> None:
        """Say what became of it: its transaction is committed."""
        if self._error is None:
            self.future.set_result(self._result)
        else:
            self.future.set_exception(self._error)

    def fail(self, error: BaseException) -> None:
        """Say that its transaction failed; what it raised itself is more to the point."""
        self.future.set_exception(self._error or error)


class Writer:
    """A thread that does what is to be written, as many at a time as wait."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def submit(self, work: Callable[[], Any]) -> "Future[Any]":
        """Do the work in the next transaction; the future knows once that is committed."""
        with self._lock:  # not before: a worker must not inherit a thread
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jeton-writer", daemon=True)
                self._thread.start()
        waiting = Work(work)
        self._waiting.put(waiting)
        return waiting.future

    def finish(self) -> None:
        """Do what waits, and take no more."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            works = [first, *self._others(TOGETHER - 1)]
            started = [work for work in works if work.future.set_running_or_notify_cancel()]
            self._together(started)

    def _others(self, count: int) -> list[Work]:
        found: list[Work] = []
        while len(found) < count and not self._waiting.empty():
            work = self._waiting.get()
            if work is None:
                self._waiting.put(None)
                break
            found.append(work)
        return found

    def _together(self, works: list[Work]) -> None:
        begun = False
        try:
            with session(), writing():
                begun = True
                for work in works:
                    work.do()
        except BaseException as error:
            # Who came while the turn was awaited in vain has waited as long as anybody may.
            late = [] if begun else self._others(self._waiting.qsize())
            for work in [
                *works,
                *(one for one in late if one.future.set_running_or_notify_cancel()),
            ]:
                work.fail(error)
        else:
            for work in works:
                work.tell()
