"""The shortest covering circuit of small areas, by dynamic programming: what searches are held to.

A state is a place and the set of samples seen on the way there; steps lead to neighbouring places
and never unsee. With up to ``MOST_SAMPLES`` samples all states can be gone through.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from network.compiled import kernel
from network.covering import CoveringProblem
from network.covering_tours import bits

#: Samples and places to pass, together; the states double with each.
MOST_SAMPLES: Final = 16
#: Sums of the same metres in another order differ by less.
_NOISE_M = 1e-6


def exact_circuit_m(problem: CoveringProblem, limit_m: float) -> float:
    """Return the metres of the shortest circuit that does what the problem asks.

    Only circuits up to ``limit_m`` are looked for (infinite: none is as short): the length of a
    known one makes it quick. Raises ValueError when there are too many samples.
    """
    places = np.arange(len(problem.metres))
    start, end = neighbour_steps(problem.metres)
    words = np.concatenate([problem.seen[places, places], problem.seen[start, end]])
    shown = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little").astype(bool)
    used = shown.any(axis=0)
    passed = np.flatnonzero(problem.must)
    if used.sum() + len(passed) > MOST_SAMPLES:
        raise ValueError(f"more than {MOST_SAMPLES} samples and places to pass")
    ends = np.concatenate([places, end])
    table = np.hstack([shown[:, used], ends[:, None] == passed])
    masks = (table @ (1 << np.arange(table.shape[1]))).astype(np.int64)
    must_mask = ((1 << len(passed)) - 1) << int(used.sum())
    first = np.searchsorted(start, np.arange(len(places) + 1))
    least_m = just_above = limit_m + _NOISE_M
    for place in _starts(shown[:, used], places, start, passed, problem.needed):
        least_m = _least_circuit_m(
            place,
            problem.metres,
            first,
            end,
            masks[len(places) :],
            masks[: len(places)],
            table.shape[1],
            (problem.needed, must_mask),
            least_m,
        )
    return least_m if least_m < just_above else float("inf")


def neighbour_steps(metres: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of places with no third place on the shortest way between them, sorted."""
    direct = ~np.eye(len(metres), dtype=bool)
    for via in range(len(metres)):
        around = metres[:, via, None] + metres[None, via] <= metres + 1e-9
        around[via] = around[:, via] = False
        direct &= ~around
    start, end = np.nonzero(direct)
    return start, end


def _starts(
    shown: NDArray[np.bool_],
    places: NDArray[np.int64],
    step_start: NDArray[np.int64],
    passed: NDArray[np.int64],
    needed: int,
) -> list[int]:
    """Return few places of which every circuit has at least one.

    So many samples that one of them must be seen: those seen from the fewest places.
    """
    if len(passed):
        return [int(passed[0])]
    at = np.concatenate([places, step_start])
    from_places = [np.unique(at[shown[:, sample]]) for sample in range(shown.shape[1])]
    from_places.sort(key=len)
    must_see_one = from_places[: shown.shape[1] - needed + 1]
    starts: list[int] = np.unique(np.concatenate(must_see_one)).tolist()
    return starts


@kernel
def _least_circuit_m(
    home: int,
    metres: NDArray[np.float64],
    first: NDArray[np.int64],
    step_end: NDArray[np.int64],
    step_shows: NDArray[np.int64],
    place_shows: NDArray[np.int64],
    sample_count: int,
    wanted: tuple[int, int],
    best: float,
) -> float:
    """Return the least metres of a circuit from ``home`` that are less than ``best``, or that."""
    needed, must_mask = wanted
    p = len(metres)
    reached = np.full((1 << sample_count, p), np.inf)
    reached[place_shows[home], home] = 0.0
    waiting = np.empty(p, np.int64)
    waits = np.zeros(p, np.bool_)
    for mask in range(1 << sample_count):
        enough = mask & must_mask == must_mask
        enough = enough and bits(np.uint64(mask & ~must_mask)) >= needed
        count = 0
        for place in range(p):
            if reached[mask, place] + metres[place, home] < best:
                waiting[count], count = place, count + 1
                waits[place] = True
        while count:
            count -= 1
            place = waiting[count]
            waits[place] = False
            done_m = reached[mask, place]
            if enough:
                best = min(best, done_m + metres[place, home])
                continue
            for step in range(first[place], first[place + 1]):
                after = step_end[step]
                then_m = done_m + metres[place, after]
                seen = mask | step_shows[step] | place_shows[after]
                if then_m + metres[after, home] < best and then_m < reached[seen, after]:
                    reached[seen, after] = then_m
                    if seen == mask and not waits[after]:
                        waiting[count], count = after, count + 1
                        waits[after] = True
    return best
