"""The keys of the first screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

TODAY = (
    Key("today.lead", "enter", "lead", "Go there", "Go to the screen of the line under the cursor, and to the object."),
    Key("today.next", "down,j", "step(1)", "Down", "Go to the next line.", footer=False),
    Key("today.previous", "up,k", "step(-1)", "Up", "Go to the line above.", footer=False),
    Key("today.right", "right,l", "tile(1)", "Right", "Go to the next tile.", footer=False),
    Key("today.left", "left,h", "tile(-1)", "Left", "Go to the tile before.", footer=False),
)
