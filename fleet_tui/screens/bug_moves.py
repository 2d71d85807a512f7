"""The moves of the bug board: which steps, for which bugs, after which questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import App

from fleet_tui.config.schema import Config, Group
from fleet_tui.desks.bugs import BugDesk, Placed
from fleet_tui.domain.bug_moves import (
    Move,
    MoveName,
    acknowledge,
    await_qa,
    close_as_stale,
    ping,
    ping_text,
    plan,
    refusal,
    reproduced,
    seen_by_manager,
    set_priority,
    stale_text,
    to_product,
)
from fleet_tui.domain.bug_undo import Made
from fleet_tui.domain.bugs import Bug, group_of
from fleet_tui.screens import bug_deeds
from fleet_tui.screens.comment_dialog import CommentDialog
from fleet_tui.screens.host import Host
from fleet_tui.widgets.choose import Choose

MoveOf = Callable[[Bug], Move | None]
"""The move as it is for a bug; None where the bug lacks what it needs."""
UNDER_WAY = "It is under way already."
NO_GROUP = "#{number} has no product group yet, or several: give it one label of a group first."


class Moves:
    """Asks what a move needs to know, and carries it out on one bug or on several, one after another."""

    def __init__(self, app: App[object], host: Host) -> None:
        self._app = app
        self._host = host

    @property
    def _desk(self) -> BugDesk:
        return self._host.desks.bugs

    async def ask(self, name: MoveName, chosen: Sequence[Placed]) -> MoveOf | None:
        """The move that is meant; None when the person gave up."""
        config = self._host.config
        match name:
            case MoveName.ACKNOWLEDGE:
                return self._acknowledge()
            case MoveName.REPRODUCED:
                return await self._ask_reproduced(chosen)
            case MoveName.PRODUCT:
                return lambda bug: to_product(group, config) if (group := group_of(bug, config)) else None
            case MoveName.SEEN:
                return lambda bug: seen_by_manager(config)
            case MoveName.AWAIT_QA:
                return lambda bug: await_qa(config)
            case MoveName.PING:
                return await self._ask_comment("Ask the reporter", ping_text, ping, chosen)
            case MoveName.STALE:
                closes = ("The bug is closed as not planned.",)
                return await self._ask_comment("Close as stale", stale_text, close_as_stale, chosen, closes)
            case MoveName.PRIORITY:
                return await self._ask_priority()
        return None

    def _acknowledge(self) -> MoveOf | None:
        me = self._desk.login
        if not me:
            self._host.say("GitHub has not said yet who you are. Try again in a moment.")
            return None
        return lambda bug: acknowledge(me)

    async def _ask_reproduced(self, chosen: Sequence[Placed]) -> MoveOf | None:
        config = self._host.config
        known = {group.label: group for one in chosen if (group := group_of(one.bug, config))}
        groups: list[Group] = sorted(config.groups, key=lambda group: group.label not in known)
        labels = [f"{group.label}   for {group.manager}" for group in groups]
        group = await self._app.push_screen_wait(Choose("Whose bug is it?", list(zip(labels, groups, strict=True))))
        if group is None:
            return None
        kinds = [("A published release has it", True), ("It is not released yet", False)]
        released = await self._app.push_screen_wait(Choose(f"{group.label}: released or not?", kinds))
        return None if released is None else lambda bug: reproduced(group, config, released=released)

    async def _ask_comment(
        self,
        title: str,
        text_of: Callable[[Bug, Config], str],
        make: Callable[[str], Move],
        chosen: Sequence[Placed],
        lines: tuple[str, ...] = (),
    ) -> MoveOf | None:
        config, first = self._host.config, chosen[0].bug
        if len(chosen) > 1:  # each has a text of its own: the template, as it is
            lines = (*lines, f"Each of the {len(chosen)} bugs gets its own; this is the one of #{first.number}.")
        where = f"#{first.number}" if len(chosen) == 1 else f"{len(chosen)} bugs"
        dialog = CommentDialog(f"{title}: {where}", text_of(first, config), lines)
        text = await self._app.push_screen_wait(dialog)
        if text is None:
            return None
        if len(chosen) == 1:
            return lambda bug: make(text)
        return lambda bug: make(text_of(bug, config))

    async def _ask_priority(self) -> MoveOf | None:
        config = self._host.config
        choices = [(name, name) for name in config.labels.priorities] + [("No priority", "")]
        priority = await self._app.push_screen_wait(Choose("Which priority?", choices))
        return None if priority is None else lambda bug: set_priority(priority, config)

    async def carry_out(
        self, name: MoveName, chosen: Sequence[Placed], move_of: MoveOf, show: Callable[[frozenset[str]], None]
    ) -> frozenset[str]:
        """Make the move on each of `chosen`; `show` is told which are under way. Gives the keys of what failed."""
        backend, config = self._host.backend, self._host.config
        if backend is None:
            return frozenset()
        failed: dict[str, str] = {}
        alone = len(chosen) == 1
        under_way = [str(one.bug.number) for one in chosen]
        press = self._desk.new_press()
        for one in chosen:
            bug, key = one.bug, str(one.bug.number)
            move = move_of(bug)
            why = refusal(name, bug, one.state, config) or (NO_GROUP.format(number=bug.number) if move is None else "")
            steps = plan(move, bug, self._desk.columns.get(bug.number, "")) if move else ()
            if why or move is None:
                failed[key] = why
                if alone:  # how a write has ended is said by who carries it out; this one was not begun
                    self._host.say(why)
            elif steps:
                show(frozenset(under_way))
                deed = bug_deeds.move(move, bug, steps, self._desk, backend, press)
                ended = await self._host.carry_out(deed, quietly=not alone)
                if ended is None or ended.failure:
                    failed[key] = ended.sentence if ended else UNDER_WAY
            elif alone:
                self._host.say(f"#{key} is so already: nothing is to be changed.")
            under_way.remove(key)
            show(frozenset(under_way))
        if not alone:
            self._report(len(chosen), "moved", failed)
        return frozenset(failed)

    async def take_back(self, made: Sequence[Made], show: Callable[[frozenset[str]], None]) -> None:
        """Undo what one press moved, the last one first, as far as nobody has moved it since."""
        backend, alone = self._host.backend, len(made) == 1
        if backend is None:
            return
        failed = {str(one.after.number): why for one in made if (why := self._desk.why_not_undo(one))}
        if alone and failed:
            self._host.say(f"“{made[0].title}” cannot be taken back. {' '.join(failed.values())}", bad=True)
            return
        there = [one for one in made if str(one.after.number) not in failed]
        under_way = [str(one.after.number) for one in there]
        for one in there:
            show(frozenset(under_way))
            ended = await self._host.carry_out(bug_deeds.take_back(one, self._desk, backend), quietly=not alone)
            if ended is None or ended.failure:
                failed[str(one.after.number)] = ended.sentence if ended else UNDER_WAY
            under_way.remove(str(one.after.number))
        show(frozenset())
        if not alone:
            self._report(len(made), "taken back", failed)

    def _report(self, count: int, done: str, failed: dict[str, str]) -> None:
        reasons = " ".join(why if f"#{key}" in why else f"#{key}: {why}" for key, why in failed.items())
        self._host.say(f"{count - len(failed)} of {count} bugs {done}. {reasons}".strip(), bad=bool(failed))
