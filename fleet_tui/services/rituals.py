"""The file of the rituals: in the repository, or on this machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fleet_tui.aside import aside
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.rituals import LARGEST, Rituals, read_rituals
from fleet_tui.services.github import GitHub
from fleet_tui.services.memo import Memo
from fleet_tui.services.store import Store

NAME = "The list of rituals"
BYTES = LARGEST * 4
"""No more than that are needed to see that it is too large."""


class RitualsReader:
    """Reads the rituals from where the settings say."""

    def __init__(self, github: GitHub, config: Config, store: Store | None = None) -> None:
        self._github = github
        self._config = config
        self._memo = Memo(store)

    async def read(self) -> Rituals:
        """The rituals, and what is wrong with the file. Raises `Failure` when there is no such file."""
        text = await self._text()
        work = partial(aside, read_rituals, text)
        return await self._memo.value(NAME, text.encode(errors="replace"), Rituals, work)

    async def _text(self) -> str:
        settings = self._config.on_call
        if settings.rituals_file:
            return await aside(_local, settings.rituals_file)
        return await self._github.file(settings.rituals, self._config.team.branch)


def _local(file: str) -> str:
    try:
        with Path(file).expanduser().open("rb") as opened:
            return opened.read(BYTES).decode("utf-8", errors="replace")
    except (OSError, RuntimeError) as error:  # RuntimeError: the `~` of nobody
        why = getattr(error, "strerror", None) or "no such place"
        remedy = "Name another `rituals_file` in the configuration."
        raise Failure(Problem(NAME, Cause.MISSING, f"{NAME} cannot be read from {file} ({why}).", remedy)) from None
