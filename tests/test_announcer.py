"""Alerts are told once, not at the start, and not when somebody has said that he does not want to hear them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from fleet_tui.announcer import Announcer
from fleet_tui.desks.desk import Desk
from fleet_tui.domain.alert import Alert
from fleet_tui.feed import Reading
from fleet_tui.services.alert_log import KEPT, AlertLog
from fleet_tui.services.store import Store
from tests.helpers import NOW, config

BAD = Alert("critical 7", "critical bug", "Critical bug #7: Hosts vanish", "bugs", "7")
GOOD = Alert("renewed", "certificate", "APNs was renewed.", "certificates", "apns", good=True)


class Talker(Desk):
    """A desk that holds for true what it is told."""

    def __init__(self, *, settled: bool = True) -> None:
        super().__init__(config(), Store(None), lambda name: Reading[Any](), lambda words: None, lambda: NOW)
        self.settled = settled
        self.held: list[Alert] = []

    @property
    def is_settled(self) -> bool:
        """As it is told."""
        return self.settled

    def alerts(self) -> Iterable[Alert]:
        """What holds."""
        return list(self.held)


class Voice:
    """Remembers what was told, and how."""

    def __init__(self) -> None:
        self.rung = 0
        self.said: list[tuple[str, bool]] = []
        self.sent: list[str] = []

    def bell(self) -> None:
        """Count."""
        self.rung += 1

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """Keep."""
        self.said.append((sentence, bad))

    def send(self, sequence: str) -> None:
        """Keep."""
        self.sent.append(sequence)


@pytest.fixture(autouse=True)
def a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "KITTY_WINDOW_ID", "ITERM_SESSION_ID", "WEZTERM_PANE", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)


def announcer(desk: Desk, voice: Voice, store: Store | None = None, at: datetime = NOW, **alerts: Any) -> Announcer:
    log = AlertLog(store or Store(None), lambda: at)
    return Announcer([desk], log, voice, config(alerts={"terminal": "off", **alerts}), lambda: at)


def test_what_is_so_at_the_start_is_listed_and_counts_as_seen() -> None:
    desk, voice, store = Talker(), Voice(), Store(None)
    desk.held = [BAD]
    assert announcer(desk, voice, store).look() == ()
    assert (voice.rung, voice.said) == (0, [])
    log = AlertLog(store, lambda: NOW)
    assert [one.alert for one in log.told] == [BAD]
    assert log.unseen == 0


def test_what_becomes_so_rings_once() -> None:
    desk, voice, store = Talker(), Voice(), Store(None)
    telling = announcer(desk, voice, store)
    telling.look()
    desk.held = [BAD]
    assert telling.look() == (BAD,)
    assert telling.look() == ()
    assert (voice.rung, voice.said) == (1, [(BAD.words, True)])
    desk.held = []
    telling.look()
    desk.held = [BAD]
    assert telling.look() == (), "not even when it was not so for a while"
    assert AlertLog(store, lambda: NOW).unseen == 1


def test_good_news_does_not_ring() -> None:
    desk, voice = Talker(), Voice()
    telling = announcer(desk, voice)
    telling.look()
    desk.held = [GOOD]
    assert telling.look() == (GOOD,)
    assert (voice.rung, voice.said) == (0, [(GOOD.words, False)])


def test_a_desk_that_has_not_read_everything_is_not_asked() -> None:
    desk, voice = Talker(settled=False), Voice()
    desk.held = [BAD]
    telling = announcer(desk, voice)
    telling.look()
    desk.settled = True
    telling.look()
    assert voice.said == [], "its first word is its start"


def test_what_was_told_in_a_former_run_is_not_told_again() -> None:
    store, voice = Store(None), Voice()
    AlertLog(store, lambda: NOW).take([BAD])
    desk = Talker()
    telling = announcer(desk, voice, store)
    telling.look()
    desk.held = [BAD]
    assert telling.look() == ()


@pytest.mark.parametrize(
    "quiet",
    [
        {"muted": ("critical bug",)},
        {"quiet_from": time(7), "quiet_until": time(9)},  # it is eight in the morning
    ],
    ids=["muted", "quiet hours"],
)
def test_what_nobody_wants_to_hear_is_listed_all_the_same(quiet: dict[str, Any]) -> None:
    desk, voice, store = Talker(), Voice(), Store(None)
    telling = announcer(desk, voice, store, **quiet)
    telling.look()
    desk.held = [BAD]
    assert telling.look() == ()
    assert voice.rung == 0
    assert AlertLog(store, lambda: NOW).unseen == 1


def test_the_bell_can_be_switched_off() -> None:
    desk, voice = Talker(), Voice()
    telling = announcer(desk, voice, bell=False)
    telling.look()
    desk.held = [BAD]
    assert telling.look() == (BAD,)
    assert voice.rung == 0


def test_the_terminal_is_given_its_own_notification() -> None:
    desk, voice = Talker(), Voice()
    telling = announcer(desk, voice, terminal="osc9")
    telling.look()
    desk.held = [BAD]
    telling.look()
    assert [sequence.startswith("\x1b]9;") and BAD.words in sequence for sequence in voice.sent] == [True]


def test_the_list_is_bounded_and_the_newest_stand_first() -> None:
    store, at = Store(None), [NOW]
    log = AlertLog(store, lambda: at[0])
    for number in range(KEPT + 10):
        at[0] += timedelta(seconds=1)
        log.take([Alert(f"k{number}", "bug", f"Bug {number}")])
    again = AlertLog(store, lambda: NOW)
    assert len(again.told) == KEPT
    assert again.told[0].alert.words == f"Bug {KEPT + 9}"
    again.see_all()
    assert AlertLog(store, lambda: NOW).unseen == 0
