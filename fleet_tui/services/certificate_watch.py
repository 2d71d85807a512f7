"""What has been announced of certificates, kept in the state file: each threshold once, also across restarts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from fleet_tui.domain.certificate_alerts import Alert, Seen, look
from fleet_tui.domain.certificates import Certificate
from fleet_tui.services.store import Store

REMEMBERED = "certificates.seen"


class CertificateWatch:
    """Compares each reading of the certificates with what was seen before."""

    def __init__(self, store: Store, thresholds: Sequence[int]) -> None:
        self._store = store
        self._thresholds = thresholds

    @property
    def has_seen(self) -> bool:
        """Whether there was a look before, be it in an earlier run."""
        return bool(self._store.recall(REMEMBERED, dict[str, Seen], {}))

    def look(self, present: Iterable[Certificate], now: datetime) -> tuple[Alert, ...]:
        """What to announce now. It counts as announced from here on."""
        kept = self._store.recall(REMEMBERED, dict[str, Seen], {})
        alerts, keep = look(kept, present, now, self._thresholds)
        if keep != kept:
            self._store.remember(REMEMBERED, keep)
        return alerts
