"""Every dialog with any values of the types that it asks for: it shows what others wrote, and does nothing of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fleet_tui import screens, widgets
from fleet_tui.app import FleetApp
from fleet_tui.domain.dogfood import Judgement
from fleet_tui.domain.pushing import Push
from fleet_tui.widgets.dialog import Dialog
from tests.helpers import until
from tests.screens.app_factory import LARGE, NeverAnswers, Stage, stage
from tests.screens.test_hostile import harm_on
from tests.values import Make, any_text, one_of, several, some, struct, values


async def judge(tag: str) -> Judgement:
    return Judgement((tag,), (tag,))


def dialogs() -> list[type[Dialog[Any]]]:
    """All that there are."""
    for package in (screens, widgets):
        for one in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{one.name}")

    def below(base: type[Any]) -> Iterator[type[Any]]:
        for one in base.__subclasses__():
            yield from (one, *below(one))

    return sorted({one for one in below(Dialog) if one.__module__.startswith("fleet_tui")}, key=str)


def given_to(dialog: type[Dialog[Any]], app: FleetApp) -> Make:
    """What it is made of; `app` takes the part of what is no value."""
    fixed: Mapping[str, Make] = {
        "host": one_of(app),
        "desk": one_of(app.desks.bugs),
        "backend": one_of(app.backend),
        "judge": one_of(judge),
        "path": lambda chance: Path(any_text(chance)),
        "active": one_of(()),
        "pushes": several(values(Push), 1),
    }
    hints = typing.get_type_hints(dialog.__init__)
    names = inspect.signature(dialog).parameters
    return struct(dict, {name: fixed[name] if name in fixed else values(hints[name]) for name in names})


async def seen_and_left(on: Stage, dialog: Dialog[Any]) -> None:
    on.app.push_screen(dialog)
    await until(lambda: on.app.screen is dialog)
    await on.pilot.pause()
    assert harm_on(on.app) == [], dialog
    await on.press("escape")
    await until(lambda: on.app.screen is not dialog)


async def test_no_dialog_obeys_what_it_shows_or_falls_over_it() -> None:
    all_dialogs = dialogs()
    assert len(all_dialogs) > 20
    async with stage(size=LARGE, loaded=False, connect=NeverAnswers) as on:
        await until(lambda: on.app.backend)
        below = on.app.screen
        for dialog in all_dialogs:
            for arguments in some(given_to(dialog, on.app)):
                await seen_and_left(on, dialog(**arguments))
                assert on.app.screen is below
