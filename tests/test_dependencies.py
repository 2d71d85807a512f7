"""The table of dependencies: versions as others write them, verdicts, and the issues that the rule asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet_tui.domain.dependencies import Dependency, Verdict, are_settled, table, unfiled
from fleet_tui.domain.dependency_issues import OpenIssue, already_filed
from fleet_tui.domain.fleetd_qa import fleetd_qa
from fleet_tui.domain.problem import Cause, Problem
from fleet_tui.domain.upstream import Changes, Commit, Download, News, Release, Sources
from fleet_tui.domain.versions import go_version, latest_tag, pinned, required, version
from tests.helpers import NOW, ago, config

EXTENSION = "github.com/macadmins/osquery-extension"
PROBLEM = Problem("GitHub", Cause.OFFLINE, "GitHub cannot be reached.")
CURRENT, BEHIND, UNKNOWN = Verdict.CURRENT, Verdict.BEHIND, Verdict.UNKNOWN
LAST_RELEASE = ago(days=20)


def module(go: str = "go 1.22.1", extension: str = f"{EXTENSION} v1.0.2") -> str:
    return (
        f"module github.com/fleetdm/fleet/v4\n\n{go}\n\nrequire (\n\tgithub.com/go-kit/kit v0.12.0\n\t{extension}\n)\n"
    )


def downloads(*names: str) -> tuple[Download, ...]:
    """Those with a `?` are marked as unstable."""
    return tuple(Download(name.rstrip("?"), stable=not name.endswith("?")) for name in names)


def releases(*tags: str) -> tuple[Release, ...]:
    """Those with a `?` are marked as prereleases, those with a `!` are drafts."""
    return tuple(
        Release(tag.rstrip("?!"), f"https://x/{tag}", NOW, tag.endswith("?"), tag.endswith("!")) for tag in tags
    )


def commit(title: str = "Fix it", days: int = 3) -> Commit:
    return Commit("c0ffee0123456789", title, ago(days=days), "https://x/commit")


SOURCES = Sources(
    module=module(),
    workflow="env:\n  OSQUERY_VERSION: 5.12.1\n",
    go=downloads("go1.22.1", "go1.21.8"),
    extension=releases("v1.0.2"),
    osquery=releases("5.12.1"),
    components=tuple(Changes(name, "v1.0.0") for name in ("Orbit", "Desktop", "Chrome extension")),
    news=(News("An old one about feeds", "", "https://x", ago(days=30)),),
    last_release=LAST_RELEASE,
)


def row(name: str, on_call: str = "mna", **changed: object) -> Dependency:
    """One row of the table of `SOURCES`, some of which are changed."""
    rows = {one.name: one for one in table(replace(SOURCES, **changed), config(), on_call)}
    return rows[name]


def test_everything_current_is_settled() -> None:
    rows = table(SOURCES, config(), "mna")
    assert [one.name for one in rows] == [
        "Go (patch)", "Go (minor)", "macadmins extension", "osquery", "Orbit", "Desktop", "Chrome extension",
        "CISA", "NVD",
    ]  # fmt: skip
    assert {one.verdict for one in rows} == {CURRENT, Verdict.BY_HAND}
    assert are_settled(rows)
    assert rows[-1].url.startswith("https://nvd.nist.gov/")


# Versions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("go", "listed", "patch", "minor"),
    [
        pytest.param("go 1.22.1", ["go1.22.1", "go1.21.8"], CURRENT, CURRENT, id="newest of all"),
        pytest.param("go 1.22.1", ["go1.22.2", "go1.21.9"], BEHIND, CURRENT, id="a patch behind"),
        pytest.param("go 1.21.8", ["go1.22.1", "go1.21.8"], CURRENT, BEHIND, id="a line behind"),
        pytest.param("go 1.21.7", ["go1.22.1", "go1.21.8"], BEHIND, BEHIND, id="both behind"),
        pytest.param("go 1.22.9", ["go1.22.10"], BEHIND, CURRENT, id="patches order as numbers"),
        pytest.param("go 1.9.7", ["go1.10.1", "go1.9.7"], CURRENT, BEHIND, id="lines order as numbers"),
        pytest.param("go 1.22.1", ["go1.23rc1?", "go1.22.1"], CURRENT, CURRENT, id="a candidate is no version"),
        pytest.param("go 1.22.1", ["go1.22.2?", "go1.22.1"], CURRENT, CURRENT, id="nor is what is marked unstable"),
        pytest.param("go 1.22.1", ["go1.23beta1", "go1.22.1"], CURRENT, CURRENT, id="nor a beta that is not marked"),
        pytest.param("go 1.23rc2", ["go1.23.0", "go1.22.6"], BEHIND, CURRENT, id="built with a candidate"),
        pytest.param("go 1.24rc1", ["go1.23.4", "go1.22.9"], CURRENT, CURRENT, id="ahead of the list"),
        pytest.param("go 1.22.3", ["go1.22.2"], CURRENT, CURRENT, id="ahead by a patch"),
        pytest.param("go 1.20.14", ["go1.22.1", "go1.21.8"], UNKNOWN, BEHIND, id="a line without patches"),
        pytest.param("go 1.22", ["go1.22.1"], UNKNOWN, CURRENT, id="go.mod names no patch"),
        pytest.param("go 1.21", ["go1.22.1", "go1.21.8"], UNKNOWN, BEHIND, id="neither patch nor the newest line"),
        pytest.param("go 1.22.0\n\ntoolchain go1.22.2", ["go1.22.2"], CURRENT, CURRENT, id="the toolchain's patch"),
        pytest.param("go 1.22\ntoolchain go1.22.1", ["go1.22.2"], BEHIND, CURRENT, id="the toolchain is behind"),
        pytest.param("go 1.22.3\ntoolchain go1.22.1", ["go1.22.3"], CURRENT, CURRENT, id="an older toolchain"),
        pytest.param("go 1.22.1 // not 1.22.9", ["go1.22.2"], BEHIND, CURRENT, id="a comment behind it"),
        pytest.param("// go 1.22.2\ngo 1.22.1", ["go1.22.2"], BEHIND, CURRENT, id="a comment before it"),
        pytest.param("", ["go1.22.2"], UNKNOWN, UNKNOWN, id="no go line"),
        pytest.param("go 1.22.1", [], UNKNOWN, UNKNOWN, id="an empty list"),
        pytest.param("go 1.22.1", ["go2.0.0", "go1.22.1"], CURRENT, BEHIND, id="another major version"),
    ],
)
def test_go(go: str, listed: list[str], patch: Verdict, minor: Verdict) -> None:
    text, offered = module(go), downloads(*listed)
    found = [row(name, module=text, go=offered).verdict for name in ("Go (patch)", "Go (minor)")]
    assert found == [patch, minor]


@pytest.mark.parametrize(
    ("line", "listed", "verdict"),
    [
        pytest.param(f"{EXTENSION} v1.0.2", ["v1.0.2", "v1.0.1"], CURRENT, id="newest"),
        pytest.param(f"{EXTENSION} v1.0.1", ["v1.0.1", "v1.0.2"], BEHIND, id="behind, in any order"),
        pytest.param(f"{EXTENSION} v1.0.2 // indirect", ["v1.0.3"], BEHIND, id="indirect"),
        pytest.param(f"{EXTENSION}/v2 v2.0.1", ["v2.0.1"], CURRENT, id="a second major version"),
        pytest.param(f"{EXTENSION} v1.0.2", ["v1.1.0?", "v1.0.2"], CURRENT, id="a prerelease is left out"),
        pytest.param(f"{EXTENSION} v1.0.2", ["v1.1.0!", "v1.0.2"], CURRENT, id="a draft is left out"),
        pytest.param(f"{EXTENSION} v1.0.2", ["v1.1.0-beta.1", "v1.0.2"], CURRENT, id="a beta that is not marked"),
        pytest.param(f"{EXTENSION} v1.0.2", ["nightly", "v1.0.2"], CURRENT, id="a tag that is no version"),
        pytest.param(f"{EXTENSION} v1.0.3-0.20240101120000-0123456789ab", ["v1.0.2"], UNKNOWN, id="at a commit"),
        pytest.param("github.com/other/module v1.0.0", ["v1.0.2"], UNKNOWN, id="not required"),
        pytest.param(f"{EXTENSION} v1.0.2", ["nightly", "v2.0.0?"], UNKNOWN, id="no stable release"),
        pytest.param(f"{EXTENSION} v1.0.2", [], UNKNOWN, id="no release at all"),
    ],
)
def test_the_extension(line: str, listed: list[str], verdict: Verdict) -> None:
    found = row("macadmins extension", module=module(extension=line), extension=releases(*listed))
    assert found.verdict is verdict
    assert found.blocks is (verdict is BEHIND)


@pytest.mark.parametrize(
    ("workflow", "listed", "verdict"),
    [
        pytest.param("env:\n  OSQUERY_VERSION: 5.12.1", ["5.12.1"], CURRENT, id="newest"),
        pytest.param("env:\n  OSQUERY_VERSION: 5.9.1", ["5.12.1"], BEHIND, id="behind"),
        pytest.param('env:\n  OSQUERY_VERSION: "5.12.1" # of May', ["5.12.1"], CURRENT, id="quoted, with a comment"),
        pytest.param("env:\n  OSQUERY_VERSION: 5.13.0", ["5.12.1"], CURRENT, id="ahead"),
        pytest.param("env:\n  OSQUERY_VERSION: ${{ vars.OSQUERY }}", ["5.12.1"], UNKNOWN, id="a variable elsewhere"),
        pytest.param(
            "a:\n  OSQUERY_VERSION: 5.1.0\nb:\n  OSQUERY_VERSION: 5.2.0", ["5.2.0"], UNKNOWN, id="two of them"
        ),
        pytest.param("# OSQUERY_VERSION: 5.12.1", ["5.12.1"], UNKNOWN, id="in a comment alone"),
        pytest.param("env: {}", ["5.12.1"], UNKNOWN, id="not there"),
    ],
)
def test_osquery(workflow: str, listed: list[str], verdict: Verdict) -> None:
    found = row("osquery", workflow=workflow, osquery=releases(*listed))
    assert (found.verdict, found.blocks) == (verdict, False)


def test_what_replaces_the_extension_is_what_is_built() -> None:
    text = module(extension=f"{EXTENSION} v1.0.2")
    assert str(required(text + f"replace {EXTENSION} => {EXTENSION} v1.0.1\n", EXTENSION)) == "1.0.1"
    assert required(text + f"replace {EXTENSION} => github.com/fleetdm/fork v1.0.9\n", EXTENSION) is None
    assert required(text + f"replace {EXTENSION} => ../fork\n", EXTENSION) is None


@given(st.integers(1, 9), st.integers(0, 99), st.integers(0, 99))
def test_a_version_reads_the_same_in_all_spellings(major: int, minor: int, patch: int) -> None:
    plain = f"{major}.{minor}.{patch}"
    assert {version(plain), version(f"v{plain}"), version(f"go{plain}")} == {version(plain)}
    assert go_version(f"go {plain}\n") == pinned(f"V: {plain}", "V") == version(plain)


def test_the_latest_tag_is_the_highest_stable_one() -> None:
    tags = ["orbit-v1.9.0", "orbit-v1.22.0", "orbit-v1.23.0-beta.1", "orbit-v1.x", "fleet-v4.44.0", "orbit-vnext"]
    assert latest_tag(tags, "orbit-v") == "orbit-v1.22.0"
    assert latest_tag(tags, "fleetd-chrome-v") is None


# What cannot be told -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("module", {"Go (patch)", "Go (minor)", "macadmins extension"}),
        ("workflow", {"osquery"}),
        ("go", {"Go (patch)", "Go (minor)"}),
        ("extension", {"macadmins extension"}),
        ("osquery", {"osquery"}),
        ("news", {"CISA"}),
        ("last_release", {"CISA"}),
    ],
)
def test_a_source_that_fails_takes_its_own_rows_and_no_others(source: str, names: set[str]) -> None:
    rows = table(replace(SOURCES, **{source: PROBLEM}), config(), "")
    unknown = {one.name: one.action for one in rows if one.verdict is UNKNOWN}
    assert unknown == dict.fromkeys(names, PROBLEM.text)
    assert not are_settled(rows)


def test_a_component_that_cannot_be_read() -> None:
    found = row("Orbit", components=(PROBLEM, *SOURCES.components[1:]))
    assert (found.verdict, found.action) == (UNKNOWN, PROBLEM.text)


# Components and news -------------------------------------------------------------------------------------------------


def test_a_component_that_has_changed_asks_for_a_fleetd_qa_issue() -> None:
    changed = Changes("Orbit", "orbit-v1.22.0", (commit(), commit("Older", days=9)))
    found = row("Orbit", components=(changed, *SOURCES.components[1:]))
    assert (found.verdict, found.product, found.latest) == (Verdict.CHANGED, "orbit-v1.22.0", "2 commits since")
    assert found.action == "Open a fleetd release QA issue."


def test_a_component_without_a_stable_release_cannot_be_told() -> None:
    found = row("Chrome extension", components=(*SOURCES.components[:2], Changes("Chrome extension", None)))
    assert (found.verdict, found.action) == (UNKNOWN, "There is no stable release: no tag fleetd-chrome-v*.")


TEMPLATE = """\
---
title: "Release QA:"
labels: ":release"
---
# Fleet core

