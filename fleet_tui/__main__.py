"""The entry point: whatever happens, a person gets a sentence and a script gets an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from fleet_tui.cli import cli
from fleet_tui.cli.start import say
from fleet_tui.cli.streams import Unwritten, drop, guarded
from fleet_tui.exits import Exit, Stop
from fleet_tui.paths import Paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (the process's own by default) and give the exit code."""
    with guarded():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        return int(cli.main(arguments, prog_name="fleet-tui", standalone_mode=False) or Exit.OK)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as error:
        if error.__cause__ is None:  # at a question: the cursor stands behind it
            say("")
        return Exit.INTERRUPTED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Unwritten as error:
        drop(sys.stdout)
        if error.has_no_reader:
            return Exit.BROKEN_PIPE
        say(f"The output could not be written in full ({error.reason}). Make room, or write it elsewhere.")
        return Exit.UNAVAILABLE
    except Exception as error:  # noqa: BLE001  # the last line of defence
        return _ended_by(error)


def _ended_by(error: Exception) -> Exit:
    from fleet_tui.services.secret import redact

    code, sentence = ending(error)
    say(redact(sentence))
    return code


def ending(error: Exception) -> tuple[Exit, str]:
    """The exit code and the words that `error` ends the program with. Its kinds are loaded when there is one."""
    from fleet_tui.config.problem import ConfigError
    from fleet_tui.crash import report
    from fleet_tui.domain.problem import Cause, Failure
    from fleet_tui.services.tokens import TokenError

    match error:
        case Stop():
            return error.code, error.sentence
        case ConfigError():
            count = len(error.problems)
            return Exit.BAD_CONFIG, f"The configuration has {count} fault{'s' * (count > 1)}:\n{error}"
        case TokenError():
            return Exit.REFUSED, str(error)
        case Failure():
            declined = error.problem.cause is Cause.REFUSED
            return Exit.REFUSED if declined else Exit.UNAVAILABLE, error.problem.text
    return Exit.BUG, report(error, Paths.of_user(None, os.environ))


if __name__ == "__main__":
    sys.exit(main())
