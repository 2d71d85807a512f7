"""How certificates are put into words and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from fleet_tui.config.certificates import Certificates
from fleet_tui.domain.certificates import Certificate, Inventory, Kind, Unreadable, merged
from fleet_tui.domain.procedures import Done, Procedure, Step
from fleet_tui.domain.verify import Finding, Line
from fleet_tui.screens import certificate_detail, procedure_dialog
from fleet_tui.screens import certificates_view as view
from fleet_tui.screens.certificate_dialogs import comparison
from fleet_tui.theme import Tone
from fleet_tui.widgets.path_input import completed
from fleet_tui.widgets.rows import Kind as RowKind
from tests.certificates import TOPIC, certificate
from tests.helpers import NOW, config

RULES, ZONE = Certificates(), config().team.zone
FAULT = Unreadable("file:x", "mdm (1).cer", "/certs/mdm (1).cer", "It holds no certificate.", "Download it again.")


def one(name: str, days: float, **fields: Any) -> Certificate:
    """A certificate with so many days left."""
    return certificate(name, ends=NOW + timedelta(days=days), **fields)


def inventory(*ones: Certificate, faults: tuple[Unreadable, ...] = ()) -> Inventory:
    """These, in the order in which a feed gives them."""
    return merged([Inventory(ones, faults)])


FOUND = inventory(
    one("fine", 213), one("notice", 59), one("soon", 29), one("urgent", 6.2), one("gone", -0.13), faults=(FAULT,)
)


def listed(found: Inventory = FOUND, **given: Any) -> list[str]:
    """The names and headings of the table, top to bottom."""
    given = {"warnings": {}} | given
    return [row.cells[0].plain for row in view.rows(found, NOW, RULES, ZONE, **given) if row.cells[0].plain]


def test_the_groups_stand_by_urgency_and_what_cannot_be_read_behind_what_presses() -> None:
    assert listed() == [
        "Expired · 1", "✖ gone", "Act now · 1", "! urgent", "Cannot be read · 1",
        "? mdm (1).cer  It holds no certificate.", "Renew soon · 1", "! soon", "Coming up · 1", "○ notice", "Fine · 1",
        "✔ fine",
    ]  # fmt: skip


def test_where_there_is_no_room_the_order_stays_and_the_headings_go() -> None:
    names = [name.split()[1] for name in listed(grouped=False)]
    assert names == ["gone", "urgent", "mdm", "soon", "notice", "fine"]


def test_a_standing_warning_makes_a_fine_one_urgent() -> None:
    found, warnings = inventory(one("fine", 213), one("near", 6)), {"fine": "It has another topic."}
    assert listed(found, warnings=warnings) == ["Act now · 2", "! changed: fine", "! near"]
    assert view.headline(found, NOW, RULES, warnings).plain == "! It has another topic."


def test_one_that_is_not_valid_yet_comes_before_those_that_end_earlier() -> None:
    early = one("early", 300, valid_from=NOW + timedelta(days=2))
    assert listed(inventory(one("soon", 29), early))[1] == "! early"
    assert view.headline(inventory(early), NOW, RULES, {}).plain == "! early is not valid yet: it will be in 2 d."


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("soon", ["! soon"]),
        ("no certificate", []),
        ("(1)", ["? mdm (1).cer  It holds no certificate."]),
        ("nothing", []),
    ],
)
def test_the_filter_looks_at_certificates_and_faults(words: str, names: list[str]) -> None:
    assert listed(grouped=False, words=words) == names


@pytest.mark.parametrize("field", ["subject", "topic", "issuer", "serial", "owner"])
def test_the_filter_finds_every_fact(field: str) -> None:
    assert listed(inventory(one("a", 99, **{field: "Needle 7"}), one("b", 99)), grouped=False, words="needle 7") == [
        "✔ a"
    ]


@given(st.integers(-900 * 86_400, 9_000 * 86_400), st.integers(-100, 100))
def test_no_countdown_is_cut(seconds: int, begins: int) -> None:
    until = NOW + timedelta(seconds=seconds)
    found = certificate(ends=until, valid_from=NOW + timedelta(hours=begins, minutes=59))
    (row,) = (row for row in view.rows(Inventory((found,)), NOW, RULES, ZONE, warnings={}) if row.selectable)
    place = [column.key for column in view.COLUMNS].index("left")
    assert len(row.cells[place].plain) <= view.COLUMNS[place].width


def test_a_stale_table_is_dimmed() -> None:
    kinds = {row.kind for row in view.rows(FOUND, NOW, RULES, ZONE, warnings={}, old=True)}
    assert kinds == {RowKind.OLD, RowKind.HEADING}


@pytest.mark.parametrize(
    ("days", "headline", "tone"),
    [
        (213, "✔ Nothing expires within 60 days. The next is a, in 213 d.", None),
        (59, "○ a expires in 59 d.", None),
        (29, "! a expires in 29 d.", None),
        (6 + 4 / 24, "! a expires in 6 d 4 h.", Tone.ACT),
        (-3 / 24, "✖ a expired 3 h ago.", Tone.ACT),
    ],
)
def test_the_headline_names_the_most_urgent(days: float, headline: str, tone: Tone | None) -> None:
    shown = view.headline(inventory(one("a", days), one("b", 300)), NOW, RULES, {})
    assert shown.plain == headline
    assert (f"bold {Tone.ACT}" in {str(span.style) for span in shown.spans}) is (tone is Tone.ACT)


def test_what_cannot_be_read_is_not_called_well() -> None:
    shown = view.headline(inventory(one("a", 213), faults=(FAULT,)), NOW, RULES, {}).plain
    assert shown == "? Nothing that can be read expires within 60 days. The next is a, in 213 d."


@pytest.mark.parametrize(
    ("found", "words"),
    [(Inventory(), "The sources hold no certificate."), (Inventory((), (FAULT,)), "No certificate could be read.")],
)
def test_the_headline_without_certificates(found: Inventory, words: str) -> None:
    assert view.headline(found, NOW, RULES, {}).plain == words


def test_the_summary_counts() -> None:
    shown = view.summary(FOUND, NOW, RULES, {}).plain
    assert shown == "✖ 1 expired  ! 1 act now  ! 1 soon  ○ 1 coming  ✔ 1 fine  ? 1 unreadable"


@pytest.mark.parametrize("width", [1, 20, 76, 116, 196])
def test_the_year_ahead_has_a_sign_for_each_and_never_more_cells_than_there_are(width: int) -> None:
    line, months = view.horizon(FOUND, NOW, RULES, {}, ZONE, width).plain.split("\n")
    assert len(line) == width
    assert len(months) <= width
    assert line[0] == "✖"
    if width >= 76:
        assert [sign for sign in line if sign != "─"] == ["✖", "!", "!", "○", "✔"]
        assert months.split()[:12] == [
            "Now",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
        ]
        assert line.index("✔") == int(width * 213 / 366)


def test_the_worst_sign_of_a_cell_wins_and_what_is_further_away_is_left_out() -> None:
    line = view.horizon(inventory(one("a", 1), one("b", -1), one("c", 900)), NOW, RULES, {}, ZONE, 20).plain
    assert line.partition("\n")[0] == "✖" + "─" * 19


def test_the_detail_has_every_fact_local_and_utc() -> None:
    known = one(
        "APNs", 29, kind=Kind.APNS, valid_from=NOW - timedelta(days=336), topic=TOPIC, subject="CN=APSP",
        issuer="Apple", serial="AB12", owner="george", warning="Its chain is expired.",
    )  # fmt: skip
    shown = certificate_detail.detail(
        known, NOW, RULES, ZONE, warning="It has another topic.", seen="S", renewal="3 of 8 steps done"
    ).plain
    for words in (
        "! APNs  APNs push, expires in 29 d", "4 Jul 2024 08:00 – 4 Jul 2025 08:00 PT",
        "2024-07-04 15:00 – 2025-07-04 15:00 UTC", "since 4 Jun 2025: renew it now · 3 of 8 steps done", TOPIC,
        "CN=APSP", "Apple", "AB12", "george", "somewhere", "It has another topic. Press S", "Its chain is expired.",
    ):  # fmt: skip
        assert words in shown


def test_the_detail_of_what_tells_little_leaves_out_what_is_not_known() -> None:
    shown = certificate_detail.detail(one("licence", 213), NOW, RULES, ZONE).plain
    assert "until 4 Jan 2026" in shown
    assert "nobody is named" in shown
    assert not any(label in shown for label in ("Topic", "Subject", "Issuer", "Serial"))


def test_what_cannot_be_read_says_what_is_wrong_and_what_to_do() -> None:
    shown = certificate_detail.unreadable_detail(FAULT).plain
    assert FAULT.sentence in shown
    assert FAULT.remedy in shown
    assert FAULT.source in shown


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [("fleet.example.com", 6.17, "fleet.example.com 6 d 4 h"), ("MDM Vendor: Fleet Device Management", 29, "TLS 29 d")],
)
def test_the_status_line_calls_long_names_by_their_kind(name: str, days: float, words: str) -> None:
    assert view.expiring(one(name, days), NOW) == words


@pytest.mark.parametrize(("days", "pressing"), [(29, False), (13, False), (6, True), (-1, True)])
def test_the_status_line_is_red_in_the_last_week(days: int, pressing: bool) -> None:
    assert view.is_pressing(one("a", days), NOW, RULES) is pressing


# Procedures ----------------------------------------------------------------------------------------------------------

STEPS = (
    Step("visit", "Visit", url="https://example.com"),
    Step("convert", "Convert", "From DER to PEM.", "openssl x509 -in {certificate} -out {pem}", "UID={topic} is there"),
)
PROCEDURE = Procedure("renew", "Renew", STEPS, "It ends\nevery year. Then it is renewed.")
DONE = {"visit": Done("lucas", NOW - timedelta(hours=3))}


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ({}, ""),
        (DONE, "1 of 2 steps done, next: Convert"),
        (DONE | {"convert": Done("lucas", NOW)}, "2 of 2 steps done"),
    ],
)
def test_how_far_a_renewal_is(done: dict[str, Done], words: str) -> None:
    assert certificate_detail.renewal_words(PROCEDURE, done) == words


def test_each_step_says_who_did_it_when() -> None:
    first, second = procedure_dialog.rows(PROCEDURE, DONE, NOW, ZONE)
    assert [cell.plain for cell in first.cells] == ["✔  1  Visit", "lucas", "Thu 5:00"]
    assert [cell.plain for cell in second.cells] == ["○  2  Convert", "", ""]


def test_a_step_shows_command_and_check_with_the_real_names() -> None:
    values = {"certificate": "/c/my mdm.cer", "pem": "/c/mdm.pem", "topic": TOPIC}
    shown = procedure_dialog.about(STEPS[1], values).plain
    assert "$ openssl x509 -in '/c/my mdm.cer' -out /c/mdm.pem" in shown
    assert f"Done when: UID={TOPIC} is there" in shown
    assert PROCEDURE.short == "It ends every year"


# Verifying -----------------------------------------------------------------------------------------------------------


def line(finding: Finding, new: str = "new") -> Line:
    """An answer."""
    return Line("Same topic", finding, "old", new, "Every device would have to enrol again.")


@pytest.mark.parametrize(
    ("findings", "conclusion", "consequences"),
    [
        ([Finding.PASS, Finding.PASS], "✔ It may be put in place: all 2 checks passed.", 0),
        ([Finding.PASS, Finding.FAIL], "✖ Do not put it in place: 1 of 2 checks failed.", 1),
        ([Finding.UNTOLD, Finding.PASS], "? Nothing speaks against it, but 1 of 2 checks could not be made.", 1),
    ],
)
def test_the_comparison_concludes(findings: list[Finding], conclusion: str, consequences: int) -> None:
    shown = [content.plain for content in comparison([line(one) for one in findings], 100)]
    assert shown[0] == conclusion
    assert sum("enrol again" in one for one in shown) == consequences


@pytest.mark.parametrize("width", [70, 106])
def test_old_and_new_stand_in_columns_and_nothing_is_cut(width: int) -> None:
    shown: list[Content] = list(comparison([line(Finding.FAIL, TOPIC)], width))
    assert max(content.cell_length for content in shown) <= width
    column = shown[1].plain.index("renewed")
    assert "".join(content.plain[column:].strip() for content in shown[2:] if content.plain[:3] != "  E") == TOPIC


# Paths ---------------------------------------------------------------------------------------------------------------


def test_a_path_is_completed_to_what_is_there(tmp_path: Any) -> None:
    (tmp_path / "mdm.cer").touch()
    (tmp_path / "folder").mkdir()
    assert completed(f"{tmp_path}/md") == f"{tmp_path}/mdm.cer"
    assert completed(f"{tmp_path}/fo") == f"{tmp_path}/folder/"
    assert completed(f"{tmp_path}/nothing") is None
    assert completed(f"{tmp_path}/nowhere/x") is None
    assert completed(f"{tmp_path}/") is None
    assert completed("~nobody-at-all/x") is None
