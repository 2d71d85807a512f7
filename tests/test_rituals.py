"""Rituals: the file with its good and its broken entries, the days that are due, and the marks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config.schema import Config
from fleet_tui.domain.frequencies import STEPS, next_day
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.ritual_agenda import Mark, Standing, agenda, by_person
from fleet_tui.domain.rituals import LARGEST, Fault, Ritual, read_rituals
from fleet_tui.services.github import GitHub
from fleet_tui.services.ritual_marks import RitualMarks
from fleet_tui.services.rituals import RitualsReader
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed import demo_world
from fleet_tui.simulator.world import World
from tests.helpers import NOW, config

SAMPLE = """\
# What has to be done again and again
-
  task: "Hand over"
  startedOn: "2024-01-03"
  frequency: "Weekly"
  description: "Move the alias: *all* of it"
  moreInfoUrl:
  dri: "lukeheath"
- task: Renew
  startedOn: 2024-02-29
  frequency: Annually
  autoIssue:
    labels: [ "#g-mdm", "P2" ]
    repo: fleet
-
  task: "never closed
  startedOn: "2024-01-03"
- task: No day
  frequency: Monthly
- task: Wrong day
  startedOn: 2024-02-30
  frequency: Monthly
- task: Another wrong day
  startedOn: soon
  frequency: Monthly
- just words
- startedOn: 2024-01-03
  frequency: Weekly
- task: Branch
  frequency: Every patch release
- task: [a, list]
  frequency: Weekly
