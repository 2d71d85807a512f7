"""Every function that says how something looks, with any values of its types: whatever others write is only shown."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from msgspec import Struct
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions

from fleet_tui import screens
from fleet_tui.domain.bugs import State
from fleet_tui.domain.community import CommunityPull
from fleet_tui.domain.text import HARMFUL
from fleet_tui.screens import bugs_view, on_call_view, release_view
from fleet_tui.terminal import SAFE_FILTER
from fleet_tui.widgets.columns import lay_out
from fleet_tui.widgets.rows import GUTTER, Kind, Row, draw
from tests.values import Make, arguments, examples, one_of, struct, values, whole

OURS = re.compile(r"[a-z $_-]{0,60}")
"""Our styles: tones, bold and the like. None has a link, or does something on a click."""
LOOKS = {"Content", "Row", "TileValue"}
DRAWN = RenderOptions(lambda style: style if isinstance(style, Style) else Style(), {})
NARROWER: Mapping[Callable[..., Any], dict[str, Make]] = {
    bugs_view.entries: {"states": one_of(tuple(State))},
    on_call_view.question_lines: {"one": values(CommunityPull)},
    release_view.within: {"width": whole(20, 300), "most": whole(1, 4)},
}
"""What they are never given, in the program."""
FITS: tuple[Callable[..., Any], ...] = (bugs_view.face, release_view.stages, release_view.sections)
"""They are given a width, and fill it."""
EXAMPLES = 20


def draws(function: Callable[..., Any]) -> bool:
    return not LOOKS.isdisjoint(re.findall(r"\w+", function.__annotations__["return"]))


def views() -> dict[str, Callable[..., Any]]:
    """Every public function of `*_view` and `*_rows`, and of other modules of screens those that draw something."""
    names = [one.name for one in pkgutil.iter_modules(screens.__path__)]
    modules = [importlib.import_module(f"{screens.__name__}.{name}") for name in names]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": found
        for module in modules
        for name, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
        if module.__name__.endswith(("_view", "_rows")) or draws(found)
    }


VIEWS = views()


def contents(shown: Any) -> Iterator[Content]:
    """All that is drawn of what a view gives."""
    match shown:
        case Content():
            yield shown
        case str():
            yield Content(shown)
        case Row():
            yield from shown.cells
        case Struct():
            for name in shown.__struct_fields__:
                yield from contents(getattr(shown, name))
        case Mapping():
            yield from contents(tuple(shown.values()))
        case tuple() | list() | Iterator():
            for one in shown:
                yield from contents(one)


def harm(strip: Strip) -> list[str]:
    """What of a line on its way to the terminal would be obeyed, or does something on a click."""
    return [
        repr(segment)
        for segment in SAFE_FILTER.apply(list(strip), Color(0, 0, 0))
        if (segment.style and (segment.style.link or segment.style.meta.keys() - {"offset"}))
        or any(unicodedata.category(one) in HARMFUL and one != "\u200d" for one in segment.text)
    ]


def assert_harmless(shown: Content, width: int) -> None:
    assert [span for span in shown.spans if not OURS.fullmatch(str(span.style))] == []
    for strip in shown.render_strips(width, None, Style(), DRAWN):
        assert harm(strip) == []
        assert strip.cell_length <= width


def given_to(view: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """What it is called with, one time after the other."""
    return examples(struct(dict, {**arguments(view), **NARROWER.get(view, {})}), EXAMPLES)


def called(view: Callable[..., Any], given: dict[str, Any]) -> tuple[Any, ...]:
    shown = view(**given)
    return tuple(shown) if isinstance(shown, Iterator | tuple) else (shown,)


def assert_shown(view: Callable[..., Any], given: dict[str, Any]) -> None:
    for one in contents(called(view, given)):
        assert_harmless(one, 80)


@pytest.mark.parametrize("name", VIEWS)
def test_whatever_others_write_is_only_shown(name: str) -> None:
    for given in given_to(VIEWS[name]):
        assert_shown(VIEWS[name], given)


def assert_filled(view: Callable[..., Any], given: dict[str, Any], width: int) -> None:
    tables = [one for key, one in vars(inspect.getmodule(view)).items() if key.endswith("COLUMNS")]
    for row in called(view, given):
        columns = [one for one in tables if row.kind is Kind.HEADING or len(one) == len(row.cells)]
        assert columns, "a cell for each column"
        line = draw(row, lay_out(columns[0], width, width - GUTTER), width)
        assert line.cell_length <= width
        assert_harmless(line, width)


@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if "[Row]" in view.__annotations__["return"]])
def test_a_row_fills_its_table_and_no_more(name: str) -> None:
    for given, width in zip(given_to(VIEWS[name]), examples(whole(40, 240), EXAMPLES), strict=True):
        assert_filled(VIEWS[name], given, width)


@pytest.mark.parametrize("view", FITS)
def test_what_is_given_a_width_keeps_to_it(view: Callable[..., Any]) -> None:
    for given, width in zip(given_to(view), examples(whole(24, 240), EXAMPLES), strict=True):
        for shown in called(view, {**given, "width": width}):
            assert [line for line in shown.split("\n") if line.cell_length > width] == []


def test_what_is_looked_for_would_be_found() -> None:
    link, click = (Content.assemble(("x", style)) for style in ("link='https://x.invalid'", "@click=app.quit"))
    for bad in (link, click):
        with pytest.raises(AssertionError):
            assert_harmless(bad, 80)
    assert harm(Strip([Segment("x", RichStyle(link="https://x.invalid"))]))
    assert harm(Strip([Segment("x", RichStyle.from_meta({"@click": "app.quit"}))]))
    assert len(VIEWS) > 80
