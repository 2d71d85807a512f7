"""docs/keys.md, made from the tables."""

from __future__ import annotations

from fleet_tui.keys import BY_SCREEN, EVERYWHERE, SCREENS
from fleet_tui.keys.spelling import spelled


def markdown() -> str:
    """docs/keys.md."""
    lines = [
        "# Keys",
        "",
        "Made from `fleet_tui/keys/`; do not edit. Any of them can be changed in the configuration: "
        '`[keys]`, e.g. `"freeze.unfreeze" = "U"`.',
        "",
        "In lists: `j` `k` or the arrows move, `g` `G` go to the ends, Enter opens, Esc leads back, "
        "Tab goes to the next list. `Ctrl+P` opens the palette, where every action stands by its name.",
    ]
    for title, keys in (("Everywhere", EVERYWHERE), *((SCREENS[name][1], keys) for name, keys in BY_SCREEN.items())):
        lines += ["", f"## {title}", "", "| key | name | what it does |", "| --- | --- | --- |"]
        lines += [
            f"| `{spelled(key.key)}` | `{key.id}` | {key.sentence}{' *Writes.*' if key.writes else ''} |"
            for key in keys
        ]
    return "\n".join(lines) + "\n"
