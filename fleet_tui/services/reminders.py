"""Calendar reminders of expiries: an `.ics` file with alarms before each end, for any calendar to take in."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from fleet_tui import __version__
from fleet_tui.domain.certificates import Certificate
from fleet_tui.domain.counts import counted
from fleet_tui.domain.problem import Cause, Failure, Problem

MINUTES_LONG = timedelta(minutes=30)


def calendar(certificates: Iterable[Certificate], now: datetime, alarm_days: Sequence[int]) -> bytes:
    """One event for each certificate at its end, with an alarm so many days before.

    An event keeps its identity through renewals: taken in again, it moves instead of standing there twice.
    """
    from icalendar import Alarm, Calendar, Event

    found = Calendar()
    found.add("prodid", f"-//fleet-tui//{__version__}//EN")
    found.add("version", "2.0")
    for one in certificates:
        event = Event()
        event.add("uid", f"{hashlib.sha256(one.id.encode()).hexdigest()[:32]}@fleet-tui")
        event.add("dtstamp", now)
        event.add("sequence", int(one.valid_until.timestamp()) // 60)  # a later end counts as the newer version
        event.add("dtstart", one.valid_until)
        event.add("dtend", one.valid_until + MINUTES_LONG)
        event.add("summary", f"{one.name} expires")
        event.add("description", _description(one))
        event.add("transp", "TRANSPARENT")
        for days in sorted(set(alarm_days), reverse=True):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"{one.name} expires in {counted(days, 'day')}: renew it")
            alarm.add("trigger", timedelta(days=-days))
            event.add_component(alarm)
        found.add_component(event)
    content: bytes = found.to_ical()
    return content


def write(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write the file as a whole or not at all. Raises `Failure`; one that is there stays unless `overwrite`."""
    try:
        if not overwrite:
            path.touch(exist_ok=False)  # nobody else gets the name from here on
        try:
            _replace(path, content)
        except OSError:
            if not overwrite:
                path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        sentence, remedy = f"{path} is there already and stays as it is.", "Choose another name, or overwrite it."
        raise Failure(Problem("calendar file", Cause.REFUSED, sentence, remedy)) from None
    except OSError as error:
        sentence = f"{path} cannot be written ({error.strerror or error})."
        raise Failure(Problem("calendar file", Cause.REFUSED, sentence, "Choose another folder.")) from None


def _replace(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def _description(one: Certificate) -> str:
    facts = {
        "Kind": one.kind.value,
        "Subject": one.subject,
        "Topic": one.topic,
        "Serial": one.serial,
        "Owner": one.owner,
        "Found in": one.source,
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
