"""The most memory a process and its children held together, sampled while a block runs."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

_PROC = Path("/proc")
_INTERVAL_SECONDS = 0.2


class PeakMemory:
    """``with PeakMemory() as peak: ...``; then ``peak.megabytes``, None where there is no /proc.

    The kernel's own peak of a child counts what its parent held when it was started, hence
    sampling. Pages that processes share are counted for each.
    """

    def __init__(self) -> None:
        self.megabytes: float | None = None
        self._ended = Event()
        self._sampler = Thread(target=self._sample, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._sampler.join()

    def _sample(self) -> None:
        while True:
            last = self._ended.wait(_INTERVAL_SECONDS)
            held = family_megabytes(os.getpid())
            if held is not None:
                self.megabytes = max(held, self.megabytes or 0.0)
            if last:
                return


def family_megabytes(process: int) -> float | None:
    """Return the resident megabytes of a process and its direct children, None without /proc."""
    if not (_PROC / str(process) / "status").exists():
        return None
    statuses = [_status(path) for path in _PROC.glob("[0-9]*/status")]
    family = [s for s in statuses if str(process) in {s.get("Pid"), s.get("PPid")}]
    return sum(int(s.get("VmRSS", "0 kB").split()[0]) for s in family) / 1000


def _status(path: Path) -> dict[str, str]:
    """Return a process' status lines by name; none when it has just ended."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
