"""Builders of bugs for the tests of their rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fleet_tui.domain.bugs import Bug, History
from tests.helpers import ago


def bug(*labels: str, number: int = 7, **fields: Any) -> Bug:
    """A bug that nothing is known of but its labels, and what is given. It has the label of bugs."""
    given: dict[str, Any] = {
        "number": number,
        "title": f"Bug {number}",
        "url": f"https://github.com/fleetdm/fleet/issues/{number}",
        "author": "outsider",
        "created": ago(days=90),
        "updated": ago(days=1),
        "labels": frozenset({"bug", *labels}),
    }
    return Bug(**given | fields)


def history(*, updated: datetime | None = None, labelled: dict[str, datetime] | None = None, **fields: Any) -> History:
    """A timeline that is up to date with `bug`, unless `updated` says otherwise."""
    return History(updated or ago(days=1), tuple((labelled or {}).items()), **fields)
