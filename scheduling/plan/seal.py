"""Sealed spot checks 抽查: what the open plan must not show, taken out and put back.

A complete plan has no ``sealed_days``. In the open plan each spot-check patrol keeps its day,
crew and vehicle only; its route, and the requirements it answers, go to the sealed part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scheduling.county.seasons import clock_seconds, latest_return_seconds
from scheduling.county.settings import CountySettings
from scheduling.plan.model import Patrol, PatrolKind, Plan, Unmet
from scheduling.requirements import Requirement


@dataclass(frozen=True)
class SealedPart:
    """What the open plan does not show, all sorted by id.

    ``met`` holds whole entries, also of an open requirement that a sealed visit helps to meet.
    """

    patrols: tuple[Patrol, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    met: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmet: tuple[Unmet, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to seal."""
        return not (self.patrols or self.requirements)


def hash_secret(secret: bytes) -> str:
    """Return the SHA-256 of the spot checks' secret, in hexadecimal."""
    return hashlib.sha256(secret).hexdigest()


def seal(plan: Plan) -> tuple[Plan, SealedPart]:
    """Split a complete plan into the open plan and the sealed part; an open plan stays as it is."""
    if plan.sealed_days:
        return plan, SealedPart()
    patrols = tuple(p for p in plan.patrols if p.kind is PatrolKind.SPOT_CHECK)
    requirements = tuple(r for r in plan.requirements if r.spot_check)
    secret_ids = {r.id for r in requirements}
    secret_visits = {visit.id for patrol in patrols for visit in patrol.visits}
    met = {
        requirement: visits
        for requirement, visits in plan.met.items()
        if requirement in secret_ids or secret_visits.intersection(visits)
    }
    open_plan = replace(
        plan,
        requirements=tuple(r for r in plan.requirements if not r.spot_check),
        patrols=tuple(
            _without_route(p, plan.county.settings) if p.kind is PatrolKind.SPOT_CHECK else p
            for p in plan.patrols
        ),
        met={
            requirement: tuple(visit for visit in visits if visit not in secret_visits)
            for requirement, visits in plan.met.items()
            if requirement not in secret_ids
        },
        unmet=tuple(u for u in plan.unmet if u.requirement not in secret_ids),
        sealed_days=tuple(p.id for p in patrols),
    )
    unmet = tuple(u for u in plan.unmet if u.requirement in secret_ids)
    return open_plan, SealedPart(patrols, requirements, met, unmet)


def unseal(open_plan: Plan, sealed: SealedPart) -> Plan:
    """Put the sealed part back: the complete plan. KeyError when a sealed patrol is lacking."""
    whole = {patrol.id: patrol for patrol in sealed.patrols}
    return replace(
        open_plan,
        requirements=_sorted(open_plan.requirements + sealed.requirements),
        patrols=tuple(
            whole[patrol.id] if patrol.id in open_plan.sealed_days else patrol
            for patrol in open_plan.patrols
        ),
        met={**open_plan.met, **sealed.met},
        unmet=tuple(sorted(open_plan.unmet + sealed.unmet, key=lambda u: u.requirement)),
        sealed_days=(),
    )


def _sorted(requirements: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(sorted(requirements, key=lambda requirement: requirement.id))


def _without_route(patrol: Patrol, settings: CountySettings) -> Patrol:
    """Return the patrol as anyone may see it: its clock is the whole shift of its day class."""
    deadlines = (
        latest_return_seconds(settings, day_class)
        for day_class in settings.day_classes
        if day_class.name == patrol.day_class
    )
    return replace(
        patrol,
        depart_seconds=clock_seconds(settings.shift.earliest_departure),
        return_seconds=min(deadlines, default=clock_seconds(settings.shift.latest_return)),
        lunch_at_seconds=-1,
        lunch_seconds=0,
        visits=(),
        legs=(),
        template="",
    )
