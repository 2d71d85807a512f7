"""A body with what nobody sees blanked out, character for character, so that offsets stay those of the body."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

# A comment's beginning in backticks is an example of one.
OPENING = re.compile(r"(?<!`)<!--|^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
SEEN = re.compile(r"[^\n]")
HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+([^\n]*?))?\r?$", re.MULTILINE)
NOTHING_BELOW = "This comment is never closed: GitHub hides everything below it."
NO_CLOSING_FENCE = "This code block is never closed."


class Heading(Struct, frozen=True):
    """A line that begins with `#`."""

    start: int
    end: int
    """Of the line, without its line end."""
    level: int
    text: str


class Page(Struct, frozen=True):
    """A body and its views, all of one length."""

    body: str
    uncommented: str
    """Without HTML comments."""
    visible: str
    """Without HTML comments and fenced code: where tags and headings mean something."""
    headings: tuple[Heading, ...]
    unclosed: tuple[tuple[int, str], ...]
    """Offsets of comments and fences without end, each with a sentence on it."""
    line_starts: tuple[int, ...]

    def line(self, offset: int) -> int:
        """The line of `offset`, counted from 1."""
        return bisect_right(self.line_starts, offset)


def page(body: str) -> Page:
    """The views of `body`. A fence that is never closed hides nothing; a comment hides the rest, as on GitHub."""
    uncommented, visible, unclosed = _Blanker(), _Blanker(), []
    hopeless: dict[str, int] = {}
    at = 0
    while opening := OPENING.search(body, at):
        fence = opening["fence"]
        if fence is None:
            end = body.find("-->", opening.start() + 2)
            if end < 0:
                unclosed.append((opening.start(), NOTHING_BELOW))
            at = end + 3 if end >= 0 else len(body)
            uncommented.blank(opening.start(), at)
            visible.blank(opening.start(), at)
            continue
        closing = None
        if len(fence) < hopeless.get(fence[0], len(fence) + 1):
            closing = _closing(fence).search(body, opening.end())
        if closing is None:
            hopeless[fence[0]] = min(len(fence), hopeless.get(fence[0], len(fence)))
            unclosed.append((opening.start(), NO_CLOSING_FENCE))
        else:
            visible.blank(opening.start(), closing.end())
        at = closing.end() if closing else opening.end()
    seen = visible.of(body)
    headings = tuple(
        Heading(
            found.start(),
            found.end(found.lastindex or 1),
            len(found[1]),
            (found[2] or "").rstrip().rstrip("#").rstrip(),
        )
        for found in HEADING.finditer(seen)
    )
    starts = (0, *(found.end() for found in re.finditer("\n", body)))
    return Page(body, uncommented.of(body), seen, headings, tuple(unclosed), starts)


def _closing(fence: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*\r?$", re.MULTILINE)


class _Blanker:
    """Remembers spans, in order, and gives a text with them blanked out; line breaks stay."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def blank(self, start: int, end: int) -> None:
        self._spans.append((start, end))

    def of(self, text: str) -> str:
        parts, done = [], 0
        for start, end in self._spans:
            parts += [text[done:start], SEEN.sub(" ", text[start:end])]
            done = end
        return "".join([*parts, text[done:]])
