"""The command palette, made from the bindings that are active: whatever a key does stands there by its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import cast

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from fleet_tui.domain.procedures import Procedure
from fleet_tui.screens.host import Host
from fleet_tui.screens.procedure_dialog import ProcedureDialog


class KeyCommands(Provider):
    """Every action of the present screen that can be done now."""

    async def search(self, query: str) -> Hits:
        """The actions that match `query`."""
        matcher = self.matcher(query)
        for title, help_, run in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=help_)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, help_, run in self._commands():
            yield DiscoveryHit(title, run, help=help_)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Awaitable[bool]]]]:
        found: dict[str, list[ActiveBinding]] = {}
        for active in self.screen.active_bindings.values():
            name = active.binding.id
            if name and active.binding.tooltip and active.enabled and not name.startswith("rows."):
                found.setdefault(f"{name} {active.binding.action}", []).append(active)
        for several in found.values():
            node, binding = several[0].node, several[0].binding
            keys = " ".join(self.app.get_key_display(one.binding) for one in several)
            run = partial(self.app.run_action, binding.action, node)
            yield f"{binding.description}  ({keys})", str(binding.tooltip), run


class ProcedureCommands(Provider):
    """Every procedure, ours and the team's own, as a checklist."""

    async def startup(self) -> None:
        """Read them: a team may have changed its own."""
        found = await self._host.desks.certificates.read_procedures()
        self._procedures = found.procedures

    @property
    def _host(self) -> Host:
        return cast("Host", self.app)

    async def search(self, query: str) -> Hits:
        """The procedures whose titles match `query`. Before anything is typed, the palette lists the keys alone."""
        matcher = self.matcher(query)
        for procedure in self._procedures:
            title = f"Procedure: {procedure.title}"
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), partial(self._open, procedure), help=procedure.short)

    def _open(self, procedure: Procedure) -> None:
        self.app.push_screen(ProcedureDialog(procedure, self._host))
