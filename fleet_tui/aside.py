"""Work that may take long, in a thread that nobody waits for: not the end of the program, nor what has to be written.

`asyncio.to_thread` has a few threads for all, so what hangs in them holds up the journal; and the program ends when
they have ended. What writes to the disk stays there.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What `work` gives, or raises. When nobody waits any more it may go on, and ends with the program."""
    done: Future[T] = Future()

    def run() -> None:
        done.set_running_or_notify_cancel()
        try:
            done.set_result(work(*arguments, **options))
        except BaseException as error:  # noqa: BLE001 carried to the caller, whatever it is
            done.set_exception(error)

    Thread(target=run, name=f"aside: {getattr(work, '__name__', work)}", daemon=True).start()
    return await asyncio.wrap_future(done)


def look_up_names_aside() -> None:
    """Have this loop look up names so: without a network the system tries for half a minute."""

    def lookup(*arguments: Any, **options: Any) -> Any:
        return aside(socket.getaddrinfo, *arguments, **options)

    asyncio.get_running_loop().getaddrinfo = lookup  # type: ignore[method-assign]
