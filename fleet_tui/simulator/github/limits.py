"""Rate limits: so many requests an hour, and not too many at once."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from fleet_tui.simulator.github.errors import GithubError
from fleet_tui.simulator.world import World

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
READ_POINTS, WRITE_POINTS = 1, 5


@dataclass(slots=True)
class Quota:
    """What a caller has used of one resource in the current hour."""

    resource: str
    limit: int
    reset: datetime
    used: int = 0

    @property
    def remaining(self) -> int:
        """Requests left."""
        return max(0, self.limit - self.used)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every answer carries."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(int(self.reset.timestamp())),
            "X-RateLimit-Resource": self.resource,
        }


class RateLimiter:
    """Counts what each caller (a login, or "" without a token) does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._quotas: dict[tuple[str, str], Quota] = {}
        self._points: defaultdict[str, deque[tuple[datetime, int]]] = defaultdict(deque)
        self._creations: defaultdict[str, deque[tuple[datetime, int]]] = defaultdict(deque)

    def quota(self, caller: str, resource: str) -> Quota:
        """The caller's quota of `core` or `graphql`, with the limit that the world has now."""
        now, limits = self._world.now(), self._world.limits
        quota = self._quotas.get((caller, resource))
        if quota is None or quota.reset <= now:
            quota = self._quotas[caller, resource] = Quota(resource, 0, now + HOUR)
        known = limits.graphql if resource == "graphql" else limits.core
        quota.limit = known if caller else limits.anonymous
        return quota

    def check_secondary(self, caller: str, *, writes: bool, creates: bool) -> None:
        """Count a request towards the limits by the minute. Raises the refusal when it is one too many."""
        now, limits = self._world.now(), self._world.limits
        points = _within_minute(self._points[caller], now)
        creations = _within_minute(self._creations[caller], now)
        too_many_points = sum(cost for _, cost in points) >= limits.points_per_minute
        if too_many_points or (creates and len(creations) >= limits.creations_per_minute):
            oldest = (points if too_many_points else creations)[0][0]
            raise self._secondary(int((oldest + MINUTE - now).total_seconds()) + 1)
        points.append((now, WRITE_POINTS if writes else READ_POINTS))
        if creates:
            creations.append((now, 1))

    def _secondary(self, retry_after: int) -> GithubError:
        return GithubError(
            self._world.limits.secondary_status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            headers={"Retry-After": str(retry_after)},
        )


def _within_minute(entries: deque[tuple[datetime, int]], now: datetime) -> deque[tuple[datetime, int]]:
    while entries and entries[0][0] <= now - MINUTE:
        entries.popleft()
    return entries
