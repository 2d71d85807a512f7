"""The keys of the release QA screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

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
        "Take back your verdict on the test under the cursor, or else your last one.",
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
