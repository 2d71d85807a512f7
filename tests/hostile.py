"""Text that wants to take over, and values with that text in all their places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

OWNED = "0wned"
"""Stands in what must not be obeyed."""
TEXTS = (
    f"\x1b]0;{OWNED}\x07title",
    f"\x9d2;{OWNED}\x9c title",
    f"\x1b]52;c;{OWNED}\x07 clipboard",
    f"\x1b]8;;https://{OWNED}.invalid\x1b\\link\x1b]8;;\x1b\\",
    f"\x1b[2J\x1b[H\x9b31m{OWNED}\x1b[?1049l",
    f"\x1b[201~q{OWNED}\r\n\x1b[200~",
    f"[@click=app.quit]{OWNED}[/] [red]x[/red] [link='https://{OWNED}.invalid']y[/link] [/] [",
    f"[{OWNED}](javascript:alert(1)) <b>x</b> <!-- `y` | z ~~a~~ ![i](file:///etc/passwd)",
    "\u202egnp.exe\u202c \u2066\u2067\u200b\u200e\ufeff\U000e0041 end",
    "z" + "\u0301\u0489" * 300 + "\ufdfd𒐫",
    "half \ud83d of \udfff a pair",
    "long " + "x" * 64_000,
    "line\n\n\tbreaks\r\x85\u2028\u2029\x00\x08\x7f end",
    "private \ue000\U0010fffd, nobody's \u0378\U000e0fff",
    "👩\u200d👩\u200d👧\u200d👦🏽❤\ufe0f\u200d🔥 日本 العربية",
    "",
)


def spoilt(value: Any, texts: Iterator[str], keep: Collection[str] = ()) -> Any:
    """`value` with each text in it replaced by the next of `texts`; keys, numbers, times and fields to `keep` stay."""
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, Mapping):
        return {key: spoilt(one, texts, keep) for key, one in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return type(value)(spoilt(one, texts, keep) for one in value)
    if isinstance(value, Struct):
        names = [name for name in value.__struct_fields__ if name not in keep]
        return replace(value, **{name: spoilt(getattr(value, name), texts, keep) for name in names})
    return value
