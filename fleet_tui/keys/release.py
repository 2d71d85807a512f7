"""The keys of the release screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

RELEASE = (
    Key("release.left", "left,h", "section(-1)", "Section left", "Go to the section on the left.", footer=False),
    Key("release.right", "right,l", "section(1)", "Section", "Go to the section on the right."),
    Key(
        "release.file",
        "b",
        "file",
        "File issue…",
        "File the bug or story that the rule asks for, for the dependency under the cursor.",
        writes=True,
    ),
    Key(
        "release.fleetd",
        "c",
        "fleetd",
        "fleetd QA…",
        "Create the release QA issue for the parts of fleetd that have changed.",
        writes=True,
        footer=False,
    ),
    Key(
        "release.tick",
        "space",
        "tick",
        "Tick",
        "Say that what is under the cursor has been looked at, or done by hand.",
    ),
    Key("release.push", "s", "push", "Push…", "Push the story under the cursor to the next release.", writes=True),
    Key(
        "release.push_all",
        "S",
        "push_all",
        "Push all…",
        "Push all stories that are not merged to the next release.",
        writes=True,
    ),
    Key("release.deploy", "d", "deploy", "Deploy…", "Deploy an image to dogfood, and follow its run.", writes=True),
    Key(
        "release.follow",
        "w",
        "follow",
        "Follow run",
        "Go to the last run of the deployment, and look again now.",
        footer=False,
    ),
    Key(
        "release.conclude",
        "m",
        "conclude",
        "Milestone…",
        "Conclude the milestone: shows what would change, asks once, then does it; goes on with one that was cut off.",
        writes=True,
    ),
    Key(
        "release.announce",
        "a",
        "announce",
        "Announce…",
        "Announce the release that is concluded: post it to Slack, or copy it.",
        writes=True,
        footer=False,
    ),
    Key("release.report", "v", "report", "Report", "Show the report of the last conclusion.", footer=False),
)
