"""Results of planning in the user's cache folder: found by content, checked, never trusted.

One file per result, named by its key, in ``planning`` beside the cached road networks (see
``network.cache``; ``XUNCHA_CACHE`` moves the folder or turns it off). A file holds a checksum over
its name and content, and JSON that must be of the type asked for; one that fails in any way is as
good as none. Files are written whole or not at all, and those used longest ago make room.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from network.cache import cache_folder, write_whole

_MAGIC: Final = b"xuncha planning 1\n"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
#: A year of the sample county takes some 2 MB.
MOST_BYTES: Final = 256 * 2**20


@dataclass(frozen=True)
class KeptFiles:
    """A folder of kept results."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def read(self, name: str) -> bytes | None:
        """Return the content kept under ``name``, None where there is none or it is damaged."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + _DIGEST_BYTES
        body = content[start:]
        if content[:start] != _MAGIC + _digest(name, body):
            return None
        with suppress(OSError):
            os.utime(path)  # used last: kept longest
        return body

    def write(self, name: str, body: bytes) -> None:
        """Keep a content under ``name``; a folder that cannot be written to keeps nothing."""
        write_whole(self.folder / name, _MAGIC + _digest(name, body) + body)

    def make_room(self) -> None:
        """Remove what was used longest ago until the rest is no larger than allowed."""
        kept = sorted(self._sizes(), reverse=True)
        total = 0
        for _, size, path in kept:
            total += size
            if total > self.most_bytes:
                with suppress(OSError):
                    path.unlink()

    def _sizes(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each file was used, its bytes, and the file (half-written ones too)."""
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(OSError):
                    state = path.stat()
                    yield state.st_mtime, state.st_size, path


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + body).digest()


def kept_files() -> KeptFiles | None:
    """Return the user's kept results, None where the user has turned caching off."""
    folder = cache_folder()
    return None if folder is None else KeptFiles(folder / "planning")