"""


def test_good_entries_are_read_and_the_others_named_with_their_line() -> None:
    found = read_rituals(SAMPLE)
    assert found.entries == (
        Ritual("Hand over", "Weekly", date(2024, 1, 3), "lukeheath", "Move the alias: *all* of it"),
        Ritual("Renew", "Annually", date(2024, 2, 29), labels=("#g-mdm", "P2")),
        Ritual("Branch", "Every patch release", None),
    )
    # of a quotation that is never closed YAML names the place at which it stumbles, two lines on
    assert [fault.line for fault in found.faults] == [17, 18, 20, 24, 26, 27, 31]
    assert [fault.reason for fault in found.faults][1::2] == [
        "`startedOn` is missing",
        "`startedOn` is no day such as 2024-09-01: soon",
        "`task` is missing",
    ]


def test_windows_lines_and_a_mark_in_front_change_nothing() -> None:
    assert read_rituals("\ufeff" + SAMPLE.replace("\n", "\r\n")) == read_rituals(SAMPLE)


def test_what_is_no_list_is_named() -> None:
    assert [fault.line for fault in read_rituals("# only words\n\nrituals: none\n").faults] == [3]
    assert read_rituals("") == read_rituals("# nothing\n") == read_rituals("---\n")


def test_bombs_are_refused() -> None:
    aliases = "- task: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n  frequency: Weekly\n"
    assert [fault.line for fault in read_rituals(aliases).faults] == [1]
    for deep in ("[", "{", "- "):
        (fault,) = read_rituals("- " + deep * 50_000).faults
        assert fault == Fault(1, "it is nested more than 10 deep")
    assert read_rituals("- task: x\n" * 1001).faults == (Fault(1, "the file has more than 1,000 entries"),)
    (fault,) = read_rituals("- task: x\n" * LARGEST).faults
    assert fault == Fault(1, "the file has more than 131,072 characters")


@pytest.mark.parametrize(
    "tagged",
    ["!!python/object/apply:os.getcwd []", "!!bool maybe", "!!timestamp soon", "!!int ''", "!!binary é", "!x y"],
)
def test_a_tag_makes_nothing(tagged: str) -> None:
    (fault,) = read_rituals(f"- task: {tagged}\n  frequency: Weekly\n").faults
    assert fault == Fault(1, "it names a type (`!name`), which is not read")


@given(st.text(max_size=200) | st.text("-: \n[]{}&*!\"'ab#", max_size=80))
def test_any_text_is_entries_and_faults(text: str) -> None:
    for fault in read_rituals(text).faults:
        assert 1 <= fault.line <= text.count("\n") + text.count("\r") + 2
        assert fault.reason.isprintable()


# Days ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "frequency", "earliest", "expected"),
    [
        ("2026-01-05", "daily", "2026-11-24", "2026-11-24"),
        ("2026-01-07", "weekly", "2026-11-24", "2026-11-25"),
        ("2023-08-09", "triweekly", "2026-11-24", "2026-12-09"),
        ("2026-01-31", "monthly", "2026-02-01", "2026-02-28"),
        ("2026-01-31", "monthly", "2026-03-01", "2026-03-31"),
        ("2024-01-31", "monthly", "2024-02-10", "2024-02-29"),
        ("2026-01-31", "monthly", "2026-04-30", "2026-04-30"),
        ("2025-11-30", "quarterly", "2025-12-01", "2026-02-28"),
        ("2025-11-30", "quarterly", "2026-03-01", "2026-05-30"),
        ("2024-02-29", "annually", "2024-03-01", "2025-02-28"),
        ("2024-02-29", "annually", "2025-03-01", "2026-02-28"),
        ("2024-02-29", "annually", "2027-03-01", "2028-02-29"),
        ("2027-01-01", "weekly", "2026-11-24", "2027-01-01"),
        ("9990-01-01", "annually", "9999-06-01", None),
    ],
)
def test_the_next_day(started: str, frequency: str, earliest: str, expected: str | None) -> None:
    found = next_day(date.fromisoformat(started), STEPS[frequency], date.fromisoformat(earliest))
    assert found == (date.fromisoformat(expected) if expected else None)


days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(days, days, st.sampled_from(sorted(STEPS)))
def test_no_day_of_a_series_lies_between_earliest_and_the_next(started: date, earliest: date, frequency: str) -> None:
    step = STEPS[frequency]
    found = next_day(started, step, earliest)
    assert found is not None
    assert found >= max(started, earliest)
    assert found - max(started, earliest) < timedelta(days=step.days or step.months * 31)
    assert next_day(started, step, found) == found


# What is due ---------------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 25)  # a Wednesday
HAND_OVER = Ritual("Hand over", "WEEKLY ", date(2024, 1, 3), "Luke")


def mark(due: str, task: str = "Hand over") -> Mark:
    return Mark(task, date.fromisoformat(due), NOW)


@pytest.mark.parametrize(
    ("marks", "standing", "day"),
    [
        ((), Standing.TODAY, "2026-11-25"),
        (("2026-11-25",), Standing.LATER, "2026-12-02"),
        (("2026-11-18",), Standing.TODAY, "2026-11-25"),
        (("2026-11-11",), Standing.OVERDUE, "2026-11-18"),
        (("2026-11-25", "2026-11-11"), Standing.LATER, "2026-12-02"),
    ],
)
def test_what_is_due_follows_from_what_was_done(marks: tuple[str, ...], standing: Standing, day: str) -> None:
    (one,) = agenda([HAND_OVER], map(mark, marks), TODAY)
    assert (one.standing, one.day) == (standing, date.fromisoformat(day))


def test_the_most_urgent_first_and_free_text_last_as_written() -> None:
    rituals = [
        Ritual("Branch", "Every patch release", date(2024, 1, 1)),
        Ritual("Later", "Weekly", date(2026, 11, 30)),
        Ritual("Sunday", "Weekly", date(2026, 11, 29)),
        HAND_OVER,
        Ritual("Forgotten", "Daily", date(2026, 11, 1), "luke"),
    ]
    found = agenda(rituals, [mark("2026-11-20", "Forgotten")], TODAY)
    assert [(one.ritual.task, one.standing) for one in found] == [
        ("Forgotten", Standing.OVERDUE),
        ("Hand over", Standing.TODAY),
        ("Sunday", Standing.THIS_WEEK),
        ("Later", Standing.LATER),
        ("Branch", Standing.AS_WRITTEN),
    ]
    assert found[-1].day is None
    assert [one.ritual.task for own in by_person(found).values() for one in own if one.ritual.dri] == [
        "Forgotten", "Hand over"
    ]  # fmt: skip


# Marks and the file --------------------------------------------------------------------------------------------------


def test_marks_are_kept_and_taken_back(tmp_path: Path) -> None:
    marks = RitualMarks(Store(tmp_path / "state"), "fleetdm/fleet")
    marks.add(mark("2026-11-18"))
    marks.add(mark("2026-11-25"))
    again = Mark("Hand over", date(2026, 11, 25), datetime(2026, 11, 26, tzinfo=UTC))
    marks.add(again)
    assert RitualMarks(Store(tmp_path / "state"), "fleetdm/fleet").load() == (mark("2026-11-18"), again)
    assert RitualMarks(Store(tmp_path / "state"), "acme/rocket").load() == ()
    marks.remove(again)
    assert marks.load() == (mark("2026-11-18"),)


async def test_the_file_of_the_repository(github: GitHub, settings_there: Config, world: World) -> None:
    world.repo().files[settings_there.on_call.rituals] = SAMPLE
    assert await RitualsReader(github, settings_there).read() == read_rituals(SAMPLE)
    del world.repo().files[settings_there.on_call.rituals]
    with pytest.raises(Failure):
        await RitualsReader(github, settings_there).read()


async def test_a_file_of_ones_own(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "rituals.yml").write_text(SAMPLE, encoding="utf-8")
    mine = config(on_call={"rituals_file": str(tmp_path / "rituals.yml")})
    assert await RitualsReader(github, mine).read() == read_rituals(SAMPLE)
    with pytest.raises(Failure, match="cannot be read from"):
        await RitualsReader(github, config(on_call={"rituals_file": str(tmp_path)})).read()


def test_the_demo_has_rituals_of_every_frequency_and_no_fault() -> None:
    found = read_rituals(demo_world(NOW).repo().files[Config().on_call.rituals])
    assert found.faults == ()
    assert {one.frequency.lower() for one in found.entries} == {*STEPS, "every patch release"}
