"""Presets, regulation files, and a county's changes to them."""

from importlib.resources import files

import pytest

from network.problems import InputError
from scheduling.calendar.windows import WindowKind
from scheduling.county.settings import PeakSettings, RegulationChoice, RuleOverride
from scheduling.regulation import load_preset, load_regulation, preset_names, resolve

PRESETS = ("aheqi-river", "forest-ranger", "henan-river", "jilin", "linxia-forest", "yanqing")


def _problems(choice, folder):
    with pytest.raises(InputError) as caught:
        resolve(choice, folder)
    return caught.value.problems


def _override(rule, **fields):
    return RegulationChoice(overrides=(RuleOverride(rule=rule, set=fields),))


def _written(folder, text):
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return RegulationChoice(file="own.toml")


def _jilin_text():
    preset = files("scheduling.regulation") / "presets" / "jilin.toml"
    return preset.read_text(encoding="utf-8")


def test_presets_load():
    """Every preset reads, checks, and bears its file's name as id."""
    assert preset_names() == PRESETS
    assert tuple(load_preset(name).id for name in PRESETS) == PRESETS


def test_jilin_frequencies():
    """The Jilin preset owes what article 13 states."""
    rules = {rule.id: rule for rule in load_preset("jilin").frequency if rule.basis == "law"}
    stated = {
        (rule.authority, level, rule.window, rule.count)
        for rule in rules.values()
        for level in rule.levels
    }
    assert stated == {
        ("township", 1, WindowKind.HALF_MONTH, 1),
        ("township", 2, WindowKind.HALF_MONTH, 1),
        ("township", 3, WindowKind.HALF_MONTH, 1),
        ("county", 1, WindowKind.MONTH, 1),
        ("county", 2, WindowKind.MONTH, 1),
    }
    assert load_preset("jilin").team.min_certified == 2


def test_preset_unchanged(tmp_path):
    """Without overrides the county applies the norm itself."""
    effective, norm = resolve(RegulationChoice(), tmp_path)
    assert effective == norm == load_preset("jilin")


def test_override_changes_one_field(tmp_path):
    """An override changes its field alone, is marked as the county's, and leaves the norm."""
    effective, norm = resolve(_override("county-monthly", count=2), tmp_path)
    changed = next(rule for rule in effective.frequency if rule.id == "county-monthly")
    original = next(rule for rule in norm.frequency if rule.id == "county-monthly")
    assert changed == original.model_copy(update={"count": 2, "basis": "user"})
    assert norm == load_preset("jilin")
    others = [rule for rule in effective.rules if rule.id != "county-monthly"]
    assert others == [rule for rule in norm.rules if rule.id != "county-monthly"]


def test_override_of_a_rule_that_stands_alone(tmp_path):
    """The team rule, which is no list, is overridden by its id as well."""
    effective, _ = resolve(_override("team", min_certified=3), tmp_path)
    assert effective.team.min_certified == 3


def test_override_with_the_same_value_changes_nothing(tmp_path):
    """Repeating the norm's own value does not make the rule the county's."""
    effective, norm = resolve(_override("team", min_certified=2), tmp_path)
    assert effective == norm


def test_peaks_of_the_county_are_appended(tmp_path):
    """The county's peaks follow the regulation's, with basis user."""
    peak = PeakSettings(id="sand", kind="mining", first="05-01", last="06-30", zone_kinds=("mine",))
    effective, norm = resolve(RegulationChoice(peaks=(peak,)), tmp_path)
    assert effective.peak[:-1] == norm.peak
    assert (effective.peak[-1].id, effective.peak[-1].basis) == ("sand", "user")
    assert effective.peak[-1].zone_kinds == ("mine",)


def test_own_file_is_its_own_norm(tmp_path):
    """A regulation of the county's own is the norm it is held against."""
    choice = _written(tmp_path, 'id = "own"\nname = "本地办法"\n')
    effective, norm = resolve(choice, tmp_path)
    assert effective == norm
    assert effective.id == "own"


def test_rewritten_preset_is_held_against_the_preset(tmp_path):
    """A copy of the Jilin norm with fewer visits does not become the norm."""
    text = _jilin_text().replace('window = "half-month"\ncount = 1', 'window = "month"\ncount = 1')
    effective, norm = resolve(_written(tmp_path, text), tmp_path)
    assert effective.frequency[0].window is WindowKind.MONTH
    assert norm == load_preset("jilin")


def test_file_with_byte_order_mark(tmp_path):
    """A file saved by Notepad, with a byte order mark, reads."""
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\nname = "本地办法"\n', encoding="utf-8-sig")
    assert load_regulation(path).name == "本地办法"


