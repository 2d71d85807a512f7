"""Who is on call: shifts and what follows from them (handbook: "Oncall rotation")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from fleet_tui.domain.logins import is_same


class Shift(Struct, frozen=True):
    """One person's time on call, in one piece."""

    person: str
    """The name, or a calendar's title as written when it names nobody known."""
    login: str
    """On GitHub; empty when nobody known is meant."""
    group: str
    start: datetime
    """UTC, like `end`, which is exclusive."""
    end: datetime
    rotation: str

    def covers(self, moment: datetime) -> bool:
        """Whether it is under way at `moment`."""
        return self.start <= moment < self.end


class Gap(Struct, frozen=True):
    """Time in which a rotation has nobody."""

    rotation: str
    start: datetime
    end: datetime


class Overlap(Struct, frozen=True):
    """Time in which a rotation has two people at once; `second` is the one who counts as on call."""

    first: Shift
    second: Shift
    start: datetime
    end: datetime


class Roster(Struct, frozen=True):
    """The shifts of all rotations, by rotation and start; made by `roster`."""

    shifts: tuple[Shift, ...]
    rotations: tuple[str, ...]
    """Their names in the order of the settings; one without any shift is a gap."""

    def of(self, rotation: str) -> tuple[Shift, ...]:
        """The shifts of one rotation by start."""
        return tuple(shift for shift in self.shifts if shift.rotation == rotation)

    def on_call(self, moment: datetime) -> tuple[Shift, ...]:
        """Who is on call at `moment`, at most one a rotation.

        Of several at once the one counts that began last, of those the one that ends first: who stands in for a day is
        entered beside the week of the other.
        """
        found = (
            max((shift for shift in self.of(rotation) if shift.covers(moment)), key=_precedence, default=None)
            for rotation in self.rotations
        )
        return tuple(shift for shift in found if shift)

    def in_charge(self, login: str, moment: datetime) -> Shift | None:
        """The shift that counts for `login` at `moment`: the own one, else the one of the first rotation."""
        present = self.on_call(moment)
        own = (shift for shift in present if is_login(shift, login))
        first = (shift for shift in present if shift.rotation == self.rotations[0])
        return next(own, None) or next(first, None)

    def next_after(self, shift: Shift) -> Shift | None:
        """Who has the rotation when `shift` ends, else who comes next; None when nobody is known."""
        taking_over = (other for other in self.on_call(shift.end) if other.rotation == shift.rotation)
        later = (other for other in self.of(shift.rotation) if other.start > shift.end)
        return next(taking_over, None) or next(later, None)

    def next_of(self, login: str, moment: datetime) -> Shift | None:
        """The first shift of `login` that begins after `moment`, in any rotation. Capitals do not count in a login."""
        mine = (shift for shift in self.shifts if shift.start > moment and is_login(shift, login))
        return min(mine, key=lambda shift: shift.start, default=None)

    def gaps(self, start: datetime, end: datetime) -> tuple[Gap, ...]:
        """The times between `start` and `end` in which a rotation has nobody."""
        return tuple(gap for rotation in self.rotations for gap in self._gaps(rotation, start, end))

    def _gaps(self, rotation: str, start: datetime, end: datetime) -> Iterable[Gap]:
        reached = start
        for shift in self.of(rotation):
            if reached < min(shift.start, end):
                yield Gap(rotation, reached, min(shift.start, end))
            reached = max(reached, shift.end)
        if reached < end:
            yield Gap(rotation, reached, end)

    def overlaps(self, start: datetime, end: datetime) -> tuple[Overlap, ...]:
        """The times between `start` and `end` in which a rotation has two people."""
        found = []
        for rotation in self.rotations:
            shifts = [shift for shift in self.of(rotation) if shift.end > start and shift.start < end]
            for index, first in enumerate(shifts):
                for second in shifts[index + 1 :]:
                    if second.start >= first.end:
                        break
                    beaten, counts = sorted((first, second), key=_precedence)
                    since, until = max(second.start, start), min(first.end, second.end, end)
                    found.append(Overlap(beaten, counts, since, until))
        return tuple(found)


def roster(shifts: Iterable[Shift], rotations: Iterable[str]) -> Roster:
    """A roster in which shifts of one person that follow each other without a break are one."""
    joined: list[Shift] = []
    ordered = sorted(shifts, key=lambda shift: (shift.rotation, shift.login, shift.person, shift.start, shift.end))
    for _, own in groupby(ordered, key=lambda shift: (shift.rotation, shift.login, shift.person)):
        joined += _joined(list(own))
    joined.sort(key=lambda shift: (shift.rotation, shift.start, shift.end))
    return Roster(tuple(joined), tuple(dict.fromkeys(rotations)))


def _joined(shifts: list[Shift]) -> list[Shift]:
    whole = shifts[:1]
    for shift in shifts[1:]:
        if shift.start <= whole[-1].end:
            whole[-1] = replace(whole[-1], end=max(whole[-1].end, shift.end))
        else:
            whole.append(shift)
    return whole


def is_login(shift: Shift, login: str) -> bool:
    """Whether it is the shift of `login`."""
    return is_same(login, shift.login)


def _precedence(shift: Shift) -> tuple[datetime, float]:
    return shift.start, -shift.end.timestamp()
