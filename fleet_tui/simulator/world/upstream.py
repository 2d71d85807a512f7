"""What other projects publish: Go's downloads, images on Docker Hub, CISA's news."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An announcement."""

    title: str
    summary: str
    at: datetime


@dataclass(slots=True, eq=False)
class Upstream:
    """All of it."""

    go: list[tuple[str, bool]] = field(default_factory=list)
    """Versions such as `go1.22.1`, and whether each is stable."""
    images: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """Tags of the images on Docker Hub and when each was pushed, by repository."""
    docker_limited_until: datetime | None = None
    """Until then Docker Hub answers that there were too many requests."""
    news: list[Item] = field(default_factory=list)
    """CISA's, the newest first."""
