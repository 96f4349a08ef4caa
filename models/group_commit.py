"""Group commit: what waits to write is done together, in one transaction that is on disk once.

SQLite has one writer at a time, and each commit waits for the disk. Whoever comes during that wait
shares the next one. Each work has a savepoint of its own, so that one which fails takes back only
what it did; nobody is answered before the transaction of all is committed.

A thread waits for the lock and for the disk. The works themselves wait for nothing then, and are
done on the event loop: in the thread they would take turns with it at the interpreter, statement by
statement, which costs more than what they do.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context, copy_context
from typing import Any

from peewee import OperationalError

from models.database import database, session, writing
from models.failures import StorageUnavailable
from models.sqlite import in_group
from models.waiting import DEADLINE_SECONDS, WAITING_AT_MOST, on_the_loop

TOGETHER = 32
TOGETHER_SECONDS = 0.005  # others want the loop, and the lock
LOST = "the transaction was rolled back"


class Work:
    """A piece of work with the context of who asked for it, and what became of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._context = copy_context()
        self._context.run(on_the_loop.set, True)
        self._context.run(in_group.set, True)
        self._work = work
        self._result: Any = None
        self._error: BaseException | None = None

    def do(self) -> None:
        """Do it in a savepoint; raises OperationalError where the transaction of all is lost."""
        self._context.run(self._do)

    def tell(self) -> None:
        """Say what became of it: its transaction is committed."""
        if self._error:
            self.fail(self._error)
        elif not self.ended.done():
            self.ended.set_result(self._result)

    def fail(self, error: BaseException) -> None:
        """Say that it failed, or that its transaction did, with all that rests on it."""
        if not self.ended.done():
            self.ended.set_exception(error)

    def _do(self) -> None:
        try:
            with database.obj.atomic():
                self._result = self._work()
        except BaseException as error:
            self._error = error
            if not database.connection().in_transaction:
                raise OperationalError(LOST) from error


class Group:
    """Does what is to be written, as many works at a time as wait."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(
            1, "jeton-group", initializer=in_group.set, initargs=(True,)
        )
        self._waiting: deque[Work] = deque()
        self._doing: asyncio.Task[None] | None = None

    async def outcome(self, work: Callable[[], Any]) -> Any:
        """What the work answers or raises, once the transaction that it was done in is on disk.

        Raises StorageUnavailable where too many wait or that takes too long, and WouldWait where
        the work reads too much: it has changed nothing then.
        """
        if len(self._waiting) >= WAITING_AT_MOST:
            raise StorageUnavailable
        waiting = Work(work)
        self._waiting.append(waiting)
        if self._doing is None or self._doing.done():
            self._doing = asyncio.create_task(self._do_all(), context=Context())
        overdue = self._doing.get_loop().call_later(
            DEADLINE_SECONDS, waiting.fail, StorageUnavailable()
        )
        try:
            return await waiting.ended
        finally:
            overdue.cancel()

    async def finish(self) -> None:
        """Do what waits."""
        if self._doing:
            await asyncio.shield(self._doing)

    async def _do_all(self) -> None:
        while self._waiting:
            await self._do_together()

    async def _do_together(self) -> None:
        # Who comes while the turn is awaited in vain has waited as long as anybody may.
        works = self._waiting
        try:
            async with self._transaction():
                works = deque()
                for work in self._taken():
                    works.append(work)
                    work.do()
        except Exception as error:
            while works:
                works.popleft().fail(error)
        else:
            for work in works:
                work.tell()

    def _taken(self) -> Iterator[Work]:
        """Those that wait longest, as many as one transaction may have; who gave up is left out."""
        until = time.monotonic() + TOGETHER_SECONDS
        for _ in range(TOGETHER):
            if not self._waiting or time.monotonic() > until:
                return
            work = self._waiting.popleft()
            if not work.ended.done():
                yield work

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[None]:
        """A transaction that the thread begins and ends, also where this is cancelled meanwhile."""
        transaction = _turn_to_write()
        try:
            await self._aside(transaction.__enter__)
            yield
        except BaseException as error:
            await self._aside(transaction.__exit__, type(error), error, error.__traceback__)
            raise
        await self._aside(transaction.__exit__, None, None, None)

    def _aside(self, step: Callable[..., Any], *arguments: Any) -> Awaitable[Any]:
        """Do it in the thread, whoever still waits for that."""
        doing = asyncio.get_running_loop().run_in_executor(self._thread, step, *arguments)
        return asyncio.shield(doing)


@contextmanager
def _turn_to_write() -> Iterator[None]:
    with session(), writing():
        yield
