"""Dependencies, stories and dogfood as rows, and each row's detail. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from textual.content import Content

from fleet_tui.config.schema import Config
from fleet_tui.desks.release import BY_HAND
from fleet_tui.domain.dependencies import Dependency, Verdict
from fleet_tui.domain.dogfood import Deployments, Run, RunState, runs_now
from fleet_tui.domain.pushing import OpenStory
from fleet_tui.domain.spans import until
from fleet_tui.theme import Tone
from fleet_tui.widgets import glyphs
from fleet_tui.widgets.columns import Column
from fleet_tui.widgets.rows import Kind, Row, gap, heading

KeyOf = Callable[[str], str]
"""Gives the key of an action, by its name in docs/keys.md."""
TICK = "release.tick"
DEPENDENCY_COLUMNS = (
    Column("sign", "", 1),
    Column("name", "Dependency", 20),
    Column("product", "In the product", 14, drop_below=72),
    Column("latest", "Latest", 12, flex=True),
    Column("verdict", "Verdict", 14),
    Column("action", "To do", 24, flex=True, drop_below=110),
)
STORY_COLUMNS = (
    Column("number", "", 7, align="right"),
    Column("title", "Not merged", 24, flex=True),
    Column("state", "Merged", 18),
    Column("customers", "Waits for it", 18, drop_below=100),
    Column("who", "Assigned to", 16, drop_below=76),
)
DEPLOYMENT_COLUMNS = (
    Column("sign", "", 1),
    Column("what", "", 14),
    Column("image", "Image", 16),
    Column("state", "State", 20, flex=True),
    Column("when", "Started", 14),
    Column("who", "By", 14, drop_below=90),
)
WAITING = {Verdict.BEHIND: "behind", Verdict.CHANGED: "changed", Verdict.NEWS: "news"}
RUN_SIGNS = {
    RunState.WAITING: (glyphs.PENDING, Tone.SOON),
    RunState.RUNNING: (glyphs.LIVE, Tone.ACCENT),
    RunState.SUCCEEDED: (glyphs.DONE, Tone.DONE),
    RunState.FAILED: (glyphs.FAILED, Tone.ACT),
    RunState.CANCELLED: (glyphs.NONE, Tone.OLD),
}
RELEASE_ROW = "image"
"""Key of the row of the release's own image."""
RUN_KEY = "run "
MOST_RUNS = 20
RUNS_NOW = "on dogfood now"


def matches(words: str, text: str) -> bool:
    """Whether `text` contains each of `words` (lower case)."""
    return all(word in text.casefold() for word in words.split())


# Dependencies


def dependency_rows(
    rows: Iterable[Dependency], settled: Callable[[Dependency], bool], config: Config, words: str = ""
) -> Iterator[Row]:
    """The table, in the order of the handbook; `settled` says whether nothing is left to be done for a row."""
    prefixes = {one.name: one.tag_prefix for one in config.dependencies.components}
    for row in rows:
        if matches(words, f"{row.name} {row.product} {row.latest} {row.verdict.value} {row.action}"):
            product = row.product.removeprefix(prefixes.get(row.name, ""))
            yield Row(row.name, _dependency(row, product, is_settled=settled(row)))


def _dependency(row: Dependency, product: str, *, is_settled: bool) -> tuple[Content, ...]:
    sign, tone = dependency_sign(row, is_settled=is_settled)
    verdict = f"filed #{row.filed}" if row.filed else WAITING.get(row.verdict, row.verdict.value)
    if is_settled and row.verdict in BY_HAND:
        verdict = "looked at"
    return (
        Content.styled(sign, tone),
        Content(row.name),
        Content(product or glyphs.NONE),
        Content(row.latest or glyphs.NONE),
        Content.styled(verdict, tone),
        Content.styled("" if is_settled else row.action, Tone.OLD),
    )


