"""Patrol need by column generation: covering all visits by patrols, as a linear programme.

``min sum x_r, sum over routes r through i of x_r >= n_i``. Whatever the values w_i >= 0 of the
tasks, no patrol collecting more than W = the most valuable patrol's worth means that at least
``sum n_i w_i / W`` patrols are needed (Farley 1990). The values are the duals rounded down to
whole numbers and W is bounded exactly over a relaxation, so the bound is a proof in integers.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from math import ceil

import numpy as np

from optimizer.bound_graph import NOTHING, Ints, RouteGraph
from optimizer.bound_master import Floats, Master
from optimizer.bound_pricing import Found, Pricing, Values

#: Duals are floored to this fraction.
SCALE = 10**7
#: What a visit is worth at most, in turn, as a multiple of its share of a patrol; more only where
#: that proves nothing: modest values make short work of the linear programme and of proofs.
CAPS = (1.4, 100.0)
#: How far the programme has to be above what is to be proven to go on with modest values.
MARGIN = 0.003
#: And how much of that the values have to show before it is tried: a proof in haste takes long.
RIPE = 0.5
#: How much of the last values stays in the next ones (Wentges 1997).
INERTIA = 0.7
#: A proof is tried when no better patrol than this is found, or it would be the best to be had.
NEARLY, NEAR = 1.001, 1.02
#: Proofs tried, times the nodes squared: a large problem's take seconds each.
PROOFS = 900_000
#: Rounds until a lesser proof is tried when the labels ran out.
PATIENCE = 5


@dataclass(frozen=True)
class ColumnProof:
    """At least ``lower`` patrols, proven by the tasks' ``worth`` (none: ``lower`` was given).

    ``learned``: (node, task) that the graph's nodes have to remember for that.
    """

    lower: int
    worth: tuple[int, ...] = ()
    learned: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Effort:
    """How long to try: rounds of the linear programme, and seconds (None: as long as it takes)."""

    rounds: int
    seconds: float | None = None


def column_proof(
    graph: RouteGraph, need: Ints, *, known: int | None, lower: int, effort: Effort
) -> ColumnProof:
    """Return a proven least number of patrols of ``graph``, at least ``lower``, for ``need`` (n).

    Stops early at ``known``, when the linear programme is no more than ``lower``, or when the
    effort is spent.
    """
    return _Generation(graph, need, lower, known).run(effort)


def proves(graph: RouteGraph, need: Ints, proof: ColumnProof) -> bool:
    """Whether one exact pricing confirms a proof: fewer patrols cannot be worth all visits.

    With all that nodes had to remember or, where the labels do not suffice for that, learning it
    again little by little.
    """
    worth = np.array(proof.worth, np.int64)
    if len(worth) != len(need) or (worth < 0).any():
        return False
    enough = _enough(int((need * worth).sum()), proof.lower - 1)
    values = values_of(graph, worth)
    complete, found = Pricing(graph.remembering(proof.learned)).prove(values, enough)
    if not complete:
        complete, found = Pricing(graph).prove(values, enough)
    return complete and not found


def _enough(total: int, fewer: int) -> int:
    """Return what patrols may be worth for more than ``fewer`` of them to be needed."""
    return -(-total // fewer) - 1 if fewer > 0 else total


def values_of(graph: RouteGraph, worth: Ints) -> Values:
    """Return what arcs gain when each task is worth so much; worthless tasks are passed over."""
    at_node = np.concatenate([[0], worth[graph.task[1:]]])
    gain = np.tile(at_node, (len(at_node), 1))
    gain[:, at_node <= 0] = NOTHING
    gain[graph.task[:, None] == graph.task[None, :]] = NOTHING
    gain[:, 0] = 0
    return Values(gain, at_node)


class _Generation:
    """One run: the linear programme, the pricing and what is proven."""

    def __init__(self, graph: RouteGraph, need: Ints, lower: int, known: int | None) -> None:
        self.graph, self.need = graph, need
        self.known = int(need.sum()) + 1 if known is None else known
        self.proof = ColumnProof(lower)
        self.pricing = Pricing(graph)
        self.master = Master(need.tolist(), [np.inf] * len(need))
        self.duals = _shares(graph)
        self.caps = [self.duals * cap for cap in (CAPS if known is not None else CAPS[-1:])]
        for task, cap in enumerate(self.caps[0].tolist()):
            self.master.add([(task, 1.0)], cap, stays=True)
        self.next_try, self.ceiling, self.out = 0, self.known, 0
        self.proofs = max(3, PROOFS // len(graph.task) ** 2)

    def run(self, effort: Effort) -> ColumnProof:
        """Generate columns until nothing more can be proven."""
        started = time.perf_counter()
        for number in range(effort.rounds):
            if self.proof.lower >= self.known or self.proofs <= 0:
                break
            value, exact = self.master.solve()
            if len(self.caps) > 1 and value < (self.ceiling - 1) * (1.0 + MARGIN):
                self._loosen()
                continue
            if value <= self.proof.lower + 1e-9:
                break
            if effort.seconds is not None and time.perf_counter() - started > effort.seconds:
                break
            self.duals = INERTIA * self.duals + (1.0 - INERTIA) * np.maximum(exact, 0.0)
            if not self._improve(self.duals, value, number):
                self.duals = np.maximum(exact, 0.0)
                if not self._improve(self.duals, value, number) and not self._loosen():
                    break
        return self.proof

    def _loosen(self) -> bool:
        """Let visits be worth more; return whether they may be."""
        if len(self.caps) == 1:
            return False
        before = self.caps.pop(0)
        for task, (cap, to) in enumerate(zip(before.tolist(), self.caps[0].tolist(), strict=True)):
            self.master.change_cost([(task, 1.0)], cap, to)
        return True

    def _improve(self, duals: Floats, value: float, number: int) -> bool:
        """Price once; return whether there is a new column or a better bound."""
        worth = np.floor(duals * SCALE).astype(np.int64)
        total = int((self.need * worth).sum())
        values = values_of(self.graph, worth)
        rate = SCALE / self.graph.limit
        found = self.pricing.guess(values, rate)
        target = self._target(total, value, _top(found))
        if target > self.proof.lower and number >= self.next_try:
            enough = _enough(total, target - 1)
            if _top(found) <= enough:
                found += self.pricing.guess(values, rate, thoroughly=True)
            if _top(found) <= enough:
                proven, better = self._prove(values, enough, number)
                if proven:
                    self.proof = ColumnProof(
                        target, tuple(worth.tolist()), tuple(sorted(self.pricing.learned))
                    )
                    return True
                if better is None and not self._loosen():
                    self._ran_out(target)
                found += better or []
        return self._add(found)

    def _ran_out(self, target: int) -> None:
        """Be content with a patrol fewer where the labels ran out twice: first nodes may learn."""
        self.out += 1
        if self.out > 1 and target - 1 > self.proof.lower:
            self.ceiling = target - 1

    def _target(self, total: int, value: float, top: int) -> int:
        """Return what may be proven now, 0 as long as better patrols are found easily."""
        target = min(-(-total // max(top, SCALE)), self.known)
        modest = len(self.caps) > 1
        hope = self.ceiling if modest else min(ceil(value - 1e-9), self.known)
        shown = total / max(top, 1) - (hope - 1)
        ripe = target >= hope and shown >= RIPE * (value - (hope - 1))
        if modest:
            return hope if ripe else 0
        if not (top <= NEARLY * SCALE or (ripe and top <= NEAR * SCALE)):
            return 0
        target = min(target, self.ceiling)
        last = self.proofs == 1 and target - 1 > self.proof.lower
        return target - 1 if last else target  # the last try: the surer one

    def _prove(self, values: Values, enough: int, number: int) -> tuple[bool, Found | None]:
        """Price for sure; return whether no patrol is worth more, else those that are.

        None where the labels ran out: then nothing like it is tried for some rounds.
        """
        self.proofs -= 1
        complete, better = self.pricing.prove(values, enough)
        if not complete:
            self.next_try = number + PATIENCE
            return False, None
        return not better, better

    def _add(self, found: Found) -> bool:
        """Add patrols as columns; return whether any is new."""
        fresh = False
        for _, route in found:
            entries = Counter(self.graph.task[route].tolist())
            fresh |= self.master.add([(t, float(n)) for t, n in entries.items()], 1.0)
        return fresh


def _top(found: Found) -> int:
    """Return what the best patrol found is worth."""
    return max((worth for worth, _ in found), default=0)


def _shares(graph: RouteGraph) -> Floats:
    """Return each task's share of a patrol: the time at it, short legs and some of the way out."""
    spend = graph.spend[:, 1:].astype(float)
    near = np.sort(spend[1:], axis=0)[:2].mean(axis=0) if len(spend) > 2 else spend[0]
    trip = spend[0] + graph.spend[1:, 0]
    share = near + np.maximum(trip - near, 0.0) * np.median(near) / max(1, graph.limit)
    duals = np.full(graph.tasks, np.inf)
    np.minimum.at(duals, graph.task[1:], share / max(1, graph.limit))
    least: Floats = np.maximum(duals, 1.0 / SCALE)
    return least
