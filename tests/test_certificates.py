"""Certificates: how urgent, in what words, and what is announced of them once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.certificates import CertificateFile, Certificates, Endpoint, PlainDate
from fleet_tui.config.load import ConfigError, parse
from fleet_tui.config.reference import show
from fleet_tui.config.schema import Config
from fleet_tui.domain.certificate_alerts import Alert, Event, Seen, look
from fleet_tui.domain.certificates import (
    Certificate,
    Inventory,
    Kind,
    Severity,
    Unreadable,
    by_urgency,
    countdown,
    merged,
    most_urgent,
    renewal_window,
    severity,
    until_it_reads_otherwise,
    used_up,
)
from fleet_tui.services.certificate_watch import CertificateWatch
from fleet_tui.services.store import Store
from tests.certificates import TOPIC, certificate
from tests.helpers import NOW, ago

THRESHOLDS = (60, 30, 14, 7, 1)
seconds = st.integers(-400 * 86_400, 400 * 86_400)


def ending(**span: float) -> Certificate:
    return certificate(ends=NOW + timedelta(**span))


# Words and urgency ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=213, hours=5), "213 d"),
        (timedelta(days=6, hours=4, minutes=59), "6 d 4 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(), "expired just now"),
        (timedelta(seconds=-61), "expired 1 min ago"),
        (timedelta(hours=-3, minutes=-20), "expired 3 h ago"),
        (timedelta(days=-2, hours=-5), "expired 2 d ago"),
        (timedelta(days=-40), "expired 40 d ago"),
    ],
)
def test_the_countdown_reads_well(left: timedelta, words: str) -> None:
    assert countdown(certificate(ends=NOW + left), NOW) == words


def test_one_that_has_not_begun_counts_down_to_its_beginning() -> None:
    assert countdown(certificate(valid_from=NOW + timedelta(seconds=59)), NOW) == "valid in seconds"
    early = certificate(valid_from=NOW + timedelta(days=2, hours=5))
    assert countdown(early, NOW) == "valid in 2 d"
    assert severity(early, NOW, THRESHOLDS) is Severity.URGENT


@given(seconds, st.one_of(st.none(), st.integers(-86_400, 86_400)))
def test_the_words_stay_until_they_are_said_to_change(left: int, begins: int | None) -> None:
    begin = None if begins is None else NOW + timedelta(seconds=begins)
    one = certificate(ends=NOW + timedelta(seconds=left), valid_from=begin)
    wait = until_it_reads_otherwise(one, NOW)
    assert wait > timedelta()
    assert countdown(one, NOW + wait - timedelta(seconds=1)) == countdown(one, NOW)


@given(st.integers(1, 10 * 86_400))
def test_the_words_do_change_then(left: int) -> None:
    one = certificate(ends=NOW + timedelta(seconds=left))
    assert countdown(one, NOW + until_it_reads_otherwise(one, NOW)) != countdown(one, NOW)


@pytest.mark.parametrize(
    ("days", "thresholds", "expected"),
    [
        (61, THRESHOLDS, Severity.FINE),
        (60, THRESHOLDS, Severity.NOTICE),
        (30, THRESHOLDS, Severity.WARNING),
        (14, THRESHOLDS, Severity.WARNING),
        (7, THRESHOLDS, Severity.URGENT),
        (0.5, THRESHOLDS, Severity.URGENT),
        (0, THRESHOLDS, Severity.EXPIRED),
        (5, (1, 30, 7, 7), Severity.URGENT),
        (20, (30, 7), Severity.NOTICE),
        (20, (30,), Severity.URGENT),
    ],
)
def test_severity_follows_the_thresholds(days: float, thresholds: tuple[int, ...], expected: Severity) -> None:
    assert severity(ending(days=days), NOW, thresholds) is expected


@given(seconds, seconds, st.lists(st.integers(1, 365), min_size=1, max_size=6))
def test_severity_never_falls_as_the_end_comes_nearer(one: int, other: int, thresholds: list[int]) -> None:
    sooner, later = sorted((one, other))
    assert severity(ending(seconds=sooner), NOW, thresholds) >= severity(ending(seconds=later), NOW, thresholds)


def test_the_share_of_validity_that_is_used_up() -> None:
    assert used_up(certificate(ends=NOW + timedelta(days=1), valid_from=ago(days=3)), NOW) == 0.75
    assert used_up(certificate(ends=ago(days=1), valid_from=ago(days=3)), NOW) == 1
    assert used_up(certificate(valid_from=NOW + timedelta(days=1)), NOW) == 0
    assert used_up(certificate(), NOW) is None
    assert used_up(certificate(ends=NOW, valid_from=NOW), NOW) is None


def test_the_most_urgent_comes_first_and_stands_in_the_status_line_in_its_last_days() -> None:
    soon, later, gone = ending(days=29), ending(days=200), ending(hours=-3)
    assert by_urgency([later, gone, soon]) == (gone, soon, later)
    assert most_urgent([later, soon], NOW, 30) == soon
    assert most_urgent([later], NOW, 30) is None
    assert most_urgent([], NOW, 30) is None
    assert renewal_window(soon, 30) == (ago(days=1), soon.valid_until)


def test_inventories_are_one_and_outlast_a_run() -> None:
    fault = Unreadable("x", "x", "x", "It is empty.")
    found = merged([Inventory((ending(days=2),)), Inventory((ending(days=1),), (fault,))])
    assert [one.valid_until for one in found.certificates] == [NOW + timedelta(days=1), NOW + timedelta(days=2)]
    assert found.unreadable == (fault,)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Inventory) == found


# Alerts --------------------------------------------------------------------------------------------------------------


def events(alerts: tuple[Alert, ...]) -> list[Event]:
    return [alert.event for alert in alerts]


def test_each_threshold_is_announced_once() -> None:
    one, kept, said = ending(days=61), dict[str, Seen](), list[str]()
    for hour in range(24 * 63):
        alerts, kept = look(kept, [one], NOW + timedelta(hours=hour), THRESHOLDS)
        said += [alert.sentence for alert in alerts]
    assert said == [
        "a expires in 60 d.",
        "a expires in 30 d.",
        "a expires in 14 d.",
        "a expires in 7 d.",
        "a expires in 1 d.",
        "a expired just now.",
    ]


def test_the_first_sight_announces_the_shortest_alone() -> None:
    alerts, _ = look({}, [ending(days=5)], NOW, THRESHOLDS)
    assert [(alert.event, alert.severity) for alert in alerts] == [(Event.THRESHOLD, Severity.URGENT)]
    assert look({}, [ending(days=100)], NOW, THRESHOLDS)[0] == ()


def test_a_source_that_is_silent_for_once_announces_nothing_again() -> None:
    one = ending(days=5)
    _, kept = look({}, [one], NOW, THRESHOLDS)
    _, kept = look(kept, [], NOW, THRESHOLDS)
    assert look(kept, [one], NOW, THRESHOLDS)[0] == ()


def test_a_renewal_is_announced_and_the_thresholds_begin_anew() -> None:
    old = certificate(ends=NOW + timedelta(days=5), serial="1")
    new = certificate(ends=NOW + timedelta(days=370), serial="2")
    _, kept = look({}, [old], NOW, THRESHOLDS)
    alerts, kept = look(kept, [new], NOW, THRESHOLDS)
    assert events(alerts) == [Event.RENEWED]
    assert alerts[0].sentence == "a was renewed: valid until 10 Jun 2026."
    alerts, _ = look(kept, [new], NOW + timedelta(days=320), THRESHOLDS)
    assert events(alerts) == [Event.THRESHOLD]


def test_a_renewal_that_is_short_itself_is_said_as_well() -> None:
    _, kept = look({}, [certificate(ends=NOW + timedelta(days=1), serial="1")], NOW, THRESHOLDS)
    alerts, _ = look(kept, [certificate(ends=NOW + timedelta(days=20), serial="2")], NOW, THRESHOLDS)
    assert events(alerts) == [Event.RENEWED, Event.THRESHOLD]


def test_one_that_goes_back_in_time_is_a_red_warning() -> None:
    _, kept = look({}, [certificate(serial="2")], NOW, THRESHOLDS)
    (alert,) = look(kept, [certificate(ends=NOW + timedelta(days=100), serial="1")], NOW, THRESHOLDS)[0]
    assert (alert.event, alert.severity) == (Event.BACK_IN_TIME, Severity.EXPIRED)
    assert "An older one has been put in place." in alert.sentence


def test_another_topic_says_what_it_means_and_is_no_renewal() -> None:
    old = certificate(topic=TOPIC, serial="1", kind=Kind.APNS)
    new = certificate(ends=NOW + timedelta(days=370), topic=TOPIC + "x", serial="2", kind=Kind.APNS)
    _, kept = look({}, [old], NOW, THRESHOLDS)
    alerts, kept = look(kept, [new], NOW, THRESHOLDS)
    assert (events(alerts), alerts[0].severity) == ([Event.TOPIC_CHANGED], Severity.EXPIRED)
    assert "Every device would have to enrol again." in alerts[0].sentence
    assert look(kept, [new], NOW, THRESHOLDS)[0] == ()


def test_a_topic_that_was_not_told_for_once_is_not_forgotten() -> None:
    _, kept = look({}, [certificate(topic=TOPIC)], NOW, THRESHOLDS)
    _, kept = look(kept, [certificate(topic="")], NOW, THRESHOLDS)
    assert events(look(kept, [certificate(topic="other")], NOW, THRESHOLDS)[0]) == [Event.TOPIC_CHANGED]


def test_what_was_announced_outlasts_a_restart(tmp_path: Path) -> None:
    one = ending(days=5)
    for expected in ([Event.THRESHOLD], []):
        store = Store(tmp_path / "state.sqlite3")
        assert events(CertificateWatch(store, THRESHOLDS).look([one], NOW)) == expected
        store.close()


# Settings ------------------------------------------------------------------------------------------------------------

SETTINGS = """
[certificates]
fleet_server = true
[[certificates.files]]
path = "~/certificates"
owner = "mia"
[[certificates.endpoints]]
address = "[::1]:8443"
[[certificates.dates]]
name = "licence"
expires = 2026-01-31
[certificates.owners]
apns = "quin"
"""


def test_sources_are_tables_in_the_section_and_are_shown_as_they_read() -> None:
    config = parse(SETTINGS, "c.toml")
    assert config.certificates.files == (CertificateFile(path="~/certificates", owner="mia"),)
    assert config.certificates.endpoints == (Endpoint(address="[::1]:8443"),)
    assert [entry.name for entry in config.certificates.dates] == ["licence"]
    assert (config.certificates.owners.apns, config.certificates.owners.abm) == ("quin", "")
    assert parse(show(config), "c.toml") == config


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[[certificates.files]]\npath = ""', "certificates.files[0].path"),
        ('[[certificates.dates]]\nname = "x"', "certificates.dates[0].expires"),
        ('[[certificates.endpoints]]\naddress = "fleet.example.com"', "certificates.endpoints[0].address"),
        ('[[certificates.endpoints]]\naddress = "x:65536"', "certificates.endpoints[0].address"),
        ('[certificates]\nendpoints = ["x:443"]', "certificates.endpoints[0]"),
        ('[certificates.owners]\npush = "x"', "certificates.owners.push"),
        ("[certificates]\nreminder_days = [7]", "certificates.reminder_days[0]"),
    ],
)
def test_a_source_that_is_wrong_is_named_by_its_place(text: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    assert [problem.key for problem in caught.value.problems] == [key]


def test_by_default_nothing_is_looked_at() -> None:
    assert Config().certificates == Certificates(files=(), endpoints=(), dates=(), fleet_server=False)
    assert PlainDate(name="x", expires=NOW.date()).kind == "other"
