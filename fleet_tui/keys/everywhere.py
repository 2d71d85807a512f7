"""The screens, and the keys that work on each of them."""

from __future__ import annotations

from fleet_tui.keys.key import Key

SCREENS = {
    "today": ("1", "Today"),
    "freeze": ("2", "Freeze"),
    "release_qa": ("3", "Release QA"),
    "bugs": ("4", "Bugs"),
    "oncall": ("5", "On-call"),
    "certificates": ("6", "Certificates"),
    "release": ("7", "Release"),
    "activity": ("8", "Activity"),
}
"""The screens by name: number key and title, in the order of the tabs. The numbers are those of the whole program,
so that a key keeps its meaning when the screens between are built."""
SHORT = {"release_qa": "QA", "certificates": "Certs"}
"""What they are called where there is little room."""

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
    Key("alerts", "a,f2", "alerts", "Alerts", "Show the alerts; Enter leads to what one is about."),
    Key("theme", "t", "change_theme", "Theme", "Choose another theme; the choice is kept.", footer=False),
    Key("help", "question_mark", "help", "Help", "Show all keys of this screen with what they do."),
    Key("quit", "q", "quit", "Quit", "End the program.", footer=False),
)
