"""A county's own calendar file: what it may hold, and what is wrong with it."""

from datetime import date

import pytest

from network.problems import InputError
from scheduling.calendar.calendar_file import read_year_file


def _problems(tmp_path, raw):
    path = tmp_path / "year.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(InputError) as caught:
        read_year_file(path, "year.csv")
    return caught.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path, encoding):
    """UTF-8 with or without mark and GB18030 read alike."""
    path = tmp_path / "year.csv"
    text = "day,kind,name\n2031-01-01,holiday,元旦\n\n2031-01-04,workday\n"
    path.write_bytes(text.encode(encoding))
    entry = read_year_file(path, "year.csv")
    assert entry.year == 2031
    assert entry.holidays == {date(2031, 1, 1): "元旦"}
    assert entry.workdays == {date(2031, 1, 4)}


@pytest.mark.parametrize(
    ("raw", "code", "where", "field"),
    [
        ("", "calendar.missing-column", "", "day"),
        ("day\n2031-01-01\n", "calendar.missing-column", "", "kind"),
        ("day,kind\n", "calendar.empty", "", ""),
        ("day,kind\n2031-02-30,holiday\n", "calendar.bad-day", "row 2", "day"),
        ("day,kind\nsoon,holiday\n", "calendar.bad-day", "row 2", "day"),
        ("day,kind\n2031-01-01,feast\n", "calendar.bad-kind", "row 2", "kind"),
        ("day,kind\n2031-01-01\n", "calendar.bad-kind", "row 2", "kind"),
        (
            "day,kind\n2031-01-01,holiday\n2031-01-01,workday\n",
            "calendar.contradictory-day",
            "row 3",
            "kind",
        ),
        (
            "day,kind\n2031-12-31,holiday\n2032-01-01,holiday\n",
            "calendar.several-years",
            "",
            "",
        ),
        ("day,kind\n" + "x" * 200_000, "calendar.unreadable", "", ""),
        (b"\xff\xff\xff", "calendar.unreadable", "", ""),
    ],
)
def test_bad_files(tmp_path, raw, code, where, field):
    """Each kind of bad file is named by its code, row and column."""
    problem = _problems(tmp_path, raw)[0]
    assert (problem.code, problem.where, problem.field) == (code, where, field)
    assert problem.file == "year.csv"


def test_every_bad_row_is_told(tmp_path):
    """All bad cells of a file are reported at once."""
    problems = _problems(tmp_path, "day,kind\nx,y\n2031-01-01,z\n")
    assert [problem.where for problem in problems] == ["row 2", "row 2", "row 3"]
