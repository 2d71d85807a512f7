"""Every key, declared once.

Bindings, footer, help, palette, read-only mode, the user's key map and docs/keys.md all derive from these tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One action that a key starts."""

    id: str
    """What the configuration calls it: `freeze.unfreeze`."""
    key: str
    """The default key; several are separated by commas."""
    action: str
    """The action's method, as Textual writes it."""
    word: str
    """For the footer."""
    sentence: str
    """For help and palette: what it does."""
    writes: bool = False
    """Whether it changes something outside: not there in read-only mode."""
    footer: bool = True


SCREENS = {"freeze": ("2", "Freeze"), "release_qa": ("3", "Release QA"), "activity": ("8", "Activity")}
"""The screens by name: number key and title, in the order of the tabs. The numbers are those of the whole program,
so that a key keeps its meaning when the screens between are built."""

NAVIGATION = tuple(
    Key(f"go.{name}", number, f"switch_mode('{name}')", title, f"Go to the screen {title}.", footer=False)
    for name, (number, title) in SCREENS.items()
)

EVERYWHERE = (
    *NAVIGATION,
    Key("filter", "slash", "screen.filter", "Filter", "Show only rows that contain a text; Esc shows all."),
    Key("open", "o", "open_link", "Open", "Open what is under the cursor in the browser."),
    Key("copy", "y", "copy_link", "Copy link", "Copy the address of what is under the cursor.", footer=False),
    Key("refresh", "r", "refresh_feeds", "Refresh", "Read everything that this screen shows again now."),
    Key("pause", "p,P", "pause", "Pause", "Stop asking the other systems; press again to go on.", footer=False),
    Key("theme", "t", "change_theme", "Theme", "Choose another theme; the choice is kept.", footer=False),
    Key("help", "question_mark", "help", "Help", "Show all keys of this screen with what they do."),
    Key("quit", "q", "quit", "Quit", "End the program.", footer=False),
)

FREEZE = (
    Key("freeze.unfreeze", "u", "unfreeze", "Unfreeze", "Let the pull request under the cursor merge.", writes=True),
    Key("freeze.toggle", "f", "freeze", "Freeze…", "Freeze the branch, or lift its freeze.", writes=True),
)

RELEASE_QA = (
    Key("qa.pass", "p", "tick('pass')", "Pass", "The test under the cursor passed.", writes=True),
    Key("qa.fail", "f", "tick('fail')", "Fail", "The test under the cursor failed.", writes=True),
    Key(
        "qa.toggle",
        "space",
        "toggle_verdict",
        "Toggle",
        "Pass an untested test; make any other untested.",
        writes=True,
        footer=False,
    ),
    Key(
        "qa.undo",
        "z",
        "undo",
        "Undo",
        "Take back your verdict on the test under the cursor.",
        writes=True,
        footer=False,
    ),
    Key("qa.next", "n", "next_untested", "Next untested", "Go to the next test without a verdict."),
    Key(
        "qa.resolve",
        "enter",
        "resolve",
        "Resolve",
        "Decide a conflict: your verdict, or the other one.",
        writes=True,
        footer=False,
    ),
    Key(
        "qa.bug",
        "b",
        "file_bug",
        "File bug",
        "File a bug for the test under the cursor, and note its link.",
        writes=True,
    ),
    Key("qa.notes", "e", "edit_notes", "Notes", "Edit the notes of this section.", writes=True),
    Key("qa.ready", "g", "group_ready", "Group ready…", "Tell the release DRI that a group has finished.", writes=True),
    Key(
        "qa.create",
        "c",
        "create",
        "Create…",
        "Create the release QA issue from the repository's template.",
        writes=True,
        footer=False,
    ),
    Key("qa.choose", "i", "choose_issue", "Issue", "Choose another open release QA issue.", footer=False),
    Key(
        "qa.fails", "x", "fails_first", "Fails first", "Show failed tests first, or in their order again.", footer=False
    ),
)

ACTIVITY = (Key("activity.copy", "c", "copy_text", "Copy text", "Copy the whole text of the entry under the cursor."),)

BY_SCREEN = {"freeze": FREEZE, "release_qa": RELEASE_QA, "activity": ACTIVITY}
ALL = (*EVERYWHERE, *(key for keys in BY_SCREEN.values() for key in keys))
IDS = frozenset(key.id for key in ALL)

NAMED_KEYS = frozenset(
    "enter escape tab space backspace delete insert home end pageup pagedown up down left right slash question_mark "
    "comma full_stop minus plus equals_sign colon semicolon underscore asterisk number_sign at percent_sign "
    "ampersand exclamation_mark dollar_sign left_square_bracket right_square_bracket less_than_sign "
    "greater_than_sign vertical_line tilde grave_accent quotation_mark apostrophe backslash".split()
)


def is_key(name: str) -> bool:
    """Whether `name` is a key, or several separated by commas, as Textual names them: `u`, `ctrl+r`, `f5`."""
    return all(_is_one_key(part.strip()) for part in name.split(","))


def _is_one_key(name: str) -> bool:
    *modifiers, key = name.split("+")
    known = (len(key) == 1 and key.isalnum()) or key in NAMED_KEYS or re.fullmatch(r"f([1-9]|1\d|2[0-4])", key)
    return bool(known) and set(modifiers) <= {"ctrl", "alt", "shift", "super"}


def markdown() -> str:
    """docs/keys.md."""
    lines = [
        "# Keys",
        "",
        "Made from `fleet_tui/keys.py`; do not edit. Any of them can be changed in the configuration: "
        '`[keys]`, e.g. `"freeze.unfreeze" = "U"`.',
        "",
        "In lists: `j` `k` or the arrows move, `g` `G` go to the ends, Enter opens, Esc leads back. "
        "`Ctrl+P` opens the palette, where every action stands by its name.",
    ]
    for title, keys in (("Everywhere", EVERYWHERE), *((SCREENS[name][1], keys) for name, keys in BY_SCREEN.items())):
        lines += ["", f"## {title}", "", "| key | name | what it does |", "| --- | --- | --- |"]
        lines += [
            f"| `{_shown(key.key)}` | `{key.id}` | {key.sentence}{' *Writes.*' if key.writes else ''} |" for key in keys
        ]
    return "\n".join(lines) + "\n"


def _shown(key: str) -> str:
    names = {"slash": "/", "question_mark": "?"}
    return ", ".join(names.get(one, one) for one in key.split(","))


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201
