"""A new folder of files that somebody takes along. Never: into a folder with something in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sightpact.agreements.errors import AgreementError


def write_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Make the folder and write the files, name to content; returns their names.

    Raises:
        AgreementError: the folder has something in it, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise AgreementError(str(folder), "is not empty.", "Name a new folder.")
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as fault:
        raise AgreementError(
            str(folder), f"cannot be written ({fault.strerror}).", "Name another folder."
        ) from None
    return tuple(files)
