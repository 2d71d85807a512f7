"""The keys of the on-call screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

ON_CALL = (
    Key("oncall.comment", "c", "comment", "Comment…", "Answer the contributor, from a template.", writes=True),
    Key(
        "oncall.reviewer",
        "v",
        "assign_reviewer",
        "Reviewer…",
        "Ask somebody to review the pull request.",
        writes=True,
        footer=False,
    ),
    Key(
        "oncall.mark",
        "space",
        "mark",
        "Mark…",
        "Say by hand that a condition for merging holds, or take it back.",
        footer=False,
    ),
    Key("oncall.approve", "a", "approve", "Approve…", "Approve the pull request.", writes=True),
    Key(
        "oncall.merge",
        "m",
        "merge",
        "Merge…",
        "Merge the pull request, when all conditions hold and the freeze permits it.",
        writes=True,
    ),
    Key("oncall.done", "d", "toggle_ritual", "Done", "Mark the ritual as done; press again to take it back."),
    Key("oncall.handoff", "h", "handoff", "Handoff…", "Write the handoff note, and tick off the handover."),
)
