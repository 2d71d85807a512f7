"""`fleet-tui completion`: the tab key in the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from fleet_tui.cli.output import put
from fleet_tui.exits import Exit

VARIABLE = "_FLEET_TUI_COMPLETE"
"""By which the shell asks the program for completions; click makes it from the program's name."""
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", metavar="|".join(SHELLS), type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script that completes fleet-tui's commands and options in SHELL.

    \b
    bash:  eval "$(fleet-tui completion bash)"         in .bashrc
    zsh:   eval "$(fleet-tui completion zsh)"          in .zshrc, below compinit
    fish:  fleet-tui completion fish | source          in config.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None
    put(completion(ctx.find_root().command, {}, "fleet-tui", VARIABLE).source())
    return Exit.OK
