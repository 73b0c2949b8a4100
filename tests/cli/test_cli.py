"""The verbs parse, call and print: exit codes, one JSON document, problems all at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import shapely

from cli_screen import Screen
from network import WalkingLeg
from network.load_report import LoadReport
from network.problems import InputError, Problem, Text
from scheduling.county.new_folder import NewCountyReport
from scheduling.inspections import ZoneInspection
from scheduling.plan.model import PlanStatus
from scheduling.plan.store import read_plan
from scheduling.progress import Progress


def _problems(*names):
    return InputError(
        Problem(
            "table.bad", f"{name}.csv", Text("错了", "wrong"), Text("改", "mend"), "row 7", "id"
        )
        for name in names
    )


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.fixture
def breach(verdict):
    verdict.lawful = False
    verdict.findings = (
        SimpleNamespace(
            severity="breach",
            rule="team",
            article="16",
            subject="patrol T1",
            message=Text("少一人", "one short"),
            basis="law",
        ),
        SimpleNamespace(
            severity="notice",
            rule="gap",
            article="",
            subject="Z1",
            message=Text("间隔24天", "24 days"),
            basis="default",
        ),
    )
    return verdict


def test_help_names_every_verb(run):
    """Without arguments or with --help the verbs are listed."""
    result = run("--help")
    assert result.exit_code == 0
    for verb in ("demo", "new", "check", "plan", "audit", "publish", "whatif", "regulation"):
        assert verb in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("plan",),
        ("plan", "DIR", "--year", "soon"),
        ("plan", "DIR", "--from", "1 April"),
        ("plan", "DIR", "--workers", "0"),
        ("audit",),
        ("publish", "p.gpkg"),
        ("new", "DIR"),
        ("new", "DIR", "--osm", "x.pbf", "--place", "y"),
        ("--lang", "fr", "check", "DIR"),
    ],
)
def test_wrong_usage_exits_2(run, words):
    """An unknown verb, a missing argument or an impossible value is exit 2."""
    assert run(*words).exit_code == 2


def test_check_tells_what_is_there(run, planner, monkeypatch):
    """A county in order is exit 0, with its counts and what the roads lost."""
    report = LoadReport("roads", nodes_cut=3, length_cut_km=1.25, parts_found=2)
    roads = SimpleNamespace(network=SimpleNamespace(report=report))
    monkeypatch.setattr("scheduling.roads.prepare_roads", lambda *_: roads)
    walk = WalkingLeg(125.0, 43.5, 125.01, 43.5, 800.0, 12.0)
    seen = (
        ZoneInspection("Z1", 0.62, 3.2, 10.0, 21.9, shapely.box(125, 43, 126, 44), ((walk, 32.0),)),
        ZoneInspection("Z2", 1.0, 2.0, 6.0, 0.0),
        ZoneInspection("Z3", 1.0, 0.0, 20.0, 0.0),
    )
    monkeypatch.setattr("scheduling.inspections.zone_inspections", lambda *_: seen)
    result = run("check", "DIR", "--year", "2026", "--lang", "en")
    assert result.exit_code == 0
    assert "3 zones, 2 units, 3 people, 1 vehicles" in result.stdout
    assert "1.2 km" in result.stdout
    assert planner.loaded == (Path("DIR"), {"year": 2026})
    said = " ".join(result.stdout.split())
    document = json.loads(run("check", "DIR", "--json").stdout)
    assert document["problems"] == []
    assert document["zones"] == 3
    assert "2 zones are seen from the road, 1 of them to 80%; 1 walks of 32 minutes" in said
    assert "62% seen, 3.2 km, 10 minutes; 21.9 ha in sight of no road" in said
    first = document["inspections"][0]
    assert (first["zone"], first["seen_share"], first["walks"][0]["minutes"]) == ("Z1", 0.62, 32.0)


def test_bad_input_lists_all_problems_and_exits_2(run, monkeypatch):
    """Every problem is told on stderr with file, row, field and action, and nothing on stdout."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(_problems("zones", "leave")))
    result = run("check", "DIR")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "zones.csv · row 7 · id: 错了 → 改" in result.stderr
    assert "leave.csv" in result.stderr
    assert "共 2 个问题。" in result.stderr
    document = json.loads(run("check", "DIR", "--json").stdout)
    assert [problem["file"] for problem in document["problems"]] == ["zones.csv", "leave.csv"]


