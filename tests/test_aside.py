"""Work in a thread that nobody waits for."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from fleet_tui.aside import aside, look_up_names_aside

HANGS = """
import asyncio, socket, threading
from concurrent.futures import ThreadPoolExecutor
from fleet_tui.aside import aside
from fleet_tui.services.http import Http
from fleet_tui.services.http_service import Service

entered, never = threading.Semaphore(0), threading.Event()

def hang(*arguments, **options):
    entered.release()
    never.wait()

socket.getaddrinfo = hang

async def main():
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    http = Http()
    tasks = [asyncio.create_task(http.get(Service("GitHub", f"http://{n}.invalid"), "/")) for n in range(5)]
    tasks.append(asyncio.create_task(aside(hang)))
    for _ in tasks:  # more than there are threads for all
        await asyncio.to_thread(entered.acquire)
    await http.aclose()

asyncio.run(main())
print("ended")
"""


def test_what_hangs_holds_up_neither_what_is_to_be_written_nor_the_end() -> None:
    command = [sys.executable, "-W", "error", "-c", HANGS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=Path(__file__).parents[1])
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


async def test_it_gives_what_the_work_gives() -> None:
    assert await aside(int, "7", base=8) == 7
    assert await aside(threading.get_ident) != threading.get_ident()
    with pytest.raises(ValueError, match="invalid literal"):
        await aside(int, "x")


async def test_one_that_is_given_up_bothers_nobody_when_it_is_done() -> None:
    go, gone = threading.Event(), threading.Event()

    def work() -> None:
        go.wait(10)
        gone.set()

    waiting = asyncio.create_task(aside(work))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    assert await asyncio.to_thread(gone.wait, 10)


async def test_names_are_looked_up_by_the_system_and_errors_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up_names_aside()
    loop = asyncio.get_running_loop()
    ((_, _, _, _, address),) = await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
    assert address == ("127.0.0.1", 80)

    def nobody(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, os.strerror(2))

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(socket.gaierror):
        await loop.getaddrinfo("nowhere.invalid", 80)
