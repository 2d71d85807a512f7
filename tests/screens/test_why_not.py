"""What a key says that cannot act."""

from __future__ import annotations

from fleet_tui.keys import BY_SCREEN as KEYS
from fleet_tui.screens.why_not import BY_SCREEN, EVERYWHERE, why_not


def test_each_reason_belongs_to_a_key_of_its_screen() -> None:
    actions = {name: {key.action.partition("(")[0] for key in keys} for name, keys in KEYS.items()}
    assert {
        name: reasons.keys() - actions[name] for name, reasons in BY_SCREEN.items() if reasons.keys() - actions[name]
    } == {}


def test_each_reason_is_a_sentence() -> None:
    reasons = [*EVERYWHERE.values(), *(words for of in BY_SCREEN.values() for words in of.values())]
    assert [
        words for words in [*reasons, why_not("today", "?")] if not (words[0].isupper() and words.endswith("."))
    ] == []