def test_only_verbs_that_write_say_that_nothing_was_written(run, monkeypatch, tmp_path):
    """A check writes nothing anyway; and where writing went wrong, part of it may be there."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(_problems("zones")))
    assert "未写入任何文件" in run("plan", "DIR", "--year", "2026").stderr
    assert "未写入任何文件" not in run("check", "DIR").stderr
    result = run("audit", tmp_path)
    assert "这是文件夹" in "".join(result.stderr.split())
    assert "未写入任何文件" not in result.stderr
    full = Problem("plan.cannot-write", "p", Text("满", "full"), Text("清理", "make room"))
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(InputError([full])))
    assert "未写入任何文件" not in run("plan", "DIR", "--year", "2026").stderr


def test_a_bar_ends_with_the_time_it_took(capsys, monkeypatch):
    """Elapsed time stands beside a finished bar, not a remaining time of nought."""
    monkeypatch.setenv("COLUMNS", "100")
    clock = count(0, 60)
    monkeypatch.setattr("rich.console.monotonic", lambda: next(clock))
    with Screen("en").progress() as progress:
        progress(Progress("need", Text("需求[b]", "need[b]"), 0, 1))
        progress(Progress("need", Text("需求[b]", "need[b]"), 1, 1))
    last = capsys.readouterr().err.splitlines()[-1]
    assert "need[b]" in last
    assert "100%" in last
    assert "0:00:00" not in last


def test_the_language_comes_from_option_environment_or_default(run, monkeypatch):
    """--lang at either place beats XUNCHA_LANG, which beats Chinese."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(_problems("zones")))
    assert "错了" in run("check", "DIR").stderr
    assert "wrong" in run("--lang", "en", "check", "DIR").stderr
    monkeypatch.setenv("XUNCHA_LANG", "en")
    assert "wrong" in run("check", "DIR").stderr
    assert "错了" in run("check", "DIR", "--lang", "zh").stderr


def test_plan_writes_audits_and_exits_0_when_lawful(run, planner, verdict, tmp_path, secret_hex):
    """The plan is written, what was written is audited, and the figures are shown."""
    out = tmp_path / "p.gpkg"
    result = run(
        *("plan", "DIR", "--year", "2026", "--from", "2026-04-01", "--to", "2026-06-30"),
        *("--unit", "S1", "--unit", "C1", "--seed", "7", "--time-limit", "60", "--workers", "2"),
        *("--out", out, "--spot-secret", secret_hex),
    )
    assert result.exit_code == 0
    assert planner.loaded[1] == {
        "year": 2026,
        "first_day": date(2026, 4, 1),
        "last_day": date(2026, 6, 30),
        "units": ["S1", "C1"],
    }
    assert planner.made["seed"] == 7
    assert planner.made["workers"] == 2
    assert planner.made["time_limit_seconds"] == 60
    assert planner.made["secret"].hex() == secret_hex
    assert verdict.seen[0][0].seed == read_plan(out).seed
    assert "东镇国土资源所" in result.stdout
    assert "合规" in result.stdout


def test_an_unlawful_plan_is_written_and_told_with_its_arithmetic(
    run, planner, breach, tmp_path, secret_hex
):
    """Exit 1, the file is there, and unit, arithmetic and article are told."""
    out = tmp_path / "p.gpkg"
    result = run("plan", "DIR", "--year", "2026", "--out", out, "--spot-secret", secret_hex)
    assert result.exit_code == 1
    assert out.exists()
    assert "不符合规范" in result.stdout
    assert "5个工作日×1车×1趟=5趟，需7趟，缺2趟" in result.stdout
    assert "已证明无可行方案" in result.stdout
    assert "第十六条 (1)" in result.stdout


def test_plan_json_is_one_document(run, planner, breach, tmp_path, secret_hex):
    """With --json stdout holds nothing but the document; spot checks' zones stay out of it."""
    result = run(
        *("plan", "DIR", "--year", "2026", "--json", "--lang", "en"),
        *("--out", tmp_path / "p.gpkg", "--spot-secret", secret_hex),
    )
    document = json.loads(result.stdout)
    assert document["lawful"] is False
    assert document["status"] == "proven-infeasible"
    assert document["whole"]["patrols"] == 2
    assert [unit["unit"] for unit in document["units"]] == ["C1", "S1"]
    assert {one["unit"]: one["reasons"] for one in document["shortfalls"]} == {
        "C1": [],
        "S1": ["a", "b", "5 x 1 x 1 = 5, 2 short", "one person short"],
    }
    assert document["findings"][0]["article"] == "16"
    assert "Z3" not in result.stdout
    assert "plan file" in result.stderr


@pytest.mark.parametrize("secret", ["xyz", "abcd"])
def test_a_bad_secret_stops_before_planning(run, planner, secret):
    """A secret that is no long hexadecimal number is exit 2, and nothing is planned."""
    assert run("plan", "DIR", "--year", "2026", "--spot-secret", secret).exit_code == 2
    assert planner.made is None


