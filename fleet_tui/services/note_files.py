"""A text that the person wants to have as a file."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from fleet_tui.domain.problem import Cause, Failure, Problem


async def write_new(file: str, text: str) -> Path:
    """Write `text` into a new file, readable by its owner alone; gives its path. Raises `Failure`.

    A file that is there already is left as it is.
    """
    return await asyncio.to_thread(_write, file, text)


def _write(file: str, text: str) -> Path:
    try:
        path = Path(file).expanduser().absolute()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise _failure(f"There is a file {file} already.", "Choose another name.") from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: the `~` of nobody; ValueError: a null byte
        why = getattr(error, "strerror", None) or "no such place"
        raise _failure(f"{file} cannot be written ({why}).", "Choose another place.") from None
    return path


def _failure(sentence: str, remedy: str) -> Failure:
    return Failure(Problem("The file", Cause.REFUSED, sentence, remedy))
