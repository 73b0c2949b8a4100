"""Finding instances in folders, telling formats apart, and the table of best-known values."""

from __future__ import annotations

import pytest

from optimizer.published import instance_files, read_instance

PVRP = "1 1 1 1\n0 9\n0 0 0 0 0 0 0\n1 1 0 0 1 1 1 1\n"
MDVRP = "2 1 1 1\n0 9\n1 1 0 0 1 1 1 1\n2 0 0 0 0 0 0\n"
MDPVRP = "8 1 1 1 1\n0 9\n0 0 0 0 0 0 0\n1 1 0 0 1 1 1 1\n"
CARP = (
    "NOMBRE : x\nVERTICES : 2\nVEHICULOS : 1\nCAPACIDAD : 1\nLISTA_ARISTAS_REQ :\n"
    "(1,2) coste 1 demanda 1\nDEPOSITO : 1\n"
)
MCGRP = (
    "Name: x\n#Vehicles: 1\nCapacity: 1\nDepot: 1\n#Nodes: 2\n#Edges: 0\n#Arcs: 0\n"
    "#Required N: 1\n#Required E: 0\n#Required A: 0\nReN.\nN1 1 1\n"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [(PVRP, "PVRP"), (MDVRP, "MDVRP"), (MDPVRP, "MDPVRP"), (CARP, "CARP"), (MCGRP, "MCGRP")],
)
def test_the_first_line_tells_the_format(tmp_path, text, kind):
    """A file is read by the reader that its first line asks for."""
    path = tmp_path / "x"
    path.write_text("\n" + text)
    assert read_instance(path).kind == kind


def test_an_unknown_format_is_refused(tmp_path):
    """What begins like no known format is refused by name."""
    path = tmp_path / "x"
    path.write_text("SECTION_HORIZON\n")
    with pytest.raises(ValueError, match=r"x, line 1: no known format begins with 'SECTION"):
        read_instance(path)


@pytest.mark.parametrize("header", ["4 1 1 1", "6 2 48 4", "9 1 48 4 4"])
def test_time_windows_are_refused_by_name(tmp_path, header):
    """The format's types with time windows are told, not misread; folders pass them over."""
    path = tmp_path / "x"
    path.write_text(header + "\n")
    with pytest.raises(ValueError, match=rf"line 1: type {header[0]} has time windows"):
        read_instance(path)
    assert instance_files(tmp_path) == []


def test_folders_are_searched_for_instances_only(tmp_path):
    """Other files are passed over; numbers in names sort as numbers, below folders too."""
    (tmp_path / "set").mkdir()
    for name in ("p10", "p2", "val1B.dat", "val1A.dat"):
        (tmp_path / "set" / name).write_text(PVRP)
    (tmp_path / "p1").write_text(PVRP)
    (tmp_path / "notes.txt").write_text("about p1\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "bks.csv").write_text(PVRP)
    found = [str(path.relative_to(tmp_path)) for path in instance_files(tmp_path)]
    assert found == ["p1", "set/p2", "set/p10", "set/val1A.dat", "set/val1B.dat"]


def test_the_best_known_value_comes_from_the_table(tmp_path):
    """The row of the instance counts, with what the table says about proof; no row, no value."""
    path = tmp_path / "p1.dat"
    path.write_text(PVRP)
    assert read_instance(path).best_known is None
    table = tmp_path / "bks.csv"
    table.write_text("instance,best_known,proven_optimal\np1,2.0,yes\n")
    instance = read_instance(path)
    assert instance.best_known == 2
    assert instance.best_known_source == "bks.csv, column best_known, proven optimal: yes"
    table.write_text("instance,upper_bound\np1,3\n")
    assert read_instance(path).best_known == 3
    table.write_text("instance,upper_bound\np2,3\n")
    assert read_instance(path).best_known is None


@pytest.mark.parametrize(
    ("text", "line"), [("name,best_known\np1,2\n", 1), ("instance,best_known\np0,1\np1,?\n", 3)]
)
def test_a_malformed_table_is_refused(tmp_path, text, line):
    """A table without the columns, or without a number for the instance, is an error."""
    path = tmp_path / "p1"
    path.write_text(PVRP)
    (tmp_path / "bks.csv").write_text(text)
    with pytest.raises(ValueError, match=rf"bks\.csv, line {line}: "):
        read_instance(path)