@pytest.mark.parametrize(
    ("choice", "code", "field"),
    [
        (RegulationChoice(preset="hainan"), "unknown-preset", "regulation.preset"),
        (RegulationChoice(preset="../jilin"), "unknown-preset", "regulation.preset"),
        (RegulationChoice(file="gone.toml"), "unreadable", ""),
        (_override("monthly", count=2), "unknown-rule", "regulation.overrides[0].rule"),
        (
            _override("team", people=3),
            "unknown-field",
            "regulation.overrides[0].set.people",
        ),
        (
            _override("team", quote="1人"),
            "unknown-field",
            "regulation.overrides[0].set.quote",
        ),
        (
            _override("team", min_certified="two"),
            "wrong-value",
            "regulation.overrides[0].set.min_certified",
        ),
        (
            _override("county-monthly", levels=[1, "x"]),
            "wrong-value",
            "regulation.overrides[0].set.levels[1]",
        ),
        (_override("county-monthly", count=29), "count-too-high", "count"),
        (_override("county-monthly", levels=[4]), "unknown-level", "levels"),
        (_override("land-season", first="02-31"), "bad-date", "first"),
        (
            RegulationChoice(
                peaks=(PeakSettings(id="land-season", kind="land", first="04-01", last="05-01"),)
            ),
            "duplicate-rule",
            "id",
        ),
        (
            RegulationChoice(
                peaks=(PeakSettings(id="x", kind="land", first="soon", last="05-01"),)
            ),
            "wrong-value",
            "regulation.peaks[0].first",
        ),
    ],
)
def test_bad_choices(tmp_path, choice, code, field):
    """Each kind of bad choice is named by code and field, and says what to do."""
    problem = _problems(choice, tmp_path)[0]
    assert (problem.code, problem.field) == (f"regulation.{code}", field)
    assert problem.cause.zh
    assert problem.action.en


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("id = ", "unreadable", ""),
        ('id = "x"\n', "missing-field", "name"),
        ('id = "x"\nname = "x"\ncolour = 1\n', "unknown-field", "colour"),
        ('id = "x"\nname = "x"\nfrequency = 1\n', "wrong-value", "frequency"),
        (
            'id = "x"\nname = "x"\n[[frequency]]\nid = "a"\nauthority = "town"\n'
            'window = "month"\ncount = 1\n',
            "wrong-value",
            "frequency[0].authority",
        ),
        (
            'id = "x"\nname = "x"\n[[frequency]]\nid = "a"\nauthority = "county"\n'
            'window = "month"\ncount = 0\n',
            "wrong-value",
            "frequency[0].count",
        ),
    ],
)
def test_bad_files(tmp_path, text, code, field):
    """Each kind of bad file is named by code and field."""
    problem = _problems(_written(tmp_path, text), tmp_path)[0]
    assert (problem.code, problem.field) == (f"regulation.{code}", field)
    assert problem.file == "own.toml"


def test_contradictory_file_is_refused(tmp_path):
    """A file that parses but contradicts itself is refused with the rule and the file named."""
    twice = '[[frequency]]\nid = "a"\nauthority = "county"\nwindow = "month"\ncount = 1\n' * 2
    problems = _problems(_written(tmp_path, f'id = "x"\nname = "x"\n{twice}'), tmp_path)
    assert [problem.code for problem in problems] == [
        "regulation.duplicate-rule",
        "regulation.contradictory",
    ]
    assert {(problem.file, problem.where) for problem in problems} == {("own.toml", "rule a")}


def test_file_that_is_not_utf8(tmp_path):
    """A file in another encoding is unreadable, not garbled."""
    (tmp_path / "own.toml").write_bytes('id = "办法"'.encode("gb18030"))
    problem = _problems(RegulationChoice(file="own.toml"), tmp_path)[0]
    assert problem.code == "regulation.unreadable"


def test_all_problems_of_a_choice_come_at_once(tmp_path):
    """Overrides and peaks are all examined before anything is refused."""
    choice = RegulationChoice(
        overrides=(
            RuleOverride(rule="nobody", set={"count": 1}),
            RuleOverride(rule="team", set={"min_certified": 0, "size": 1}),
        ),
        peaks=(PeakSettings(id="x", kind="land", first="1", last="2"),),
    )
    codes = [problem.code for problem in _problems(choice, tmp_path)]
    assert codes == [
        "regulation.unknown-rule",
        "regulation.unknown-field",
        "regulation.wrong-value",
        "regulation.wrong-value",
    ]
