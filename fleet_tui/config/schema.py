"""What a team can set, with Fleet's practice as the default.

One frozen struct a section of the TOML file; the description of each field is its documentation (docs/config.md is
made from it). The rules in `fleet_tui.domain` take these values as arguments.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from fleet_tui.config.alerts import Alerts
from fleet_tui.config.bugs import Bugs
from fleet_tui.config.certificates import Certificates
from fleet_tui.config.dependencies import Dependencies
from fleet_tui.config.on_call import OnCall
from fleet_tui.config.section import (
    LOGIN,
    Address,
    Label,
    Labels,
    Login,
    OptionalLogin,
    Seconds,
    Section,
    Weekday,
)
from fleet_tui.config.slack import Slack


class Team(Section, frozen=True, kw_only=True):
    """Who and where the team is."""

    repository: Annotated[
        str,
        Meta(
            pattern=rf"^{LOGIN}/(?!\.{{1,2}}\Z)[A-Za-z0-9_.-]+\Z",
            title="a name such as `fleetdm/fleet`",
            description="The repository on GitHub, as `owner/name`.",
        ),
    ] = "fleetdm/fleet"
    branch: Annotated[str, Meta(min_length=1, description="The branch that is frozen and released from.")] = "main"
    zone: Annotated[
        ZoneInfo,
        Meta(
            title="the name of a time zone, such as `America/Los_Angeles`",
            description="The team's time zone (an IANA name). Every day and hour below is in this zone.",
        ),
    ] = ZoneInfo("America/Los_Angeles")
    release_dri: Annotated[
        Login, Meta(description="GitHub login of the person who runs the release and approves freeze exceptions.")
    ] = "lukeheath"
    working_days: Annotated[
        tuple[Weekday, ...], Meta(min_length=1, description="The days that count as business days.")
    ] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    holidays: Annotated[tuple[date, ...], Meta(description="Days that are no business days, e.g. `[2026-12-25]`.")] = ()
    day_starts: Annotated[
        time, Meta(description="Hour at which a business day begins: clocks in business days count working hours.")
    ] = time(9)
    day_ends: Annotated[time, Meta(description="Hour at which a business day ends; after `day_starts`.")] = time(17)


class Group(Section, frozen=True, kw_only=True):
    """A product group. Naming one group replaces the whole default list."""

    label: Annotated[Label, Meta(description="Its label on GitHub, which is also its name.")]
    manager: Annotated[Login, Meta(description="GitHub login of its engineering manager.")]
    qa_lead: Annotated[Login, Meta(description="GitHub login of its QA lead.")]
    product_manager: Annotated[OptionalLogin, Meta(description="GitHub login of its product manager.")] = ""
    workspace: Annotated[str, Meta(description="Id of its ZenHub workspace (sprint board).")] = ""
    tests: Annotated[
        tuple[str, ...],
        Meta(description="Release tests that are its own, by name (`*` stands for any text). The first group counts."),
    ] = ()


FLEET_GROUPS = (
    Group(
        label="#g-mdm",
        manager="georgekarrv",
        qa_lead="sabrinabuckets",
        product_manager="noahtalerman",
        workspace="63bc507f6558550011840298",
        tests=("*mdm*", "scripts", "os settings", "os updates", "setup experience", "*profile*", "*enrollment*"),
    ),
    Group(
        label="#g-endpoint-ops",
        manager="sharon-fdm",
        qa_lead="xpkoala",
        product_manager="noahtalerman",
        workspace="63bd7e0bf75dba002a2343ac",
        tests=("*",),
    ),
)


class LabelNames(Section, frozen=True, kw_only=True):
    """The labels the rules look for; each may be written in several ways. The first is the one the program writes."""

    bug: Annotated[Labels, Meta(min_length=1, description="A bug.")] = ("bug",)
    story: Annotated[Labels, Meta(min_length=1, description="A feature: a user story or an engineering story.")] = (
        "story",
        "~engineering-initiated",
        "~feature fest",
    )
    documentation: Annotated[Labels, Meta(description="A change of documentation.")] = (
        "documentation",
        "~documentation",
    )
    website: Annotated[Labels, Meta(description="A change of the website.")] = ("#g-website", "~website")
    release_blocker: Annotated[
        Labels, Meta(min_length=1, description="Must be fixed before the release; may merge in the deep freeze.")
    ] = ("~release blocker", "~release-blocker")
    unreleased_bug: Annotated[
        Labels, Meta(min_length=1, description="A bug that no release has; may merge in the deep freeze.")
    ] = ("~unreleased bug", "~unreleased-bug")
    released_bug: Annotated[Labels, Meta(min_length=1, description="A bug that a release has.")] = (
        "~released bug",
        "~released-bug",
    )
    release: Annotated[
        Labels, Meta(min_length=1, description="On a sprint board, in engineering. The release QA issue has it too.")
    ] = (":release",)
    reproduce: Annotated[Labels, Meta(min_length=1, description="A bug that QA has not reproduced yet.")] = (
        ":reproduce",
    )
    product: Annotated[Labels, Meta(min_length=1, description="In product drafting.")] = (":product",)
    incoming: Annotated[
        Labels, Meta(min_length=1, description="Handed to a group, and not yet seen by its engineering manager.")
    ] = (":incoming",)
    critical: Annotated[
        Labels, Meta(min_length=1, description="A critical bug: seeing a new one raises the alarm.")
    ] = ("~critical bug", "~critical-bug")
    engineering_initiated: Annotated[
        Labels, Meta(min_length=1, description="A story that engineering has started by itself.")
    ] = ("~engineering-initiated",)
    pushed: Annotated[Labels, Meta(min_length=1, description="A story that missed the freeze.")] = ("~pushed",)
    priorities: Annotated[
        Labels, Meta(min_length=1, description="The priorities, the most urgent first. Each is a label of its own.")
    ] = ("P0", "P1", "P2")
    customer_prefix: Annotated[
        str, Meta(min_length=1, description="A label that begins so names a customer who waits for it.")
    ] = "customer-"


class Freeze(Section, frozen=True, kw_only=True):
    """When the freeze begins, how long it is deep, and what counts as which kind of change."""

    weekday: Annotated[Weekday, Meta(description="The freeze begins on the last such day before the release day.")] = (
        "tuesday"
    )
    time: Annotated[time, Meta(description="… at this hour, on the clock of the team's zone.")] = time(9)
    deep_hours: Annotated[
        int, Meta(ge=0, le=168, description="Length of the deep freeze: this many hours before the release.")
    ] = 24
    ahead_hours: Annotated[
        int, Meta(ge=0, le=336, description="From this many hours before the freeze on, it is announced as ahead.")
    ] = 72
    documentation_paths: Annotated[
        tuple[str, ...],
        Meta(description="A change of these files alone is documentation (patterns as in `.gitignore`)."),
    ] = ("/docs/", "/handbook/", "/articles/", "*.md")
    website_paths: Annotated[
        tuple[str, ...], Meta(description="A change of these files alone is a website update (the same patterns).")
    ] = ("/website/",)
    approval_pattern: Annotated[
        str,
        Meta(
            extra={"rule": "pattern"},
            description="A comment counts as approval of a freeze exception when one of its lines matches this "
            "regular expression (upper and lower case alike).",
        ),
    ] = r"^\s*(\W{0,4}\s*)(freeze exception )?approved?\b(?![^\n]*\?)"
    status_context: Annotated[
        str, Meta(description="Name of the commit status that Merge Freeze sets on pull requests.")
    ] = "mergefreeze"


class Release(Section, frozen=True, kw_only=True):
    """When releases are. The due date of the open milestone comes first; the cadence serves when there is none."""

    time: Annotated[time, Meta(description="Hour of the release on the release day, in the team's zone.")] = time(9)
    weekday: Annotated[Weekday, Meta(description="Day of the week of a release, for the cadence.")] = "monday"
    every_weeks: Annotated[int, Meta(ge=1, le=26, description="Weeks between two releases.")] = 3
    known_date: Annotated[
        date | None,
        Meta(
            examples=[date(2026, 1, 5)],
            description="The day of any one release; with `every_weeks` it gives all others. Unset: no cadence.",
        ),
    ] = None
    milestone_suffix: Annotated[
        str, Meta(description="What stands behind the version in the name of an unpublished release's milestone.")
    ] = "-tentative"
    drafting_workspace: Annotated[
        str, Meta(description="Id of the ZenHub workspace on which product drafts stories. Unset: moved by hand.")
    ] = "6192dd66ea2562000faea25c"
    celebrate_column: Annotated[
        str, Meta(min_length=1, description="Column of that board for the stories of a release that is out.")
    ] = "Confirm and celebrate"
    announcement_channel: Annotated[
        str, Meta(min_length=1, description="Slack channel in which a release that is concluded is announced.")
    ] = "#help-engineering"
    vp_customer_success: Annotated[
        OptionalLogin,
        Meta(description="GitHub login of the VP of Customer Success, told when a customer's story is pushed."),
    ] = ""
    requester_fields: Annotated[
        tuple[str, ...],
        Meta(description="Lines of a story that begin so name its requesters, as in `Requestor(s): @mna`."),
    ] = ("Requestor(s)", "Requester(s)", "Requestor", "Requester")
    calendar: Annotated[
        Literal["", "calendar", "calendar-2", "calendar-3"],
        Meta(
            description="Name of the secret address of the releases calendar: `fleet-tui auth set calendar` (or "
            "`… calendar-2`). A title in it names each version. Unset: the milestone alone tells the day.",
        ),
    ] = ""
    calendar_file: Annotated[str, Meta(description="Path of an .ics file, read instead of that address.")] = ""
    writes_an_hour: Annotated[
        int, Meta(ge=1, le=500, description="Writes an hour, at most, that concluding a milestone costs GitHub.")
    ] = 450


class ReleaseQa(Section, frozen=True, kw_only=True):
    """The release QA issue, whose body is the checklist."""

    title_patterns: Annotated[
        tuple[str, ...],
        Meta(
            description="An open issue is a release QA issue when one of these regular expressions is found in its "
            "title (upper and lower case alike).",
            extra={"rule": "patterns"},
        ),
    ] = (r"^release qa\b", r"\bsmoke tests?\b")
    template: Annotated[str, Meta(description="Path of the issue template in the repository.")] = (
        ".github/ISSUE_TEMPLATE/release-qa.md"
    )
    bug_template: Annotated[str, Meta(description="Path of the template for a bug found while testing.")] = (
        ".github/ISSUE_TEMPLATE/bug-report.md"
    )
    ready_column: Annotated[
        str,
        Meta(
            min_length=1,
            description="Column of a group's board that the ticket is moved to when the group is ready (capitals, "
            "spaces and emoji do not count).",
        ),
    ] = "Ready for release"


class Polling(Section, frozen=True, kw_only=True):
    """Seconds between two polls of a source, counted from the end of the former. Nothing polls faster than 20 s."""

    freeze: Annotated[Seconds, Meta(description="Merge Freeze, while the branch is open.")] = 60
    freeze_while_frozen: Annotated[Seconds, Meta(description="Merge Freeze, while the branch is frozen.")] = 30
    pulls: Annotated[Seconds, Meta(description="Open pull requests, while the branch is open.")] = 120
    pulls_while_frozen: Annotated[Seconds, Meta(description="Open pull requests, while the branch is frozen.")] = 45
    milestones: Annotated[Seconds, Meta(description="Open milestones (the coming release).")] = 900
    stories: Annotated[Seconds, Meta(description="The milestone's stories that may be partly merged.")] = 600
    release: Annotated[Seconds, Meta(description="Whether the release can start: blockers, checks, QA, groups.")] = 120
    dependencies: Annotated[Seconds, Meta(description="The product's dependencies and their latest versions.")] = 1800
    deployments: Annotated[Seconds, Meta(description="Dogfood; every 20 s while a deployment runs.")] = 120

    release_qa: Annotated[Seconds, Meta(description="The list of open release QA issues.")] = 300
    bugs: Annotated[Seconds, Meta(description="Bugs.")] = 60
    columns: Annotated[Seconds, Meta(description="The boards' column of bugs that wait for QA (ZenHub).")] = 300
    checklist: Annotated[Seconds, Meta(description="The chosen release QA issue.")] = 20
    roster: Annotated[Seconds, Meta(description="Who is on call: the calendars.")] = 600
    rituals: Annotated[Seconds, Meta(description="The list of rituals.")] = 3600
    members: Annotated[Seconds, Meta(description="The organization's members.")] = 3600
    assigned: Annotated[Seconds, Meta(description="What is assigned to whoever is on call.")] = 120
    certificates: Annotated[Seconds, Meta(description="All sources of certificates.")] = 900


class Addresses(Section, frozen=True, kw_only=True):
    """Where the outside systems are. Only https, except on this machine (loopback)."""

    github: Annotated[Address, Meta(description="GitHub's API. An enterprise server: `https://HOST/api/v3`.")] = (
        "https://api.github.com"
    )
    merge_freeze: Annotated[Address, Meta(description="Merge Freeze's API.")] = "https://www.mergefreeze.com/api"
    zenhub: Annotated[Address, Meta(description="ZenHub's GraphQL API.")] = "https://api.zenhub.com/public/graphql"
    slack: Annotated[Address, Meta(description="Slack's web API.")] = "https://slack.com/api"
    fleet: Annotated[Address, Meta(description="The Fleet server that holds the team's Apple certificates.")] = (
        "https://dogfood.fleetdm.com"
    )
    public_github: Annotated[
        Address,
        Meta(
            description="GitHub's API for the projects that the product is built from. Where it is another host than "
            "`github`, it is asked without a token."
        ),
    ] = "https://api.github.com"
    go_downloads: Annotated[Address, Meta(description="Where Go's list of downloads is.")] = "https://go.dev"
    docker_hub: Annotated[Address, Meta(description="Docker Hub's API.")] = "https://hub.docker.com"
    cisa: Annotated[Address, Meta(description="Where CISA's news feed is.")] = "https://www.cisa.gov"


class Display(Section, frozen=True, kw_only=True):
    """How it looks."""

    theme: Annotated[str, Meta(description="Theme of the first start; later the one chosen with `t` is kept.")] = (
        "fleet-dark"
    )
    clock_24h: Annotated[bool, Meta(description="24-hour clock; false shows 2:32 pm.")] = True


class Tokens(Section, frozen=True, kw_only=True):
    """How tokens are kept. The tokens themselves never stand in this file: see `fleet-tui auth`."""

    allow_plaintext_keyring: Annotated[
        bool, Meta(description="Accept a keyring that writes tokens into a plain file (not advised).")
    ] = False


class Config(Section, frozen=True, kw_only=True):
    """Everything that can be set."""

    team: Annotated[Team, Meta(extra={"rule": "team"})] = Team()
    groups: Annotated[tuple[Group, ...], Meta(extra={"rule": "groups"})] = FLEET_GROUPS
    labels: LabelNames = LabelNames()
    freeze: Freeze = Freeze()
    release: Release = Release()
    release_qa: ReleaseQa = ReleaseQa()
    bugs: Annotated[Bugs, Meta(extra={"rule": "bugs"})] = Bugs()
    on_call: OnCall = OnCall()
    slack: Slack = Slack()
    certificates: Certificates = Certificates()
    alerts: Alerts = Alerts()
    dependencies: Dependencies = Dependencies()
    polling: Polling = Polling()
    addresses: Addresses = Addresses()
    display: Display = Display()
    tokens: Tokens = Tokens()
    keys: Annotated[
        dict[str, str],
        Meta(description='Other keys for actions, by the names in docs/keys.md: `"freeze.unfreeze" = "U"`.'),
    ] = msgspec.field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The repository's owner."""
        return self.team.repository.partition("/")[0]

    @property
    def repository_name(self) -> str:
        """The repository's name without its owner."""
        return self.team.repository.partition("/")[2]

    @property
    def secret_addresses(self) -> frozenset[str]:
        """The names of the secret addresses of calendars that are read."""
        named = {one.address for one in self.on_call.calendars if not one.file} | {self.release.calendar}
        return frozenset(named - {""})

    def group_for(self, labels: frozenset[str]) -> Group | None:
        """The product group that one of `labels` names; None when none or several do."""
        found = [group for group in self.groups if group.label in labels]
        return found[0] if len(found) == 1 else None
