"""Reused results equal those computed afresh, are found by content, and are never trusted."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

import pytest

from scheduling.county.model import Leave, Vehicle
from scheduling.planning.content import job_key, reduced
from scheduling.planning.group import job_fits, plan_group
from scheduling.planning.kept_files import KeptFiles
from scheduling.planning.prepare import prepare
from scheduling.planning.reuse import Reuse

SECRET = b"0123456789abcdef"


def _jobs(inputs, *, seed=0, secret=SECRET):
    prepared = prepare(inputs, seed=seed, secret=secret)
    return {job.units: job for job in prepared.jobs}


@pytest.fixture(scope="module")
def job(station):
    (job,) = _jobs(station).values()
    return job


@pytest.fixture(scope="module")
def decided(job):
    return plan_group(job)


def _with_county(job, **parts):
    county = replace(job.inputs.county, **parts)
    return replace(job, inputs=replace(job.inputs, county=county))


def test_a_job_without_what_is_not_in_its_key_is_planned_alike(job, decided):
    """What the key leaves out is read by no stage: without it the result is the same."""
    assert plan_group(reduced(job)) == decided


def test_templates_of_before_give_the_plan_of_afresh(job, decided, tmp_path):
    """A unit with one vehicle more, planned from kept templates, is planned as from none."""
    more = Vehicle("T01-Z", "吉Z", ("T01",))
    changed = _with_county(job, vehicles=(*job.inputs.county.vehicles, more))
    first = Reuse(KeptFiles(tmp_path))
    assert plan_group(job, reuse=first) == decided
    made = first.templates_made
    assert made > 0
    first.save()
    second = Reuse(KeptFiles(tmp_path))
    assert plan_group(changed, reuse=second) == plan_group(changed)
    assert second.templates_made < made
    assert [fit.template for fit in job_fits(job, second)[2]] == [
        fit.template for fit in job_fits(job)[2]
    ]


def test_a_group_is_kept_across_runs(job, decided, tmp_path):
    """What was kept is found by another run, equal to the last date and name."""
    assert Reuse(KeptFiles(tmp_path)).planned(job_key(job), job) is None
    Reuse(KeptFiles(tmp_path)).keep(job_key(job), decided)
    again = Reuse(KeptFiles(tmp_path))
    assert again.planned(job_key(job), job) == decided
    assert again.groups_found == 1


def test_other_units_do_not_change_the_key(march):
    """People, leave, names and zones of others are not in a group's key; its own are."""
    jobs = _jobs(march)
    t1, t2 = jobs["T01",], jobs["T02",]
    person = next(p for p in march.county.inspectors if p.units == ("T01",))
    away = (Leave(person.id, date(2026, 3, 2), date(2026, 3, 3)),)
    county = replace(march.county, leave=(*march.county.leave, *away))
    changed = _jobs(replace(march, county=county))
    assert job_key(changed["T02",]) == job_key(t2)
    assert job_key(changed["T01",]) != job_key(t1)


def test_everything_a_result_follows_from_is_in_the_key(job):
    """Seed, secret, caps, seasons, people, priorities, travel and days all change the key."""
    settings = job.inputs.county.settings
    caps = settings.caps.model_copy(update={"patrol_days_per_week": 2})
    classes = (settings.day_classes[0].model_copy(update={"last": "10-31"}),)
    zones = job.inputs.county.zones
    people = job.inputs.county.inspectors
    gone = next(p for p in people if job.units[0] in p.units)
    (work,) = job.works
    others = [
        replace(job, seed=1),
        replace(job, secret=b"x" * 16),
        _with_county(job, settings=settings.model_copy(update={"caps": caps})),
        _with_county(job, settings=settings.model_copy(update={"day_classes": classes})),
        _with_county(job, inspectors=tuple(p for p in people if p is not gone)),
        _with_county(job, zones=tuple(replace(zone, priority=99) for zone in zones)),
        replace(job, works=(replace(work, travel=work.travel + 1),)),
        replace(job, requirements=job.requirements[1:]),
        replace(job, inputs=replace(job.inputs, last_day=date(2026, 3, 30))),
    ]
    keys = {job_key(other) for other in others}
    assert len(keys) == len(others)
    assert job_key(job) not in keys


def test_names_and_shapes_are_not_in_the_key(job):
    """A zone renamed is not planned anew: its travel and duties are what they were."""
    zones = tuple(replace(zone, name="新名", reasons="新") for zone in job.inputs.county.zones)
    assert job_key(_with_county(job, zones=zones)) == job_key(job)


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "forged"])
def test_a_damaged_file_is_as_good_as_none(job, decided, tmp_path, damage):
    """A file cut short, changed, of another key, or of people who do not exist is not used."""
    files = KeptFiles(tmp_path)
    if damage == "forged":
        one = replace(decided.patrols[0], people=("nobody", "either"))
        decided = replace(decided, patrols=(one, *decided.patrols[1:]))
    Reuse(files).keep(job_key(job), decided)
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "flipped":
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    elif damage == "foreign":
        other = replace(job, seed=9)
        path.rename(tmp_path / f"{job_key(other)}.group")
        job = other
    assert Reuse(files).planned(job_key(job), job) is None


def test_what_was_used_longest_ago_makes_room(tmp_path):
    """The folder stays within its size, and what was read last stays longest."""
    files = KeptFiles(tmp_path, most_bytes=500)
    for name, used in (("a", 3.0), ("b", 1.0), ("c", 2.0)):
        files.write(name, bytes(150))
        os.utime(tmp_path / name, (used, used))
    assert files.read("b") == bytes(150)
    files.make_room()
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    """A file in the folder's place is no error: nothing is kept, nothing found."""
    (tmp_path / "cache").write_text("")
    files = KeptFiles(tmp_path / "cache")
    files.write("a", b"1")
    files.make_room()
    assert files.read("a") is None
