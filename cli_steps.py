"""What several verbs of the command line do: read, plan and audit, publish, check what is given."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from signal import SIG_IGN, SIGINT
from threading import current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING

from network.problems import InputError, Language, Problem, Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scheduling.audit import AuditReport
    from scheduling.inputs import PlanInputs
    from scheduling.plan.model import Plan


def inputs_of(
    folder: Path,
    year: int | None,
    first_day: datetime | None,
    last_day: datetime | None,
    units: list[str] | None,
) -> PlanInputs:
    """Read a county folder for the days and units asked for."""
    from scheduling.inputs import load_inputs

    return load_inputs(
        folder,
        year=year,
        first_day=first_day.date() if first_day else None,
        last_day=last_day.date() if last_day else None,
        units=units or (),
    )


@dataclass(frozen=True)
class Effort:
    """How to plan: with how many processes, how long, and going on from which plan."""

    workers: int
    time_limit_seconds: float | None = None
    earlier: Plan | None = None


def earlier_plan(
    target: Path, inputs: PlanInputs, seed: int, secret: bytes | None
) -> tuple[Plan, bytes]:
    """Return the interrupted plan at ``target`` and the secret its spot checks were drawn by."""
    from scheduling.plan.store import read_plan, read_secret
    from scheduling.planning.resume import check_continues

    earlier = read_plan(target)
    secret = secret or read_secret(target) or secret_of(None)
    check_continues(earlier, inputs, seed=seed, secret=secret, file=str(target))
    return earlier, secret


@contextmanager
def _one_interrupt() -> Iterator[None]:
    """Let the first Ctrl-C stop the planning and no second one lose what it keeps."""
    if current_thread() is not main_thread() or signal.getsignal(SIGINT) is SIG_IGN:
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(SIGINT, SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(SIGINT, before)


def plan_and_audit(
    screen: Screen,
    inputs: PlanInputs,
    target: Path,
    seed: int,
    secret: bytes,
    effort: Effort,
) -> tuple[Plan, AuditReport, Path]:
    """Plan, write, and audit what was written: the file is what is signed or refused.

    Returns the file too: an interrupted plan never takes the place of a plan already there, unless
    it went on from that one, but goes beside it.
    """
    from scheduling.audit import audit_plan
    from scheduling.plan.model import PlanStatus
    from scheduling.plan.store import read_plan, write_plan
    from scheduling.planning import make_plan

    with _one_interrupt():
        with screen.progress() as progress:
            made = make_plan(
                inputs,
                seed=seed,
                secret=secret,
                workers=effort.workers,
                time_limit_seconds=effort.time_limit_seconds,
                earlier=effort.earlier,
                progress=progress,
            )
        if made.status is PlanStatus.INTERRUPTED and target.exists() and effort.earlier is None:
            target = target.with_name(f"{target.stem}.interrupted{target.suffix}")
        write_plan(made, target, secret=secret)
    del made  # a county's year need not be in memory twice
    written = read_plan(target)
    return written, audit_plan(written), target


def publish_documents(
    screen: Screen, plan_file: Path, out: Path, only: tuple[str, ...], language: Language
) -> tuple[Path, ...]:
    """Write a plan's documents into ``out`` and return them."""
    from reports import publish as publish_plan
    from scheduling.plan.store import read_plan

    with screen.progress() as progress:
        return publish_plan(
            # Documents never show spot checks, so what is sealed stays sealed.
            read_plan(plan_file, unseal=False),
            out,
            only=only,
            language=language,
            progress=progress,
        )


def all_workers() -> int:
    """Return one process per core."""
    return os.cpu_count() or 1


def secret_of(given: str | None) -> bytes:
    """Return the spot checks' secret: fresh unless given. InputError when not hexadecimal."""
    if given is None:
        return secrets.token_bytes(32)
    try:
        secret = bytes.fromhex(given)
    except ValueError:
        secret = b""
    if len(secret) < 16:
        cause = Text("不是至少32位的十六进制数", "not a hexadecimal number of at least 32 digits")
        action = Text("省略该选项即随机生成", "leave the option out to draw one")
        raise InputError([Problem("cli.bad-secret", "", cause, action, field="--spot-secret")])
    return secret


def demo_secret(seed: int) -> bytes:
    """Return the demonstration's secret, ever the same: its plan can be made again."""
    from hashlib import sha256

    return sha256(f"xuncha demo {seed}".encode()).digest()


def make_folder(path: Path) -> None:
    """Make the folder of an ``--out`` unless it is there; InputError when it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cause = Text(
            f"无法建立文件夹（{error.strerror}）", f"the folder cannot be made ({error.strerror})"
        )
        action = Text("请另选文件夹", "choose another folder")
        raise InputError(
            [Problem("cli.no-folder", str(path), cause, action, field="--out")]
        ) from error


def check_target(path: Path, suffix: str = "") -> None:
    """Refuse a target that cannot be written before minutes of planning, not after.

    InputError when its folder is not there or not to be written to, when it is a folder itself,
    or when it does not end in ``suffix``.
    """
    cause = Text("无法写到这里", "cannot be written there")
    if not path.parent.is_dir() or path.is_dir():
        action = Text(
            "请先建立文件夹，并给出文件名", "make the folder first, and name a file in it"
        )
    elif not os.access(path.parent, os.W_OK):
        action = Text(
            "该文件夹不可写，请另选文件夹", "the folder is write-protected: choose another"
        )
    elif path.suffix.lower() != suffix and suffix:
        action = Text(f"文件名应以 {suffix} 结尾", f"let the name of the file end in {suffix}")
    else:
        return
    raise InputError([Problem("cli.no-folder", str(path), cause, action, field="--out")])
