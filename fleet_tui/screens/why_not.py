"""What is said of a key that cannot act on what is under the cursor, or at all, now."""

from __future__ import annotations

from collections.abc import Mapping

READ_ONLY = "Nothing is written: the program runs with --read-only."
NO_PULL = "This is for a pull request of the community: put the cursor on one on which nothing is under way."
NO_CERTIFICATE = "Put the cursor on a certificate first."
NO_TEST = "Put the cursor on a test first."
EVERYWHERE: Mapping[str, str] = {
    "open_link": "What is under the cursor has no address to open.",
    "copy_link": "What is under the cursor has no address to copy.",
    "filter": "There is nothing to filter on this screen.",
}
BY_SCREEN: Mapping[str, Mapping[str, str]] = {
    "freeze": {
        "unfreeze": "This takes a frozen branch and a blocked pull request, on which nothing is under way.",
    },
    "release_qa": {
        "undo": NO_TEST,
        "file_bug": NO_TEST,
        "edit_notes": NO_TEST,
        "group_ready": "No test has been read that a group could be ready with.",
    },
    "bugs": {
        "critical": "Put the cursor on a bug first.",
        "unmark": "No bug is marked.",
        "undo": "There is no move of yours to take back.",
        "finish": "No move of this bug was cut off: nothing is missing.",
        "acknowledge_alarm": "There is no alarm of a new critical bug.",
    },
    "oncall": {
        **dict.fromkeys(("comment", "assign_reviewer", "mark", "approve", "merge"), NO_PULL),
        "toggle_ritual": "This is for a ritual: put the cursor on one.",
        "handoff": "The roster names no shift to hand over.",
    },
    "certificates": {
        **dict.fromkeys(("procedure", "verify", "remind"), NO_CERTIFICATE),
        "remind_all": "No certificate has been read.",
        "acknowledge_warning": "There is no warning on what is under the cursor.",
    },
    "release": {
        "file": "Nothing has to be filed for what is under the cursor.",
        "fleetd": "No part of fleetd has changed that has no release QA issue.",
        "tick": "This is not ticked by hand: the program sees whether it is done.",
        "push": "Put the cursor on a story that is not merged.",
        "push_all": "No story is left to be pushed.",
        "follow": "No run of the deployment is known.",
        "conclude": "The milestone is being concluded.",
        "announce": "There is no concluded release to announce.",
        "report": "No conclusion has been reported yet.",
    },
    "activity": {"copy_text": "There is no entry under the cursor to copy."},
}


def why_not(screen: str, action: str) -> str:
    """Why an action of a screen cannot be done now."""
    return {**EVERYWHERE, **BY_SCREEN.get(screen, {})}.get(action, "This cannot be done now.")
