"""Cell and line texts: what identifies them, and how they are shown."""

from __future__ import annotations

import re
from inspect import cleandoc

from fleet_tui.domain.text import clean, clean_lines

KEY_LIMIT = 300
BREAK = re.compile(r"<br\b[^<>]*>[ \t]*(?:\r?\n)?", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
NO_MARKUP = re.compile(r"[A-Za-z0-9 .,:/()-]*")
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
MARKUP = re.compile(r"[`*~]+|(?<![^\W_])_+|_+(?![^\W_])")
MARKDOWN_OF = {"code": "`", "kbd": "`", "b": "**", "strong": "**", "i": "*", "em": "*", "li": "\n- ", "p": "\n\n"}
INLINE = re.compile(r"<(/?)(code|kbd|b|strong|i|em|li|p)(?:\s[^<>]*)?>", re.IGNORECASE)
LAYOUT = re.compile(r"</?(?:ul|ol|div|span|font|center)\b[^<>]*>", re.IGNORECASE)
BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")
# Headings of parts: what stands under them belongs to the section above, whatever their level.
PARTS = frozenset({"prerequisites", "instructions", "goal", "progress", "notes", "test steps", "tests"})
PLACEHOLDER = re.compile(r"\$[A-Za-z]\w*|\{[^{}]*\}")


def key(source: str) -> str:
    """What `source` is known by: without markup, invisible characters, final colon, case, and blanks that repeat."""
    return title(source).casefold()


def loose_key(source: str) -> str:
    """As `key`, and without punctuation: how a tick box finds its row in a reference table."""
    return " ".join(re.findall(r"[^\W_]+", key(source)))


def title(source: str) -> str:
    """A heading or note title as shown: without markup and final colon."""
    return _plain(source).rstrip(":").rstrip()


def _plain(source: str) -> str:
    if len(source) <= KEY_LIMIT and NO_MARKUP.fullmatch(source):
        return " ".join(source.split())
    text = TAG.sub("", BREAK.sub(" ", source[: KEY_LIMIT * 4]))
    return clean(MARKUP.sub("", LINK.sub(r"\1", _unescaped(text))), KEY_LIMIT)


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape  # with its 2,231 names: only for a text that needs them

    return unescape(text)


def is_part(heading: str) -> bool:
    """Whether a heading of this text begins a part of a section, and no section of its own."""
    return key(heading) in PARTS


def is_placeholder(name: str) -> bool:
    """Whether a row of this name only shows how rows are written: `$Name`, `{what to test}`."""
    return bool(PLACEHOLDER.fullmatch(name.strip()))


def one_line(source: str) -> str:
    """Markdown on one line, safe to show: for names."""
    return clean(_unescaped(LAYOUT.sub("", _inline_markdown(BREAK.sub(" ", source)))), KEY_LIMIT)


def paragraphs(source: str) -> str:
    """Markdown without common indentation, safe to show. Entities stay: decoded, `&lt;b&gt;` would become a tag."""
    text = clean_lines(LAYOUT.sub("", _inline_markdown(BREAK.sub("\n", source))))
    return cleandoc(BLANK_LINES.sub("", text)).rstrip()


def _inline_markdown(source: str) -> str:
    def markdown(tag: re.Match[str]) -> str:
        mark = MARKDOWN_OF[tag[2].lower()]
        return "" if tag[1] and mark.startswith("\n") else mark

    return INLINE.sub(markdown, source)
