"""The plan made by hand, unchanged."""


def test_the_plan_made_by_hand_is_lawful(bench):
    """A quarter with every visit owed passes: what remains are notices of our defaults."""
    report = bench.report(bench.plan)
    assert report.lawful
    assert {(f.rule, f.basis) for f in report.findings} == {
        ("level-without-peak", "default"),
        ("validity", "default"),
        ("gap", "default"),
    }