def dependency_sign(row: Dependency, *, is_settled: bool) -> tuple[str, Tone]:
    """The glyph and its colour: red only for what blocks the release."""
    if is_settled:
        return glyphs.DONE, Tone.DONE
    if row.verdict is Verdict.BEHIND:
        return glyphs.FAILED, Tone.ACT if row.blocks else Tone.SOON
    if row.verdict in {Verdict.BY_HAND, Verdict.UNKNOWN}:
        return glyphs.UNKNOWN, Tone.SOON
    return glyphs.ACT, Tone.SOON


def dependency_detail(row: Dependency, ticked: datetime | None, now: datetime, key: KeyOf) -> Content:
    """All of one dependency, and which key does what is asked for. `key` gives that of an action."""
    facts = [f"in the product {row.product}" if row.product else "", f"latest {row.latest}" if row.latest else ""]
    lines = [
        Content.assemble((row.name, "bold"), f"  {row.verdict.value}"),
        Content.styled(f" {glyphs.DOT} ".join(filter(None, facts)), Tone.OLD),
        Content(row.action),
    ]
    if ticked:
        lines.append(
            Content.styled(f"{glyphs.DONE} Looked at {until(ticked, now)}; {key(TICK)} takes that back.", Tone.DONE)
        )
    elif keys := _keys(row, key):
        lines.append(Content.styled(keys, Tone.OLD))
    if row.url:
        lines.append(Content.styled(row.url, Tone.OLD))
    return Content("\n").join(line for line in lines if line.plain)


def _keys(row: Dependency, key: KeyOf) -> str:
    match row.verdict:
        case Verdict.BEHIND if row.filing and not row.filed:
            return f"{key('release.file')} files it, after a look at the text."
        case Verdict.CHANGED if not row.filed:
            return f"{key('release.fleetd')} creates the fleetd release QA issue."
        case Verdict.BY_HAND | Verdict.NEWS:
            return f"{key('open')} opens the page, {key(TICK)} says that it was dealt with."
        case Verdict.UNKNOWN:
            return f"{key(TICK)} says that somebody has looked."
    return ""


# Stories


def story_rows(stories: Iterable[OpenStory], config: Config, words: str = "", *, is_frozen: bool) -> Iterator[Row]:
    """The stories that are not merged; those of which something is come first: in the freeze it is to be reverted."""
    ordered = sorted(stories, key=lambda one: (not one.story.merged, one.story.number))
    for one in ordered:
        cells = _story(one, config, is_frozen=is_frozen)
        if matches(words, " ".join(cell.plain for cell in cells)):
            yield Row(str(one.story.number), cells)


def _story(one: OpenStory, config: Config, *, is_frozen: bool) -> tuple[Content, ...]:
    story = one.story
    merged = f"{len(story.merged)} of {len(story.merged) + len(story.open)}" if story.merged else "nothing"
    reverts = bool(story.merged) and is_frozen
    return (
        Content.styled(f"#{story.number}", Tone.OLD),
        Content(story.title),
        Content.styled(f"{merged}: revert" if reverts else merged, Tone.SOON if reverts else Tone.OLD),
        Content(", ".join(customers(one, config))),
        Content.styled(", ".join(story.assignees), Tone.OLD),
    )


def customers(one: OpenStory, config: Config) -> list[str]:
    """The labels of the customers who wait for it."""
    return sorted(label for label in one.labels if label.startswith(config.labels.customer_prefix))


def story_detail(one: OpenStory, config: Config, *, is_frozen: bool) -> Content:
    """All of one story, and what pushing it means."""
    story = one.story
    missed = "Not merged when the freeze began" if is_frozen else "Not merged yet"
    lines = [
        Content.assemble((f"#{story.number} ", Tone.OLD), (story.title, "bold")),
        Content(f"{missed}: s pushes it to the next release, after a look at the comment."),
    ]
    if story.merged:
        listed = ", ".join(f"#{number}" for number in story.merged)
        words, tone = (f"{glyphs.ACT} To be reverted by hand", Tone.SOON) if is_frozen else ("Merged", Tone.OLD)
        lines.append(Content.styled(f"{words}: {listed}", tone))
    waiting = ", ".join(f"#{number}" for number in story.open) or "none"
    people = ", ".join(story.assignees) or "nobody"
    lines.append(Content.styled(f"Open pull requests: {waiting} {glyphs.DOT} assigned to {people}", Tone.OLD))
    if labels := customers(one, config):
        lines.append(Content(f"Waits for it: {', '.join(labels)}"))
    return Content("\n").join(lines)