@pytest.mark.parametrize(
    ("target", "writable"), [("none/p.gpkg", True), ("p.txt", True), ("p.gpkg", False)]
)
def test_an_impossible_target_stops_before_planning(
    run, planner, tmp_path, monkeypatch, target, writable
):
    """No folder, a write-protected one, no .gpkg: told at once, not after minutes of planning."""
    monkeypatch.setattr("cli_steps.os.access", lambda *_: writable)
    result = run("plan", "DIR", "--year", "2026", "--out", tmp_path / target)
    assert result.exit_code == 2
    assert "--out" in result.stderr
    assert planner.made is None


def test_an_interrupted_plan_stands_beside_the_plan_already_there(
    run, planner, verdict, tmp_path, plan
):
    """Ctrl-C never costs an older plan: what was finished goes to NAME.interrupted.gpkg."""
    first = plan.outcomes[0]
    stopped = (replace(first, status=PlanStatus.INTERRUPTED), *plan.outcomes[1:])
    out, words = tmp_path / "p.gpkg", ("plan", "DIR", "--year", "2026", "--out")
    planner.plan = replace(plan, secret_hash="")
    assert run(*words, out).exit_code == 0
    older = out.read_bytes()
    planner.plan = replace(plan, secret_hash="", outcomes=stopped)
    result = run(*words, out)
    assert out.read_bytes() == older
    assert "p.interrupted.gpkg" in "".join(result.stdout.split())
    assert read_plan(tmp_path / "p.interrupted.gpkg").status is PlanStatus.INTERRUPTED


def test_a_fresh_secret_is_drawn_for_every_plan(run, planner, verdict, tmp_path, monkeypatch, plan):
    """Without --spot-secret two plans have different secrets of 32 bytes."""
    planner.plan = replace(plan, secret_hash="")
    drawn = []
    for _ in range(2):
        monkeypatch.chdir(tmp_path)
        assert run("plan", "DIR", "--year", "2026").exit_code == 0
        drawn.append(planner.made["secret"])
    assert drawn[0] != drawn[1]
    assert len(drawn[0]) == 32
    assert (tmp_path / "plan-2026.gpkg").exists()


def test_ctrl_c_is_no_traceback(run, monkeypatch):
    """Interrupting outside the planner says so and exits 130."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(KeyboardInterrupt()))
    result = run("check", "DIR")
    assert result.exit_code == 130
    assert "已中断" in result.stdout + result.stderr


def test_an_unexpected_error_is_one_line_unless_debugging(run, monkeypatch):
    """Even a fault of ours is told in one line; --debug at either place shows the traceback."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(RuntimeError("odd")))
    result = run("check", "DIR")
    assert result.exit_code == 2
    assert "RuntimeError: odd" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("check", "DIR", "--debug").stderr
    assert "Traceback" in run("--debug", "check", "DIR").stderr
    assert json.loads(run("check", "DIR", "--json").stdout) == {"error": "RuntimeError: odd"}


def test_bad_input_shows_its_traceback_when_debugging(run, monkeypatch):
    """--debug shows where bad input was found, and the exit stays 2."""
    monkeypatch.setattr("scheduling.inputs.load_inputs", _raise(_problems("zones")))
    result = run("check", "DIR", "--debug")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_audit_exits_0_1_or_2(run, breach, plan_file, tmp_path):
    """Lawful, not lawful, and unreadable are three exits."""
    result = run("audit", plan_file)
    assert result.exit_code == 1
    assert "第十六条 (1)" in result.stdout
    assert "少一人" in result.stdout
    assert "提示 巡查间隔（本软件默认）：1 条" in result.stdout
    breach.lawful = True
    assert run("audit", plan_file).exit_code == 0
    assert run("audit", tmp_path / "none.gpkg").exit_code == 2


def test_audit_json_has_the_findings(run, breach, plan_file):
    """Each finding has article, rule, subject and message."""
    document = json.loads(run("audit", plan_file, "--json", "--lang", "en").stdout)
    assert document["lawful"] is False
    assert document["findings"][0] == {
        "severity": "breach",
        "article": "16",
        "rule": "team",
        "subject": "patrol T1",
        "message": "one short",
        "basis": "law",
    }


def test_many_findings_are_cut_and_counted(run, breach, plan_file):
    """A long list shows its beginning and how many more there are."""
    breach.findings = breach.findings[:1] * 20
    result = run("audit", plan_file, "--lang", "en")
    assert "art. 16 (20)" in result.stdout
    assert "and 8 more" in result.stdout


def test_audit_with_a_county_gives_its_roads(run, verdict, plan_file, plan, monkeypatch):
    """--county hands the county's road file to the audit."""
    monkeypatch.setattr("scheduling.county.read_county", lambda _: plan.county)
    assert run("audit", plan_file, "--county", "DIR").exit_code == 0
    assert verdict.seen[0][1] == Path("DIR/roads.osm.pbf")


