"""Chromium without a window, told what to do over its debugging socket."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE = 30.0
EXECUTABLE = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Where it is; None where it is not installed."""
# How much of a picture has not the colour that most of it has.
DRAWN = """
(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,%s";
    await image.decode();
    const paper = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
    const pen = paper.getContext("2d");
    pen.drawImage(image, 0, 0);
    const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
    return 1 - Math.max(...counts.values()) / pixels.length;
})()
"""


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)

    async def go(self, url: str) -> None:
        """Open `url`."""
        await self._do("Page.navigate", url=url)
        await self.until(f"document.readyState == 'complete' && location.href == {url!r}")

    async def ask(self, script: str) -> Any:
        """What `script`, or the promise that it is, comes to; None when it fails."""
        answer = await self._do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait for `script` to come to something true."""
        async with asyncio.timeout(PATIENCE):
            while not await self.ask(script):  # noqa: ASYNC110 nobody wakes us
                await asyncio.sleep(0.05)

    async def drawn(self) -> float:
        """Take a picture: the share of it that is not background."""
        picture = (await self._do("Page.captureScreenshot", format="png"))["data"]
        return float(await self.ask(DRAWN % picture))

    async def _do(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE):
            while (answer := await self._socket.receive_json()).get("id") != number:
                pass  # it tells of other things as well
        return answer["result"]


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Page]:
    """A browser with an empty tab, for the length of the block; it keeps its files in `profile`."""
    assert EXECUTABLE
    options = ("--headless", "--no-sandbox", "--window-size=1200,700", "--remote-debugging-port=0")
    browser = await asyncio.create_subprocess_exec(
        EXECUTABLE, *options, f"--user-data-dir={profile}", "about:blank", stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{await _port(profile)}/json") as answer:
                tabs = await answer.json()
            address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        browser.terminate()
        await browser.wait()


async def _port(profile: Path) -> int:
    told = profile / "DevToolsActivePort"
    async with asyncio.timeout(PATIENCE):
        while not (told.exists() and len(told.read_text().splitlines()) > 1):  # noqa: ASYNC110 nobody wakes us
            await asyncio.sleep(0.05)
    return int(told.read_text().splitlines()[0])
