"""What commands print, in the form that `--format` asks for: data on stdout, without tokens."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from shutil import get_terminal_size
from typing import Any, TypeVar

import click

from fleet_tui.cli.start import say
from fleet_tui.domain.text import escaped, harmless
from fleet_tui.services.secret import redact

F = TypeVar("F", bound=Callable[..., Any])
Row = Sequence[str]

FORMS = ("table", "json", "csv", "md")
GAP = "  "
NARROWEST = 8
"""Of a column that is cut: with less nobody could tell what it says."""
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # some sheets take the wide ones too
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def format_option(*forms: str) -> Callable[[F], F]:
    """Adds `--format` with `forms`, of which the first is the default; the command is given it as `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="The form of what is printed.",
    )


def put(text: str) -> None:
    """Print data; whatever in it is a token, or has the shape of one, is replaced, and so is what a terminal obeys."""
    click.echo(harmless(redact(text)))


def put_list(
    form: str,
    headings: Row,
    rows: Sequence[Row],
    document: Mapping[str, Any],
    *,
    entries: str,
    fields: Row,
    nothing: str = "",
    whole: Row = (),
) -> None:
    """Print a list in one of `FORMS`: for people the rows under their headings, for programs all of `document`.

    A sheet is for programs too: of `document[entries]` it has the `fields`, by the same names and with the same values.
    Without rows people get no headings either, but the sentence `nothing`. Columns that say nothing when they are cut
    are named by their headings in `whole`.
    """
    if not rows and nothing:
        say(nothing)
    if form == "json":
        put(as_json(document))
    elif form == "csv":
        put(as_csv([fields, *([_plain(entry[name]) for name in fields] for entry in document[entries])]))
    elif rows:
        shown = [headings, *rows]
        put(as_table(shown, _room(), whole) if form == "table" else as_markdown(shown))


def as_json(document: Mapping[str, Any]) -> str:
    """A JSON document that people can read too."""
    return escaped(json.dumps(document, indent=2, ensure_ascii=False))


def as_table(rows: Sequence[Row], room: int | None = None, whole: Row = ()) -> str:
    """Aligned columns; the first of `rows` are the headings.

    Where `room` is given, the widest are cut to fit in it, as far as that makes sense, but not those named in `whole`.
    """
    from rich.cells import cell_len

    rows = [[_one_line(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if room is not None:
        _fit(widths, room - len(GAP) * (len(widths) - 1), [name not in whole for name in rows[0]])
    return "\n".join(
        GAP.join(_in_width(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def beside(start: str, words: str) -> str:
    """`start` and then `words`: on a terminal these are a column of their own, elsewhere all is one line."""
    room = _room()
    if room is None or room - len(start) < NARROWEST or len(start) + len(words) <= room:
        return start + words
    from textwrap import TextWrapper

    indented = TextWrapper(room, start, " " * len(start), break_long_words=False, break_on_hyphens=False)
    return indented.fill(words)


def as_csv(rows: Sequence[Row]) -> str:
    """Comma-separated values with the headings first (RFC 4180, but for plain line ends).

    Others choose what titles begin with, and a sheet would reckon with `=HYPERLINK(…)`: such cells begin with a `'`.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_sheet_cell(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


def as_markdown(rows: Sequence[Row]) -> str:
    """A table of GitHub's Markdown; the first of `rows` are the headings."""
    headings, *others = rows
    lines = [headings, ["---"] * len(headings), *others]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _plain(value: Any) -> str:
    """A value of a JSON document in one cell: empty for null."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _sheet_cell(text: str) -> str:
    shown = harmless(text.replace("\r\n", "\n"))
    return f"'{shown}" if FORMULA.match(shown) and not NUMBER.fullmatch(shown) else shown


def _cell(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _fit(widths: list[int], room: int, may_be_cut: Sequence[bool]) -> None:
    """Make the widest narrower, one after another, until all have room."""
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda place: may_be_cut[place] * widths[place])
        if not may_be_cut[widest] or widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1


def _in_width(cell: str, width: int) -> str:
    """The cell, cut or filled up to `width`."""
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(cell if cell_len(cell) <= width else f"{set_cell_size(cell, width - 1).rstrip()}…", width)


def _room() -> int | None:
    """How wide the terminal is; None where the output goes elsewhere and has to be whole."""
    return get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def _one_line(text: str) -> str:
    return harmless(" ".join(text.splitlines()))