def test_publish_gives_the_open_plan_and_the_choice(run, publisher, plan_file, tmp_path):
    """Documents come from the open plan; --only takes names one by one or by commas."""
    result = run(
        *("publish", plan_file, "--out", tmp_path / "d", "--lang", "en"),
        *("--only", "atlas,annual", "--only", "workbook"),
    )
    assert result.exit_code == 0
    assert publisher.plan.sealed_days == ("X1",)
    assert publisher.options["only"] == ("atlas", "annual", "workbook")
    assert publisher.options["language"] == "en"
    assert "atlas.html" in result.stdout


def test_regulation_show_prints_rules_and_presets(run):
    """The preset's rules and the names of the others are printed; an unknown one is exit 2."""
    result = run("regulation", "show")
    assert result.exit_code == 0
    assert "巡查人员应当不少于 2 人" in result.stdout
    assert "yanqing" in result.stdout
    unknown = run("regulation", "show", "atlantis")
    assert unknown.exit_code == 2
    assert "county.toml" not in unknown.stderr


def test_new_makes_a_folder_from_a_file_or_a_place(run, monkeypatch, tmp_path):
    """--osm passes the file on; --place downloads it first and names the county."""
    made, downloaded = [], []

    def new_county(folder, **options):
        made.append((folder, options))
        note = Text("未见厂矿", "no mines found")
        return NewCountyReport(folder, 2, 1, {1: 5, 3: 7}, (note,))

    monkeypatch.setattr("scheduling.county.writer.new_county", new_county)
    monkeypatch.setattr("network.online.download_place", lambda *words: downloaded.append(words))
    assert run("new", tmp_path / "c", "--osm", "x.osm.pbf", "--name", "县").exit_code == 0
    assert made[0][1] == {"osm_file": Path("x.osm.pbf"), "boundary": None, "name": "县"}
    result = run("new", tmp_path / "c", "--place", "Vaduz")
    assert result.exit_code == 0
    assert downloaded[0][0] == "Vaduz"
    assert made[1][1]["osm_file"] == downloaded[0][1]
    assert made[1][1]["name"] == "Vaduz"
    assert "xuncha check" in result.stdout
    assert "单位 3 个，巡查区 12 个（各级 1: 5、3: 7）" in result.stdout
    assert "未见厂矿" in result.stdout


def test_demo_leaves_plans_and_documents_of_both_counties(
    run, planner, verdict, publisher, monkeypatch, tmp_path, plan
):
    """The demo makes the sample and the shortage county, and tells where to look."""
    import examples

    planner.plan = replace(plan, secret_hash="")
    for name in ("sample_county", "shortage_county"):
        monkeypatch.setattr(
            examples, name, lambda folder: folder.mkdir(parents=True), raising=False
        )
    result = run("demo", tmp_path)
    assert result.exit_code == 0, result.stderr
    for place in (tmp_path, tmp_path / "shortage"):
        assert (place / "county").is_dir()
        assert (place / "plan-2026.gpkg").exists()
        assert (place / "documents" / "atlas.html").exists()
    assert "atlas.html" in result.stdout
    assert "5个工作日×1车×1趟=5趟" in result.stdout


def test_an_interrupted_plan_says_how_to_go_on(run, planner, verdict, tmp_path, plan, secret_hex):
    """Beside a plan already there, the interrupted one is named with the words that continue it."""
    target = tmp_path / "plan.gpkg"
    words = ("plan", tmp_path, "--year", "2026", "--out", target, "--spot-secret", secret_hex)
    assert run(*words).exit_code == 0
    whole = target.read_bytes()
    stopped = tuple(replace(o, status=PlanStatus.INTERRUPTED) for o in plan.outcomes)
    planner.plan = replace(plan, outcomes=stopped)
    result = run(*words)
    beside = tmp_path / "plan.interrupted.gpkg"
    assert beside.exists()
    assert target.read_bytes() == whole
    assert f"--resume --out {beside}" in result.output.replace("\n", "")


def test_ctrl_c_ends_the_demo_with_what_there_is(
    run, planner, verdict, publisher, monkeypatch, tmp_path, plan
):
    """An interrupted plan is written and shown; no documents, no second county."""
    import examples

    stopped = tuple(replace(o, status=PlanStatus.INTERRUPTED) for o in plan.outcomes)
    planner.plan = replace(plan, secret_hash="", outcomes=stopped)
    monkeypatch.setattr(
        examples, "sample_county", lambda folder: folder.mkdir(parents=True), raising=False
    )
    result = run("demo", tmp_path)
    assert result.exit_code == 1
    assert (tmp_path / "plan-2026.gpkg").exists()
    assert not (tmp_path / "documents").exists()
    assert not (tmp_path / "shortage").exists()
