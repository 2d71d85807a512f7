"""Where the screens are. A module is imported when its screen is first shown: at the start that is one of eight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from fleet_tui.keys import SCREENS

if TYPE_CHECKING:
    from fleet_tui.screens.feed_screen import FeedScreen

CLASSES = {
    "today": "TodayScreen",
    "freeze": "FreezeScreen",
    "release_qa": "ReleaseQaScreen",
    "bugs": "BugsScreen",
    "oncall": "OnCallScreen",
    "certificates": "CertificatesScreen",
    "release": "ReleaseScreen",
    "activity": "ActivityScreen",
}
MODULES = {"oncall": "on_call"}
"""Of a screen whose module is not called as it is."""


def screen_class(name: str) -> type[FeedScreen]:
    """The class of a screen."""
    module = import_module(f"fleet_tui.screens.{MODULES.get(name, name)}")
    found: type[FeedScreen] = getattr(module, CLASSES[name])
    return found


def build(name: str) -> FeedScreen:
    """A new screen."""
    return screen_class(name)()


MODES: Mapping[str, Callable[[], FeedScreen]] = {name: partial(build, name) for name in SCREENS}
