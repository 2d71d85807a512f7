"""Settings: `[dependencies]`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from fleet_tui.config.section import Labels, Section

Text = Annotated[str, Meta(min_length=1)]
Paths = Annotated[tuple[Text, ...], Meta(min_length=1)]
Repository = Annotated[str, Meta(pattern=r"^[\w-]+/[\w.-]+\Z", title="a name such as `osquery/osquery`")]


class Component(Struct, frozen=True):
    """A part of fleetd with releases of its own."""

    name: str
    paths: tuple[str, ...]
    tag_prefix: str


class Dependencies(Section, frozen=True, kw_only=True):
    """What the product is built from, where its newest versions are told, and where it is deployed first."""

    go_module: Annotated[Text, Meta(description="Path of the file that names Go's version and the extension's.")] = (
        "go.mod"
    )
    go_patch_labels: Annotated[
        Labels, Meta(min_length=1, description="Labels of the bug for a Go patch that the product lacks.")
    ] = ("bug", ":reproduce", "~release blocker")
    go_minor_labels: Annotated[
        Labels, Meta(min_length=1, description="Labels of the story for a newer minor version of Go.")
    ] = ("story",)
    extension: Annotated[Repository, Meta(description="Repository of the macadmins extension on GitHub.")] = (
        "macadmins/osquery-extension"
    )
    extension_labels: Annotated[
        Labels, Meta(min_length=1, description="Labels of the bug for a newer macadmins extension.")
    ] = ("bug", ":reproduce", "~release blocker")
    osquery: Annotated[Repository, Meta(description="Repository of osquery on GitHub.")] = "osquery/osquery"
    osquery_file: Annotated[Text, Meta(description="Path of the workflow that pins osquery's version …")] = (
        ".github/workflows/generate-osqueryd-targets.yml"
    )
    osquery_variable: Annotated[Text, Meta(description="… in this variable.")] = "OSQUERY_VERSION"
    osquery_labels: Annotated[Labels, Meta(min_length=1, description="Labels of the bug for a newer osquery.")] = (
        "bug",
        ":reproduce",
    )
    orbit_name: Annotated[Text, Meta(description="Orbit's name in the template of the release QA issue.")] = "Orbit"
    orbit_paths: Annotated[
        Paths, Meta(description="A commit that touches one of these paths is a change of Orbit.")
    ] = ("orbit",)
    orbit_tag_prefix: Annotated[Text, Meta(description="The tags of Orbit's releases begin so.")] = "orbit-v"
    desktop_name: Annotated[Text, Meta(description="Desktop's name in the template.")] = "Desktop"
    desktop_paths: Annotated[Paths, Meta(description="The same for Desktop, which is released with Orbit.")] = (
        "orbit",
    )
    desktop_tag_prefix: Annotated[Text, Meta(description="The tags of Desktop's releases begin so.")] = "orbit-v"
    chrome_name: Annotated[Text, Meta(description="The name of fleetd-chrome in the template.")] = "Chrome extension"
    chrome_paths: Annotated[Paths, Meta(description="The same for fleetd-chrome.")] = ("ee/fleetd-chrome",)
    chrome_tag_prefix: Annotated[Text, Meta(description="The tags of fleetd-chrome's releases begin so.")] = (
        "fleetd-chrome-v"
    )
    feed_patterns: Annotated[
        tuple[str, ...],
        Meta(
            description="News of CISA is about its data feeds when one of these regular expressions is found in it "
            "(upper and lower case alike).",
            extra={"rule": "patterns"},
        ),
    ] = (r"\bfeeds?\b", r"\b(api|csaf|csv|json|rss|schema)\b", r"\b(deprecat|retir|sunset|discontinu)\w*")
    nvd_page: Annotated[Text, Meta(description="Page on which NVD announces changes: a person has to look.")] = (
        "https://nvd.nist.gov/general/news"
    )
    release_tag_prefix: Annotated[
        Text, Meta(description="The tags of the product's releases begin so; the version stands behind it.")
    ] = "fleet-v"
    image: Annotated[Repository, Meta(description="The product's image on Docker Hub.")] = "fleetdm/fleet"
    image_tag_prefix: Annotated[Text, Meta(description="The image's tags of releases begin so.")] = "v"
    moving_image_tags: Annotated[
        tuple[Text, ...], Meta(description="Tags of the image that are never deployed: nobody knows what they name.")
    ] = ("main", "latest")
    deploy_workflow: Annotated[Text, Meta(description="File name of the workflow that deploys to dogfood.")] = (
        "dogfood-deploy.yml"
    )
    deploy_input: Annotated[Text, Meta(description="The workflow's input that takes the image.")] = "DOCKER_IMAGE"
    deploy_pause: Annotated[
        int,
        Meta(ge=10, le=86_400, description="Seconds after a deployment in which no other is started from here."),
    ] = 180

    @property
    def components(self) -> tuple[Component, ...]:
        """The parts of fleetd."""
        return (
            Component(self.orbit_name, self.orbit_paths, self.orbit_tag_prefix),
            Component(self.desktop_name, self.desktop_paths, self.desktop_tag_prefix),
            Component(self.chrome_name, self.chrome_paths, self.chrome_tag_prefix),
        )
