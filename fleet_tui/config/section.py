"""What all sections of the settings share: their base, and the types of their fields."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Seconds = Annotated[int, Meta(ge=20, le=86_400)]
LOGIN = r"[A-Za-z0-9][A-Za-z0-9_-]*"
Login = Annotated[str, Meta(pattern=rf"^{LOGIN}\Z", title="a GitHub login, without `@`")]
OptionalLogin = Annotated[str, Meta(pattern=rf"^({LOGIN})?\Z", title='a GitHub login, without `@`, or `""`')]
Label = Annotated[str, Meta(min_length=1)]
Labels = tuple[Label, ...]
# `rule` names the function of `fleet_tui.config.rules` that checks what a type cannot say.
Address = Annotated[str, Meta(title="an address that begins with `https://`", extra={"rule": "address"})]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. Unknown keys are refused: a typing error must not pass for a setting."""
