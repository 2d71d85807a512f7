"""The open pull requests of the demo world: every kind that the freeze rules tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fleet_tui.simulator.world.model import ReviewState

Ci = Literal["passing", "failing", "pending", "none"]


@dataclass(frozen=True, slots=True)
class Review:
    """A review, given so many hours ago."""

    by: str
    hours: float
    state: ReviewState = "APPROVED"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, made so many hours ago."""

    by: str
    hours: float
    body: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A pull request, opened so many hours ago."""

    number: int
    title: str
    by: str
    hours: float
    files: tuple[str, ...]
    body: str = ""
    labels: tuple[str, ...] = ()
    ci: Ci = "passing"
    draft: bool = False
    reviews: tuple[Review, ...] = ()
    comments: tuple[Comment, ...] = ()
    base: str = "main"


APPROVED_FOR_FREEZE = "Approved for the freeze. Tested on macOS 14 and Windows 11."

PULLS = (
    # bug fixes: by a label, by a closing reference, by an address, by a mention
    Seed(
        17201,
        "Fix duplicate software inventory rows on Windows hosts",
        "lucasmrod",
        52,
        ("server/datastore/mysql/software.go", "server/datastore/mysql/software_test.go", "changes/16881-dup-software"),
        "Two versions of the same program were merged only when their vendors matched.\n\nFor #16881.",
        labels=("bug", "#g-endpoint-ops"),
        reviews=(Review("getvictor", 20, body="Nice find."),),
    ),
    Seed(
        17204,
        "Fix profiles stuck in pending after a host re-enrolls",
        "gillespi314",
        75,
        ("server/service/apple_mdm.go", "server/service/apple_mdm_test.go", "changes/16902-pending-profiles"),
        "Fixes #16902\n\n- [x] Changes file added\n- [x] Tests added",
        labels=("#g-mdm",),
        reviews=(Review("roperzh", 30),),
    ),
    Seed(
        17206,
        "Keep the ABM token across server restarts",
        "roperzh",
        31,
        ("server/mdm/apple/token.go", "changes/16911-abm-token"),
        "See https://github.com/fleetdm/fleet/issues/16911 for how to reproduce.",
        ci="pending",
    ),
    Seed(
        17209,
        "Return 404 instead of 500 for an unknown policy id",
        "mna",
        98,
        ("server/service/global_policies.go", "server/service/global_policies_test.go"),
        "Resolves: #16923",
        reviews=(Review("lucasmrod", 60, "CHANGES_REQUESTED", "The team endpoint has the same problem."),),
    ),
    Seed(
        17212,
        "[WIP] [red]Fix[/red] 🔥 osquery flags break on <script> & [link=https://example.com]quotes[/link]",
        "getvictor",
        12,
        ("orbit/pkg/osquery/flags.go",),
        "For #16930. Titles like this one do occur.",
        labels=("bug",),
        ci="failing",
        draft=True,
    ),
    # for a release blocker: may merge even in the deep freeze
    Seed(
        17215,
        "Fix migration that drops scheduled query results",
        "lucasmrod",
        9,
        ("server/datastore/mysql/migrations/tables/20240305_QueryResults.go",),
        "Fixes #16940",
        labels=("#g-endpoint-ops",),
        reviews=(Review("getvictor", 3, body="Verified against a 4.44.0 database."), Review("sharon-fdm", 2)),
    ),
    Seed(
        17218,
        "Fix Fleet Desktop crash on Ubuntu 22.04",
        "sgress454",
        22,
        ("orbit/cmd/desktop/desktop_linux.go", "orbit/changes/16944-desktop-crash"),
        "Closes #16944",
        ci="failing",
    ),
    Seed(
        17221,
        "Fix policy automations for hosts with an empty hostname",
        "kiltzsec",
        140,
        ("server/policies/automation.go",),
        "We run into this with 300 kiosks. Fixes #16951. First contribution, please be gentle.",
        ci="none",
        reviews=(Review("lucasmrod", 69, "COMMENTED", "Thank you! Could you add a test for the empty hostname?"),),
        comments=(Comment("kiltzsec", 21, "Sure. Where do tests of automations belong?"),),
    ),
    # documentation
    Seed(
        17223,
        "Document the dry run of fleetctl gitops",
        "rachaelshaw",
        27,
        ("docs/Using Fleet/gitops.md", "docs/REST API/rest-api.md"),
        "Requested in support.",
    ),
    Seed(
        17226,
        "Handbook: clarify the duties of the on-call engineer",
        "lukeheath",
        44,
        ("handbook/engineering/README.md",),
        reviews=(Review("georgekarrv", 40),),
    ),
    Seed(
        17229,
        "Fix typos in the software installers guide",
        "nordic-mac-admin",
        61,
        ("docs/Using Fleet/MDM-custom-packages.md", "CONTRIBUTING.md"),
        "Just spelling.",
        ci="none",
        comments=(Comment("rachaelshaw", 45, "Thank you! Could you also look at the second page of the guide?"),),
    ),
    # website
    Seed(
        17233,
        "Website: update the pricing page",
        "eashaw",
        18,
        ("website/views/pages/pricing.ejs", "website/assets/styles/pages/pricing.less"),
        reviews=(Review("rachaelshaw", 5),),
    ),
    Seed(
        17236,
        "Website: add the Rosner case study",
        "eashaw",
        36,
        ("website/views/pages/testimonials.ejs", "website/assets/images/rosner.png"),
        reviews=(Review("rachaelshaw", 30),),
    ),
    # features: none, one and all of the three approvals
    Seed(
        17238,
        "Add upload of Windows profiles to the UI",
        "ghernandez345",
        80,
        ("frontend/pages/ManageControlsPage/OSSettings/OSSettings.tsx", "changes/16301-windows-profiles"),
        "Part of story #16301.",
        labels=("#g-mdm",),
        reviews=(Review("jahzielv", 50),),
    ),
    Seed(
        17241,
        "Renew Apple Business Manager tokens automatically",
        "jahzielv",
        66,
        ("server/mdm/apple/renewal.go", "server/cron/renewal.go", "changes/16305-renew-abm"),
        "Story: #16305",
        labels=("#g-mdm",),
        reviews=(Review("georgekarrv", 8, body="Customer-blanco needs this in 4.45."),),
    ),
    Seed(
        17244,
        "Install .pkg software from the host page",
        "mna",
        71,
        ("ee/server/service/software_installers.go", "frontend/pages/hosts/details/Software.tsx"),
        "For #16309",
        labels=("#g-mdm",),
        comments=(
            Comment("mna", 15, "@sabrinabuckets could you look at it for a freeze exception?"),
            Comment("sabrinabuckets", 10, APPROVED_FOR_FREEZE),
        ),
    ),
    Seed(
        17247,
        "Run a script when a policy fails",
        "getvictor",
        48,
        ("server/service/policies.go", "server/worker/policy_scripts.go"),
        "Closes #16312",
        ci="pending",
        draft=True,
    ),
    Seed(
        17258,
        "Escrow disk encryption keys of Windows hosts",
        "gillespi314",
        90,
        ("ee/server/service/mdm.go", "server/service/microsoft_mdm.go", "changes/16318-escrow"),
        "Closes #16318",
        labels=("#g-mdm",),
        reviews=(Review("georgekarrv", 26),),
        comments=(
            Comment("sabrinabuckets", 21, "Approved for the freeze"),
            Comment("lukeheath", 19, "Approved. Please merge it before the weekend."),
        ),
    ),
    # the rest of stories of which something was merged before the freeze
    Seed(
        17251,
        "Query reports: export as CSV",
        "jacobshandling",
        57,
        ("frontend/pages/queries/details/QueryReport.tsx",),
        "Second half of #16321.",
        labels=("#g-endpoint-ops",),
        ci="pending",
    ),
    Seed(
        17253,
        "Show software titles by team in the API",
        "sgress454",
        63,
        ("server/service/software_titles.go",),
        "Related to story #16324",
        reviews=(Review("lucasmrod", 12, "COMMENTED", "Have you looked at the query plan?"),),
    ),
    Seed(
        17255,
        "Bootstrap package: status on the setup experience page",
        "ghernandez345",
        55,
        ("frontend/pages/SetupExperience/BootstrapPackage.tsx",),
        "Frontend of #16327",
    ),
    # nothing tells what these are
    Seed(
        17260,
        "Refactor transactions of the MySQL datastore",
        "lucasmrod",
        120,
        ("server/datastore/mysql/mysql.go", "server/datastore/mysql/common.go"),
        "No change in behaviour intended.",
    ),
    Seed(
        17262,
        "Bump golang.org/x/crypto from 0.18.0 to 0.21.0",
        "dependabot",
        39,
        ("go.mod", "go.sum"),
        "Bumps [golang.org/x/crypto](https://github.com/golang/crypto) from 0.18.0 to 0.21.0.",
        labels=("dependencies",),
        ci="failing",
    ),
    Seed(
        17264,
        "Add table for systemd timers, with docs",
        "tux4ops",
        172,
        ("orbit/pkg/table/systemd_timers.go", "schema/tables/systemd_timers.yml", "docs/Contributing/tables.md"),
        "Happy to change whatever is needed!",
        ci="none",
        comments=(Comment("tux4ops", 100, "Is there anything I can do to move this on?"),),
    ),
    # unfrozen already
    Seed(
        17266,
        "Fix wrong host count in the policy list",
        "jacobshandling",
        26,
        ("server/datastore/mysql/policies.go", "changes/16957-host-count"),
        "Fixes #16957",
        reviews=(Review("sgress454", 6),),
        ci="pending",
    ),
    # not against main
    Seed(
        17268,
        "Cherry-pick: fix profiles stuck in pending",
        "gillespi314",
        14,
        ("server/service/apple_mdm.go",),
        "Fixes #16902 on the patch branch",
        base="patch-fleet-v4.44.1",
    ),
)
UNBLOCKED = (17236, 17266)
