"""Where the user's files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import platformdirs
from msgspec import Struct

from fleet_tui.exits import Exit, Stop

APP = "fleet-tui"
CONFIG_VARIABLE = "FLEET_TUI_CONFIG"
STATE_VARIABLE = "FLEET_TUI_STATE"


class Paths(Struct, frozen=True):
    """The configuration file, written by the set-up or `config init`, and the directory of what is remembered."""

    config_file: Path
    state_dir: Path
    program: str = APP
    """How to call the program, in a sentence that says what to do, for the same configuration."""

    @classmethod
    def of_user(cls, config: Path | None, env: Mapping[str, str]) -> Paths:
        """The paths to use: `config` (`--config`), else the variables in `env`, else the platform's directories."""
        named = config or _path(env, CONFIG_VARIABLE)
        return cls(
            config_file=named or platformdirs.user_config_path(APP, appauthor=False) / "config.toml",
            state_dir=_path(env, STATE_VARIABLE) or platformdirs.user_state_path(APP, appauthor=False),
            program=_with_option(config) if config else APP,
        )

    def store(self, repository: str) -> Path:
        """The database of readings, journal and outbox of the team that works in `repository`, as `owner/name`."""
        owner, _, name = repository.lower().partition("/")
        return self.state_dir / f"{APP}.{owner}--{name}.sqlite3"  # no owner on GitHub has two hyphens in a row

    @property
    def log(self) -> Path:
        """The log file."""
        return self.state_dir / f"{APP}.log"

    def last_frame(self, screen: str) -> Path:
        """What that screen looked like last."""
        return self.state_dir / f"{APP}-{screen}.frame"

    def make_state_dir(self) -> Path:
        """Create the state directory, readable by the user alone, unless it is there; gives it back.

        Raises `Stop` when it cannot be created.
        """
        try:
            self.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or "unknown reason"
            raise Stop(
                Exit.UNAVAILABLE,
                f"The state directory {self.state_dir} cannot be created ({why}). "
                f"Name another one with {STATE_VARIABLE}.",
            ) from error
        return self.state_dir


def _with_option(config: Path) -> str:
    import shlex  # seldom needed

    return f"{APP} --config {shlex.quote(str(config))}"


def _path(env: Mapping[str, str], variable: str) -> Path | None:
    value = env.get(variable, "")
    return Path(value).expanduser() if value else None