<table><tr><td>Login</td><td>1.</td><td>In</td><td>pass/fail</td></tr></table>

# `fleetd` agent

Includes updates to:
- Orbit: True / False
- Desktop: True / False
- Chrome extension: True / False
"""


def test_the_fleetd_qa_issue_names_what_has_changed_and_since_when() -> None:
    orbit = Changes("Orbit", "orbit-v1.22.0", (commit("Bump @babel/core (#7)"),))
    issue = fleetd_qa(TEMPLATE, "1.23.0", [orbit, Changes("Desktop", "orbit-v1.22.0")])
    assert issue is not None
    assert (issue.title, issue.labels) == ("Release QA: 1.23.0", (":release",))
    assert "- Orbit: True\n- Desktop: False\n- Chrome extension: False" in issue.body
    assert "Fleet core" not in issue.body
    assert "Orbit, since orbit-v1.22.0:\n\n- c0ffee01 Bump @<!-- -->babel/core (#7)" in issue.body
    assert fleetd_qa(TEMPLATE, "1.23.0", [Changes("Orbit", "orbit-v1.22.0"), Changes("Desktop", None)]) is None


@pytest.mark.parametrize(
    ("title", "days", "verdict"),
    [
        pytest.param("KEV JSON schema changes", 3, Verdict.NEWS, id="about a feed"),
        pytest.param("Retirement of legacy downloads", 3, Verdict.NEWS, id="something ends"),
        pytest.param("KEV JSON schema changes", 25, CURRENT, id="before the last release"),
        pytest.param("CISA Adds One Known Exploited Vulnerability", 3, CURRENT, id="not about feeds"),
        pytest.param("Feedback wanted", 3, CURRENT, id="a word that only begins so"),
    ],
)
def test_cisa(title: str, days: int, verdict: Verdict) -> None:
    found = row("CISA", news=(News(title, "", "https://x/1", ago(days=days)), *SOURCES.news))  # type: ignore[misc]
    assert found.verdict is verdict
    assert (found.action == "Tell @mna.") is (verdict is Verdict.NEWS)


def test_news_without_a_date_may_be_new() -> None:
    assert row("CISA", news=(News("The feed moves", "", "https://x", None),)).verdict is Verdict.NEWS


def test_a_feed_that_does_not_reach_back_to_the_release_tells_nothing() -> None:
    found = row("CISA", news=(News("Something", "", "https://x", LAST_RELEASE + timedelta(days=1)),))
    assert (found.verdict, found.action) == (UNKNOWN, "The feed does not reach back to the last release, 16 May.")


# Issues --------------------------------------------------------------------------------------------------------------


def test_each_rule_asks_for_its_issue() -> None:
    behind = {
        "module": module("go 1.21.7", f"{EXTENSION} v1.0.1"),
        "go": downloads("go1.22.1", "go1.21.8"),
        "osquery": releases("5.13.0"),
    }
    rows = {one.name: one for one in table(replace(SOURCES, **behind), config(), "mna") if one.filing}
    told = {
        name: (one.filing.title, one.filing.labels, one.blocks, one.action) for name, one in rows.items() if one.filing
    }
    bug, blocks = ("bug", ":reproduce"), "File a bug: it blocks the release."
    assert told == {
        "Go (patch)": ("Update Go to 1.21.8", (*bug, "~release blocker"), True, blocks),
        "Go (minor)": ("Update Go to 1.22.1", ("story",), False, "File a story: it does not block the release."),
        "macadmins extension": (
            "Update the macadmins osquery-extension to 1.0.2", (*bug, "~release blocker"), True, blocks,
        ),
        "osquery": ("Update osquery to 5.13.0", bug, False, "File a bug: it does not block the release."),
    }  # fmt: skip
    assert {one.filing.assignees for one in rows.values() if one.filing} == {("lukeheath", "mna")}
    extension, osquery = rows["macadmins extension"].filing, rows["osquery"].filing
    assert extension is not None
    assert osquery is not None
    assert "New tables may need code" in extension.body
    assert "https://x/v1.0.2" in extension.body
    assert "changed flags" in osquery.body


@pytest.mark.parametrize(("on_call", "assignees"), [("", ("lukeheath",)), ("lukeheath", ("lukeheath",))])
def test_nobody_is_assigned_twice_or_without_a_name(on_call: str, assignees: tuple[str, ...]) -> None:
    filing = row("Go (patch)", on_call, go=downloads("go1.22.2")).filing
    assert filing is not None
    assert filing.assignees == assignees


def test_whether_it_blocks_follows_from_the_labels_in_the_settings() -> None:
    settings = config(dependencies={"go_patch_labels": ("bug", "~release-blocker"), "osquery_labels": ("story",)})
    changed = replace(SOURCES, go=downloads("go1.22.2"), osquery=releases("5.13.0"))
    rows = {one.name: one for one in table(changed, settings)}
    assert rows["Go (patch)"].blocks
    assert rows["osquery"].action == "File a story: it does not block the release."


def test_an_issue_is_known_again_by_its_marker_or_its_title() -> None:
    wanted = row("Go (patch)", go=downloads("go1.22.3")).filing
    earlier = row("Go (patch)", go=downloads("go1.22.2")).filing
    other = row("osquery", osquery=releases("5.13.0")).filing
    assert wanted is not None
    assert earlier is not None
    assert other is not None
    crlf = earlier.body.replace("\n", "\r\n")
    by_marker = OpenIssue(1, "Renamed since", crlf, "")
    by_title = OpenIssue(2, " update GO to 1.22.3", "by hand", "")
    stranger, quoting = OpenIssue(3, other.title, other.body, ""), OpenIssue(4, "x", f"> {wanted.body}", "")
    assert already_filed(wanted, [stranger, by_marker]) is by_marker
    assert already_filed(wanted, [stranger, by_title]) is by_title
    assert already_filed(wanted, [stranger]) is None
    assert already_filed(wanted, [replace(quoting, body="`<!-- fleet-tui dependency: go-patch -->`")]) is None


def test_the_release_waits_for_what_blocks_it_and_is_not_filed() -> None:
    waits = Dependency("Go (patch)", "1.21.7", "1.21.8", Verdict.BEHIND, blocks=True)
    others = (
        replace(waits, name="filed", filed=17301),
        replace(waits, name="no matter", blocks=False),
        replace(waits, name="fine", verdict=Verdict.CURRENT),
    )
    assert unfiled([waits, *others]) == ("Go (patch) is behind, and no bug is filed for it",)


def test_the_release_waits_for_what_may_block_it_and_could_not_be_read() -> None:
    rows = table(replace(SOURCES, go=PROBLEM, osquery=PROBLEM), config())
    assert {row.name for row in rows if row.verdict is UNKNOWN} == {"Go (patch)", "Go (minor)", "osquery"}
    assert unfiled(rows) == ("nobody can tell whether Go (patch) is behind",)
    unpinned = table(replace(SOURCES, module=module(go="go 1.22")), config())
    assert unfiled(unpinned) == (), "that would hold it up for good: a person has to look"