# Dogfood


def deployment_rows(found: Deployments, now: datetime, words: str = "") -> Iterator[Row]:
    """The release's image and whether it may go, then the runs, the last first."""
    if found.tag and matches(words, found.tag):
        yield heading("heading release", "This release")
        yield Row(RELEASE_ROW, _release(found))
        yield gap("gap")
    runs = [run for run in found.runs[:MOST_RUNS] if matches(words, f"{run.number} {run.image} {run.state.value}")]
    if runs:
        yield heading("heading runs", "Deployments")
    present = runs_now(found.runs)
    for run in runs:
        yield Row(f"{RUN_KEY}{run.id}", _run(run, now, is_present=run == present), _kind(run, present))


def _kind(run: Run, present: Run | None) -> Kind:
    return Kind.OLD if present and run.state.is_over and run.started < present.started else Kind.PLAIN


def _release(found: Deployments) -> tuple[Content, ...]:
    sign, words, tone = judged(found)
    blank = Content()
    image = Content.styled(found.tag, "bold")
    return (Content.styled(sign, tone), Content("image"), image, Content.styled(words, tone),
            blank, blank)  # fmt: skip


def judged(found: Deployments) -> tuple[str, str, Tone]:
    """Whether the release's image may be deployed: sign, words, colour."""
    present = runs_now(found.runs)
    if present and present.image == found.tag:
        return glyphs.DONE, RUNS_NOW, Tone.DONE
    if found.judgement.refusals:
        return glyphs.FAILED, found.judgement.refusals[0], Tone.SOON
    if found.judgement.doubts:
        return glyphs.UNKNOWN, found.judgement.doubts[0], Tone.SOON
    return glyphs.NOW, "may be deployed", Tone.ACCENT


def _run(run: Run, now: datetime, *, is_present: bool) -> tuple[Content, ...]:
    sign, tone = RUN_SIGNS[run.state]
    state = RUNS_NOW if is_present else run.state.value
    return (
        Content.styled(sign, tone),
        Content(f"run #{run.number}"),
        Content(run.image or "not told"),
        Content.styled(state, tone),
        Content.styled(until(run.started, now), Tone.OLD),
        Content.styled(run.actor, Tone.OLD),
    )


def release_image_detail(found: Deployments) -> Content:
    """What speaks against deploying the release's image."""
    against = [(glyphs.FAILED, Tone.ACT, one) for one in found.judgement.refusals]
    against += [(glyphs.UNKNOWN, Tone.SOON, one) for one in found.judgement.doubts]
    lines = [Content.assemble((sign, tone), f" {words}") for sign, tone, words in against]
    if not lines:
        lines = [Content("Nothing speaks against it.")]
    return Content("\n").join([Content.styled(found.tag, "bold"), *lines])


def run_detail(run: Run, now: datetime) -> Content:
    """One deployment with its link."""
    sign, tone = RUN_SIGNS[run.state]
    who = f" by {run.actor}" if run.actor else ""
    lines = [
        Content.assemble((f"Run #{run.number} ", "bold"), (f"{sign} {run.state.value}", tone)),
        Content(run.title),
        Content.styled(
            f"Started {until(run.started, now)}{who} {glyphs.DOT} {run.image or 'image not told'}", Tone.OLD
        ),
        Content.styled(run.url, Tone.OLD),
    ]
    return Content("\n").join(lines)
