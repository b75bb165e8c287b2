"""Where batches are graded: in this process, in a pool of processes, or on any executor.

Batches are handed out a few at a time, so that neither they nor what comes back pile up. When a
process dies, its batch is graded again, file by file and with nothing beside it, so that it is
known which file it was; a file at which a process dies again is given up.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from checker.folder.batches import File, Graded, Job, assignment_for, grade_batch, lost
from submissions_schema.problems import InputError, Place, Problem

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

_WORTH_A_PROCESS = 25
"""Submissions that take longer to grade than a further process takes to start."""

_BATCH = 16
_EACH = 8
"""Batches that what is left makes for each process: so the last are small, and all end together."""


def processes_for(files: int) -> int:
    """Return how many processes to grade so many files with: at most one for each core."""
    return max(1, min(os.cpu_count() or 1, files // _WORTH_A_PROCESS))


class Workers:
    """An executor for the batches of a job, that may be replaced if it breaks.

    ``width`` batches are graded at a time. ``job`` is the job, or what the executor takes for it.
    ``check`` raises :class:`InputError` if the executor is gone and nothing more comes of it.
    """

    def __init__(
        self,
        make: Callable[[], Executor],
        job: object,
        width: int,
        *,
        ahead: int | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._make = make
        self._check = check
        self._job = job
        self._executor = make()
        self._broken = False
        self.width = width
        self.ahead = 2 * width if ahead is None else ahead

    def submit(self, files: list[File]) -> Future[list[Graded]]:
        """Have a batch graded."""
        if self._broken:
            self._executor.shutdown()  # Its thread would keep the next from starting by a fork.
            self._executor = self._make()
            self._broken = False
        try:
            return self._executor.submit(grade_batch, cast("Job", self._job), files)
        except BrokenExecutor as error:
            self._broken = True
            failed: Future[list[Graded]] = Future()
            failed.set_exception(error)
            return failed

    def done(self, flying: Collection[Future[list[Graded]]], until: str) -> Collection[Future[Any]]:
        """Return which batches are done, when the first is or all are."""
        while True:
            found = wait(flying, _PATIENCE, return_when=until)
            if not found.not_done or (found.done and until == FIRST_COMPLETED):
                return found.done
            self._check()

    def result(self, future: Future[list[Graded]]) -> list[Graded] | Exception:
        """Return what came of a batch, or what happened to who graded it."""
        self.done([future], ALL_COMPLETED)
        try:
            return future.result()
        except InputError:
            raise
        except Exception as error:
            self._broken = self._broken or isinstance(error, BrokenExecutor)
            return error


def graded_by(workers: Workers, job: Job, files: Iterable[File], count: int) -> Iterator[Graded]:
    """Yield what comes of files, as it comes; there are ``count`` of them.

    Raises :class:`InputError` for an unusable assignment.
    """
    batches = _batches(files, count, workers.width * _EACH)
    flying: dict[Future[list[Graded]], list[File]] = {}
    while True:
        for batch in islice(batches, workers.ahead - len(flying)):
            flying[workers.submit(batch)] = batch
        if not flying:
            return
        suspects: list[File] = []
        waiting = workers.done(flying, FIRST_COMPLETED)
        while waiting:
            for future in waiting:
                batch = flying.pop(future)
                came = workers.result(future)
                if isinstance(came, Exception):
                    suspects += batch
                else:
                    yield from came
            # Nothing else may be under way when a suspect is graded.
            waiting = workers.done(flying, ALL_COMPLETED) if suspects else ()
        for file in suspects:
            came = workers.result(workers.submit([file]))
            if isinstance(came, Exception):
                yield lost(job, file, f"{type(came).__name__}: {came}")
            else:
                yield from came


def _batches(files: Iterable[File], left: int, share: int) -> Iterator[list[File]]:
    rest = iter(files)
    while batch := list(islice(rest, max(1, min(_BATCH, left // share)))):
        left -= len(batch)
        yield batch


# --- places to grade in -----------------------------------------------------------------------


@contextmanager
def here(job: Job) -> Iterator[Workers]:
    """Grade in this process."""
    yield Workers(_Here, job, 1, ahead=1)


class _Here(Executor):
    """Does at once what is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def processes(job: Job, count: int) -> Iterator[Workers]:
    """Grade in so many processes on this machine."""
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    before = set(multiprocessing.active_children())
    # What is loaded here is there after a fork, so that no process has to load it again.
    assignment_for(job)
    pools: list[ProcessPoolExecutor] = []

    def make() -> ProcessPoolExecutor:
        given = (job, gc.get_threshold())
        pool = ProcessPoolExecutor(count, _context(), initializer=_start, initargs=given)
        pools.append(pool)
        with _uninterrupted():
            pool.submit(os.getpid)  # This starts its processes.
        return pool

    try:
        yield Workers(make, job, count)
    except BaseException:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    for pool in pools:
        pool.shutdown()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interruptions back, for a process that starts with them held back as well."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context() -> BaseContext:
    """Return how processes start: by a fork where nothing but this thread runs."""
    import multiprocessing  # noqa: PLC0415

    known = multiprocessing.get_all_start_methods()
    if "fork" in known and sys.platform != "darwin" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("forkserver" if "forkserver" in known else "spawn")


def _start(job: Job, collected: tuple[int, int, int]) -> None:
    """Make a process ready: it leaves it to its parent to be interrupted, and ends with it."""
    import multiprocessing  # noqa: PLC0415

    gc.set_threshold(*collected)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    assignment_for(job)


def _end_with(parent: int) -> None:
    from multiprocessing.connection import wait as wait_for  # noqa: PLC0415

    wait_for([parent])
    os._exit(1)


@contextmanager
def on(executor: Executor, job: Job, width: int) -> Iterator[Workers]:
    """Grade on an executor, which stays open; ``width`` is how many batches it does at a time."""
    yield Workers(lambda: executor, job, width)


@contextmanager
def cluster(job: Job, address: str) -> Iterator[Workers]:
    """Grade on a Dask cluster, by its scheduler's address. Raises :class:`InputError`.

    The assignment is sent to each worker once, by its content.
    """
    place = Place("--scheduler")
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        message = "Dask is not installed; pip install 'homework-checker[cluster]'"
        raise InputError([Problem(message, place)]) from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"there is no Dask scheduler: {error}"
        raise InputError(
            [Problem(message, place, "an address as tcp://host:8786", address)]
        ) from None
    with client:
        width = sum(client.nthreads().values())
        if not width:
            raise InputError([Problem("the Dask cluster has no worker", place, got=address)])
        # What a task gives can be had again when all who have it died, what is scattered can't.
        sent = client.submit(_itself, job, pure=True)

        def check() -> None:
            if client.status in ("closing", "closed"):
                raise InputError([Problem("the Dask cluster is gone", place, got=address)])

        def make() -> Executor:
            check()
            executor: Executor = client.get_executor(pure=False)
            return executor

        yield Workers(make, sent, width, check=check)


def _itself(job: Job) -> Job:
    return job


_PATIENCE = 10
"""Seconds to wait for an answer before asking whether there still is who could give it."""
