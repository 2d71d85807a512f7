"""Faults on demand: rules that spoil answers, and latency."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, fields
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fleet_tui.simulator.fault_answers import ANSWERS, DAMAGES
from fleet_tui.simulator.journal import ENTRY, split


@dataclass(slots=True)
class Fault:
    """A rule: which requests it spoils, how, and how often.

    `kind` is one of `KINDS`. A request that a rule spoils is not carried out, unless `after` says that it is and only
    its answer is lost. `slow`, `cut`, `bare` and `skewed` damage the true
    answer, so the request is always carried out.
    """

    kind: str
    service: str = "*"
    method: str = ".*"
    """Regular expression for the whole method."""
    path: str = ".*"
    """Regular expression found anywhere in the path within the service, e.g. `/issues/12$`."""
    times: int | None = None
    """How many requests it spoils; None: all, until it is cleared."""
    probability: float = 1.0
    after: bool = False
    status: int = 500
    """Of the kind `status`."""
    seconds: float = 3600.0
    """How long `hang` holds the connection, over how long `slow` drips the answer, how far `skewed` dates it ahead."""
    retry_after: int | None = None
    """Of `secondary_limit` and `forbidden_limit`: the seconds in the header `retry-after`; None: no such header."""
    reset_after: int = 1800
    """Of `primary_limit`: seconds until the limit is reset."""
    location: str = "https://elsewhere.invalid/"
    """Where `redirect_away` leads."""
    permissions: str = "issues=write"
    """What `forbidden` names as missing."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind!r}; there are {', '.join(sorted(KINDS))}")
        re.compile(self.method)
        re.compile(self.path)

    def matches(self, service: str, method: str, path: str) -> bool:
        """Whether it is about such a request."""
        return (
            self.service in ("*", service)
            and re.fullmatch(self.method, method, re.IGNORECASE) is not None
            and re.search(self.path, path) is not None
        )


KINDS = ANSWERS.keys() | DAMAGES.keys()
FIELDS = {field.name for field in fields(Fault)}


class Faults:
    """The rules in force; the first that matches a request spoils it."""

    def __init__(self, seed: int = 7) -> None:
        self.rules: list[Fault] = []
        self.latency: dict[str, tuple[float, float]] = {}
        """Lowest and highest milliseconds before an answer, by service; `*` for all others."""
        self._random = random.Random(seed)

    def add(self, kind: str, **options: Any) -> Fault:
        """Put a rule in force: `add("status", status=502, path="/pulls", times=1)`. Raises `ValueError`."""
        if unknown := options.keys() - FIELDS:
            raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
        fault = Fault(kind, **options)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Lift all rules and the latency."""
        self.rules.clear()
        self.latency.clear()

    def pick(self, service: str, method: str, path: str) -> Fault | None:
        """The rule that spoils this request, which counts as one of its times."""
        for fault in self.rules:
            if fault.times == 0 or not fault.matches(service, method, path):
                continue
            if self._random.random() < fault.probability:
                fault.times = None if fault.times is None else fault.times - 1
                return fault
        return None

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Delay and spoil requests to the services; control requests are spared."""
        service, path = split(request)
        if service == "control":
            return await handler(request)
        await self._delay(service)
        fault = self.pick(service, request.method, path)
        if fault is None:
            return await handler(request)
        request[ENTRY].fault = fault.kind
        if fault.kind in DAMAGES:
            return await DAMAGES[fault.kind](request, fault, await handler(request))
        if fault.after:
            await handler(request)
        return await ANSWERS[fault.kind](request, fault)

    async def _delay(self, service: str) -> None:
        low, high = self.latency.get(service) or self.latency.get("*") or (0.0, 0.0)
        if high:
            await asyncio.sleep(self._random.uniform(low, high) / 1000)
