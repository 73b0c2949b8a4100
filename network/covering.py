"""Short drives from which enough of an area is seen: covering and touring in one.

The shortest set of roads that shows enough and the shortest drive over given roads (the rural
postman) are two halves of one problem: roads far apart that show much are no bargain if one has to
drive between them. So both are searched together (a covering tour problem, Gendreau, Laporte and
Semet 1997): stops at places along the roads, shortest ways between, and whatever is seen on the way
counts. Any drive is such a tour. Where everything to see lies along given roads this is the rural
postman problem itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from network.covering_kernels import search
from network.covering_tours import length, masks_along, seen_count

#: Rounds of ruin and recreate for a circuit, and for a way through from one place to another.
_ROUNDS = 500
_THROUGH_ROUNDS = 40
#: To how many of the nearest places a stop may shift.
_NEAR = 6
_SEED = 1


@dataclass(frozen=True)
class CoveringProblem:
    """Places, metres between them and what is seen on the way; how many samples must be seen.

    ``metres`` (p, p); ``seen`` (p, p, w) words of 64 samples, ``seen[a, a]`` from the place alone;
    ``must`` (p,) are places that the drive has to pass.
    """

    metres: NDArray[np.float64]
    seen: NDArray[np.uint64]
    needed: int
    must: NDArray[np.bool_]

    @cached_property
    def near(self) -> NDArray[np.int64]:
        """The nearest places of each, -1 after the last."""
        p = len(self.metres)
        apart = np.minimum(self.metres, self.metres.T)
        apart = apart + np.where(np.eye(p, dtype=bool), np.inf, 0.0)
        nearest = np.full((p, _NEAR), -1)
        order = np.argsort(apart, axis=1, kind="stable")[:, : min(_NEAR, p - 1)]
        nearest[:, : order.shape[1]] = order
        return nearest

    @cached_property
    def around(self) -> NDArray[np.uint64]:
        """What is seen from each place and on the ways from and to the nearest ones (p, w)."""
        places = np.arange(len(self.metres))
        shown = self.seen[places, places]
        for near in self.near.T:
            other = np.where(near < 0, places, near)
            shown = shown | self.seen[places, other] | self.seen[other, places]
        return np.ascontiguousarray(shown)


@dataclass(frozen=True)
class Tour:
    """Stops in order (places by number), metres, and how many samples are seen.

    A circuit leads back to its first stop, which is not named again.
    """

    stops: tuple[int, ...]
    is_circuit: bool
    metres: float
    seen_count: int

    @property
    def legs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of stops driven between; a circuit of one stop has none."""
        after = self.stops[1:] + self.stops[:1] if self.is_circuit else self.stops[1:]
        return tuple((a, b) for a, b in zip(self.stops, after, strict=False) if a != b)


def covering_circuit(problem: CoveringProblem) -> Tour:
    """Return a short circuit that passes the places it must and sees enough.

    Sees less only where all places together do not see more.
    """
    start = np.flatnonzero(problem.must)
    if len(start) == 0:
        alone = problem.seen[np.arange(len(problem.metres)), np.arange(len(problem.metres))]
        start = np.array([np.argmax(np.bitwise_count(alone).sum(axis=1))])
    return _searched(problem, start.astype(np.int64), is_circuit=True)


def covering_way(problem: CoveringProblem, circuit: Tour, start: int, end: int) -> Tour:
    """Return a short way from one place to another that does what the circuit does.

    The circuit gives the stops to start from.
    """
    stops = list(circuit.stops)
    if start in stops:
        stops = stops[stops.index(start) :] + stops[: stops.index(start)]
    first = np.array([start, *(stop for stop in stops if stop not in {start, end}), end])
    return _searched(problem, first.astype(np.int64), is_circuit=False)


def _searched(problem: CoveringProblem, start: NDArray[np.int64], *, is_circuit: bool) -> Tour:
    rounds = _ROUNDS if is_circuit else _THROUGH_ROUNDS
    draws = np.random.default_rng(_SEED).random(8192 + len(problem.metres))
    # One layout of arrays: others would be compiled anew.
    metres, seen = np.ascontiguousarray(problem.metres), np.ascontiguousarray(problem.seen)
    must, near, needed = problem.must, problem.near, int(problem.needed)
    arrays = (metres, seen, problem.around, needed)
    stops = search(start, bool(is_circuit), *arrays, must, near, rounds, draws)
    length_m = length(stops, len(stops), is_circuit, metres)
    count = seen_count(stops, len(stops), is_circuit, seen)
    return Tour(tuple(stops.tolist()), is_circuit, float(length_m), int(count))


def warm_up() -> None:
    """Compile the kernels that areas need, or load them: some 13 s of CPU once per machine.

    They are otherwise compiled by the first area that is seen, without a word.
    """
    metres = np.array([[0.0, 1.0], [1.0, 0.0]])
    seen = np.zeros((2, 2, 1), np.uint64)
    covering_circuit(CoveringProblem(metres, seen, 0, np.zeros(2, np.bool_)))
    one, no_arc = np.zeros(1, np.int64), np.full((1, 1), -1)
    masks_along(one, no_arc, no_arc, seen[0], seen[0, :1], seen[:1, :1])
