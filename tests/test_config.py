"""Settings: strict reading, all faults at once, and the reference made from the schema."""

from __future__ import annotations

import re
import sys
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.config import kinds, reference, toml
from fleet_tui.config.load import ConfigError, ConfigProblem, load, parse
from fleet_tui.config.rules import RULES, is_loopback
from fleet_tui.config.schema import FLEET_GROUPS, Addresses, Config, Freeze, Group, Team
from fleet_tui.config.section import Section

ROOT = Path(__file__).parents[1]


def faults(text: str, **options: Any) -> dict[str, str]:
    """The sentence for each key at fault."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml", **options)
    assert all(problem.file == "c.toml" for problem in caught.value.problems)
    return {problem.key: problem.sentence for problem in caught.value.problems}


# Reading ------------------------------------------------------------------------------------------------------------


def test_nothing_set_is_the_default() -> None:
    assert parse("", "c.toml") == Config()


def test_what_is_set_is_taken() -> None:
    config = parse(
        """
        [team]
        repository = "acme/rocket.io"
        zone = "Europe/Berlin"
        holidays = [2026-12-25]
        [freeze]
        weekday = "friday"
        time = 17:30:00
        [release]
        known_date = 2026-01-05
        [labels]
        bug = ["bug", ":bug:"]
        [[groups]]
        label = "core"
        manager = "mia"
        qa_lead = "quin"
        [keys]
        "freeze.unfreeze" = "U"
        """,
        "c.toml",
    )
    assert (config.owner, config.repository_name) == ("acme", "rocket.io")
    assert config.team.zone == ZoneInfo("Europe/Berlin")
    assert config.team.holidays == (date(2026, 12, 25),)
    assert (config.freeze.weekday, config.freeze.time) == ("friday", time(17, 30))
    assert config.release.known_date == date(2026, 1, 5)
    assert config.labels.bug == ("bug", ":bug:")
    assert config.groups == (Group(label="core", manager="mia", qa_lead="quin"),)
    assert config.keys == {"freeze.unfreeze": "U"}
    assert config.polling == Config().polling


def test_no_groups_at_all_is_a_choice() -> None:
    assert parse("groups = []", "c.toml").groups == ()


def test_all_faults_are_listed_at_once_in_the_order_of_the_file() -> None:
    text = """
        [polling]
        freeze = 5
        pulls = "abc"
        [team]
        branch = ""
        working_days = ["monday", "mon"]
        [[groups]]
        label = "core"
        manager = "mia"
        qa_lead = "quin"
        [[groups]]
        label = 3
        manager = "@mia"
    """
    assert list(faults(text)) == [
        "polling.freeze",
        "polling.pulls",
        "team.branch",
        "team.working_days[1]",
        "groups[1].label",
        "groups[1].manager",
        "groups[1].qa_lead",
    ]


@pytest.mark.parametrize(
    ("text", "key", "sentence"),
    [
        ("[polling]\nfreeze = 5", "polling.freeze", "must be a whole number from 20 to 86400, not 5"),
        ('[polling]\nfreeze = "abc"', "polling.freeze", 'must be a whole number from 20 to 86400, not "abc"'),
        ("[polling]\nfreeze = true", "polling.freeze", "must be a whole number from 20 to 86400, not true"),
        ("[polling]\nfreeze = 60.5", "polling.freeze", "must be a whole number from 20 to 86400, not 60.5"),
        ("[display]\nclock_24h = 1", "display.clock_24h", "must be `true` or `false`, not 1"),
        ("team = 3", "team", "must be a table (`[team]`), not 3"),
        ("groups = 3", "groups", "must be a list, not 3"),
        ("groups = [3]", "groups[0]", "must be a table (`[[groups]]`), not 3"),
        ("keys = 3", "keys", "must be a table (`[keys]`), not 3"),
        (
            "[keys]\nfreeze.unfreeze = 'U'",
            "keys.freeze",
            "must be text, not a table; a name with dots stands in quotes",
        ),
        ("[labels]\nbug = []", "labels.bug", "must be a list, not empty, not an empty list"),
        ('[labels]\nbug = "bug"', "labels.bug", 'must be a list, not empty, not "bug"'),
        ("[team]\nworking_days = []", "team.working_days", "must be a list, not empty, not an empty list"),
        ('[team]\nbranch = "a\\u001bb"', "team.branch", 'must be one line without control characters, not "a\\u001Bb"'),
        ("[team]\nzone = 'Mars/Base'", "team.zone", None),
        ("[team]\nzone = 'America'", "team.zone", None),
        ("[team]\nzone = '../../etc/passwd'", "team.zone", None),
        ("[team]\nrepository = 'fleet'", "team.repository", None),
        ("[team]\nrepository = 'fleetdm/..'", "team.repository", None),
        ("[team]\nrelease_dri = '@luke'", "team.release_dri", 'must be a GitHub login, without `@`, not "@luke"'),
        ('[freeze]\ntime = "09:00:00"', "freeze.time", None),
        ("[team]\nholidays = [2026-12-25T10:00:00]", "team.holidays[0]", None),
        ("[freeze]\napproval_pattern = '('", "freeze.approval_pattern", None),
        ("[freeze]\napproval_pattern = '.*'", "freeze.approval_pattern", None),
    ],
)
def test_a_wrong_value_is_explained(text: str, key: str, sentence: str | None) -> None:
    found = faults(text)
    assert list(found) == [key]
    if sentence:
        assert found[key] == sentence


def test_the_nearest_zone_is_proposed() -> None:
    assert "`America/Los_Angeles`?" in faults("[team]\nzone = 'America/LosAngeles'")["team.zone"]


@pytest.mark.parametrize(
    ("text", "key", "advice"),
    [
        ("[poling]", "poling", "did you mean `polling`?"),
        ("[team]\nrepositry = 'a/b'", "team.repositry", "did you mean `repository`?"),
        ("repository = 'a/b'", "repository", "it belongs to `team.repository`"),
        ("[tokens]\ngithub = 'x'", "tokens.github", "fleet-tui auth set"),
        ("github_token = 'x'", "github_token", "fleet-tui auth set"),
        ("[team]\n'od d' = 1", 'team."od d"', "is no setting"),
    ],
)
def test_an_unknown_key_is_refused_with_what_was_meant(text: str, key: str, advice: str) -> None:
    assert advice in faults(text)[key]


def test_a_token_in_the_file_is_not_repeated() -> None:
    assert "ghp_sesame" not in str(
        faults("[tokens]\ngithub = 'ghp_sesame'\n[addresses]\ngithub = 'https://u:ghp_sesame@h'")
    )


def test_two_groups_of_one_label_are_refused() -> None:
    group = '[[groups]]\nlabel = "core"\nmanager = "a"\nqa_lead = "b"\n'
    assert faults(group + group) == {"groups": 'has several groups with the label "core"; keep one'}


# Addresses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["https://api.github.com", "https://h/api/v3", "http://127.0.0.1:8080/github", "http://127.9.9.9", "http://[::1]:1",
     "http://localhost:99"],
)  # fmt: skip
def test_a_safe_address_is_taken(address: str) -> None:
    assert parse(f"[addresses]\ngithub = '{address}'", "c.toml").addresses.github == address


@pytest.mark.parametrize(
    "address",
    ["", "api.github.com", "http://api.github.com", "http://127.0.0.1.evil.com", "http://localhost.evil.com", "ftp://h",
     "https://", "https:///x", "https://user@h", "https://u:p@h", "http://127.0.0.1@evil.com", "https://h?access_token=x",
     "https://h/#x", "https://h:port", "https://[::1", "https://a b", "https://h\\@evil.com", "file:///etc/passwd",
     "http://0.0.0.0", "http://10.0.0.1"],
)  # fmt: skip
def test_an_unsafe_address_is_refused(address: str) -> None:
    assert list(faults(f"[addresses]\nmerge_freeze = '{address}'")) == ["addresses.merge_freeze"]


def test_a_slash_at_the_end_of_an_address_goes() -> None:
    assert parse("[addresses]\ngithub = 'https://h/api/v3//'", "c.toml").addresses.github == "https://h/api/v3"


@pytest.mark.parametrize(
    ("text", "key", "fault"),
    [
        ("[team]\nday_ends = 09:00:00", "team", "must have `day_ends` after `day_starts`"),
        ("[team]\nday_starts = 22:00:00\nday_ends = 06:00:00", "team", "must have `day_ends` after `day_starts`"),
        ("[bugs]\nping_after_days = 28", "bugs", "must have `close_after_days` above `ping_after_days`, which is 28"),
        ("[bugs.filters]\nlate = ''", "bugs.filters.late", "must be text that is not empty"),
    ],
)
def test_settings_that_contradict_each_other(text: str, key: str, fault: str) -> None:
    found = faults(text)
    assert list(found) == [key]
    assert found[key].startswith(fault)


def test_a_section_is_judged_only_when_all_in_it_is_right() -> None:
    assert list(faults("[team]\nday_ends = 09:00:00\nbranch = 3")) == ["team.branch"]


def test_saved_filters_read_back() -> None:
    config = parse('[bugs.filters]\n"mdm, late" = "group:mdm is:overdue"', "c.toml")
    assert config.bugs.filters == {"mdm, late": "group:mdm is:overdue"}
    assert parse(reference.show(config), "c.toml") == config


def test_every_address_is_under_the_rule() -> None:
    for field in msgspec.structs.fields(Addresses):
        assert kinds.meta(field.type, "extra") == {"rule": "address"}, field.name


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback(host + ".example.com")


# Keys ---------------------------------------------------------------------------------------------------------------


def test_keys_are_checked_when_the_app_says_what_there_is() -> None:
    text = '[keys]\n"freeze.unfreze" = "U"\n"freeze.lift" = "nonsense"\nquit = "q"'
    assert parse(text, "c.toml").keys["quit"] == "q"
    found = faults(
        text,
        known_keys={"freeze.unfreeze", "freeze.lift", "quit"},
        check_key=lambda name: None if len(name) == 1 else "is no key",
    )
    assert found == {
        'keys."freeze.unfreze"': "is no action; did you mean `freeze.unfreeze`?",
        'keys."freeze.lift"': "is no key",
    }


# Files --------------------------------------------------------------------------------------------------------------


def test_a_syntax_error_has_line_and_column() -> None:
    assert faults("[team]\nbranch = ?\n")[""].startswith("line 2, column 10: ")
    assert faults("[team]\nbranch =")[""].startswith("end of the file: ")


def test_an_hour_without_seconds_gets_the_right_advice() -> None:
    assert faults("[freeze]\r\ntime = 9:00 # early\r\n")[""].endswith("An hour is written with seconds: `09:00:00`")


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "1" * 5000, 'x = "\x1b]0;x\x07"', "x = '''"])
def test_what_is_no_toml_is_said_harmlessly(text: str) -> None:
    sentence = faults(text)[""]
    assert sentence
    assert sentence.isprintable()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe[team]", "is not UTF-8 text"), (b"[team\n", "line 1, column 6"), (None, "cannot be read")],
)
def test_an_unreadable_file_is_a_fault_of_the_file(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[team]\nbranch = 'trunk'\n")
    assert load(path).team.branch == "trunk"


# Properties ---------------------------------------------------------------------------------------------------------

names = st.sampled_from([field.name for field in msgspec.structs.fields(Config)]) | st.text(max_size=8)
inner_names = st.sampled_from(
    ["repository", "zone", "label", "manager", "qa_lead", "time", "weekday", "freeze", "known_date", "github", "bug",
     "approval_pattern", "holidays", "working_days", "theme"]
) | st.text(max_size=8)  # fmt: skip
scalars = (
    st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.dates() | st.times() | st.datetimes()
    | st.sampled_from(["a/b", "monday", "https://x", "http://[", "(", "[[:x:]]", "America/Los_Angeles", 60])
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(inner_names, part, max_size=4),
    max_leaves=12,
)


def problems(text: str) -> tuple[ConfigProblem, ...] | None:
    """The problems of `text`; None when it is valid. Any other exception is a failure."""
    try:
        parse(text, "c.toml")
    except ConfigError as error:
        return error.problems
    return None


def written(table: dict[str, Any]) -> str:
    return "".join(f"{toml.key(name)} = {inline(value)}\n" for name, value in table.items())


def inline(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{toml.key(name)} = {inline(part)}" for name, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(inline, value)) + "]"
    return toml.literal(value)


@given(st.text(max_size=80))
def test_any_text_is_settings_or_a_config_error(text: str) -> None:
    said = problems(text)
    assert said is None or (said and all(problem.sentence for problem in said))


@given(st.dictionaries(names, st.dictionaries(inner_names, values, max_size=4) | values, max_size=4))
def test_any_table_is_settings_or_a_config_error(table: dict[str, Any]) -> None:
    for problem in problems(written(table)) or ():
        assert problem.key, f"the table was written wrongly: {problem}"
        assert str(problem).isprintable()


@given(st.text())
def test_a_literal_reads_as_the_text_it_was_made_of(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"{toml.key(text)} = {toml.literal(text)}") == {text: text}


# Reference ----------------------------------------------------------------------------------------------------------


def test_the_reference_is_current() -> None:
    current = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    assert current == reference.markdown(), "run: python -m fleet_tui.config.reference --write"


def every_setting() -> list[str]:
    return [
        setting.name
        for field in msgspec.structs.fields(Config)
        if (section := reference.section_of(field))
        for setting in msgspec.structs.fields(section)
    ]


def test_every_setting_is_explained() -> None:
    for field in msgspec.structs.fields(Config):
        section: type[Section] | None = reference.section_of(field)
        for setting in msgspec.structs.fields(section) if section else ():
            assert kinds.meta(setting.type, "description"), f"{field.name}.{setting.name}"
    assert len(every_setting()) > 30


def test_the_template_is_valid_and_changes_nothing() -> None:
    assert parse(reference.template(), "c.toml") == Config()


def test_the_template_without_its_comment_signs_is_the_default() -> None:
    uncommented = re.sub(r"^#(?=\S)", "", reference.template(), flags=re.MULTILINE)
    for name in every_setting():
        assert re.search(rf"^(# )?{name} = ", uncommented, re.MULTILINE), name
    config = parse(uncommented, "c.toml")
    assert config == Config()
    assert config.groups == FLEET_GROUPS


def test_what_is_shown_reads_as_the_same_settings() -> None:
    config = Config(
        team=Team(branch='wei"rd', zone=ZoneInfo("Asia/Kolkata"), holidays=(date(2026, 1, 1),)),
        freeze=Freeze(approval_pattern=r"^it's \d+$", deep_hours=48),
        groups=(Group(label="core", manager="mia", qa_lead="quin"),),
        keys={"freeze.unfreeze": "U"},
    )
    shown = reference.show(config)
    assert parse(shown, "c.toml") == config
    marked = [line.split(" = ")[0] for line in shown.splitlines() if line.endswith("# set")]
    assert marked == [
        "branch",
        "zone",
        "holidays",
        "[[groups]]  # set",
        "deep_hours",
        "approval_pattern",
        '"freeze.unfreeze"',
    ]


@pytest.mark.parametrize("config", [Config(), Config(groups=())], ids=["default", "no groups"])
def test_defaults_are_shown_unmarked(config: Config) -> None:
    shown = reference.show(config)
    assert parse(shown, "c.toml") == config
    assert shown.count("# set") == (config != Config())


def test_all_rules_are_used() -> None:
    used = set()
    for field in msgspec.structs.fields(Config):
        section = reference.section_of(field)
        hints = [field.type, *(setting.type for setting in (msgspec.structs.fields(section) if section else ()))]
        used |= {(kinds.meta(hint, "extra") or {}).get("rule") for hint in hints}
    assert used - {None} == set(RULES)


def test_the_module_prints_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    reference._main([])
    assert capsys.readouterr().out == reference.markdown()


def test_settings_import_nothing_heavy() -> None:
    import subprocess

    code = (
        "import sys, fleet_tui.config.load, fleet_tui.config.reference\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'textual', 'httpx', 'keyring', 'rich', 'asyncio'}))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
