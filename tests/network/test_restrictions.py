"""Turn restrictions: from OSM's relations to forbidden pairs of edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from network import LoadSettings, RoadNetwork, load_network
from network.build import starts_of

ROAD = {"highway": "tertiary"}
#: A crossing 5 with arms 1 west, 2 north, 3 east, 4 south; the arms' ends are joined by a ring.
PLACES = {
    1: (124.99, 43.0), 2: (125.0, 43.01), 3: (125.01, 43.0), 4: (125.0, 42.99), 5: (125.0, 43.0),
}  # fmt: skip
WEST, NORTH, EAST, SOUTH = 1, 2, 3, 4
ARMS = [([number, 5], ROAD) for number in (1, 2, 3, 4)]
CROSSING = [*ARMS, ([1, 2, 3, 4, 1], ROAD)]

Member = tuple[str, str, int]


def relation_xml(number: int, members: Sequence[Member], tags: dict[str, str]) -> str:
    parts = [f'<member type="{kind}" role="{role}" ref="{ref}"/>' for role, kind, ref in members]
    parts += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
    return f'<relation id="{number}" version="1">{"".join(parts)}</relation>'


@pytest.fixture
def load_with(write_osm: Callable[..., Path]) -> Callable[..., RoadNetwork]:
    """Return a function that loads places and ways with relations (members, tags)."""

    def make(
        *relations: tuple[Sequence[Member], dict[str, str]],
        places: dict[int, tuple[float, float]] = PLACES,
        ways: Sequence[object] = CROSSING,
        settings: LoadSettings = LoadSettings(),  # noqa: B008
    ) -> RoadNetwork:
        path = write_osm(places, ways)
        said = "".join(
            relation_xml(number, members, {"type": "restriction"} | tags)
            for number, (members, tags) in enumerate(relations, 1)
        )
        text = path.read_text(encoding="utf-8").replace("</osm>", f"{said}</osm>")
        path.write_text(text, encoding="utf-8")
        return load_network(path, settings)

    return make


def turns(network: RoadNetwork) -> set[tuple[int, int, int]]:
    """Each forbidden turn as its from-way, the OSM-like place number of its node, its to-way."""
    number = {place: ref for ref, place in PLACES.items()}
    found = set()
    for before, after in network.forbidden_turns.tolist():
        assert network.edge_to[before] == network.edge_from[after]
        lon, lat = network.node_lonlat[network.edge_to[before]].round(7).tolist()
        ways = int(network.edge_way[before]), int(network.edge_way[after])
        found.add((ways[0], number.get((lon, lat), 0), ways[1]))
    return found


def at_five(start: int, end: int) -> list[Member]:
    return [("from", "way", start), ("via", "node", 5), ("to", "way", end)]


def test_a_forbidden_turn_is_one_pair(load_with: Callable[..., RoadNetwork]) -> None:
    """no_left_turn from south to west forbids just that."""
    network = load_with((at_five(SOUTH, WEST), {"restriction": "no_left_turn"}))
    assert turns(network) == {(SOUTH, 5, WEST)}
    report = network.report
    assert (report.restrictions_read, report.restrictions_applied) == (1, 1)
    assert report.sentences() == ()


def test_a_mandatory_turn_forbids_all_others(load_with: Callable[..., RoadNetwork]) -> None:
    """only_straight_on forbids left, right and turning back."""
    network = load_with((at_five(SOUTH, NORTH), {"restriction": "only_straight_on"}))
    assert turns(network) == {(SOUTH, 5, WEST), (SOUTH, 5, EAST), (SOUTH, 5, SOUTH)}


def test_no_u_turn_forbids_turning_back(load_with: Callable[..., RoadNetwork]) -> None:
    """From a way back into it, at its end or in its middle, but not on past the node."""
    network = load_with((at_five(SOUTH, SOUTH), {"restriction": "no_u_turn"}))
    assert turns(network) == {(SOUTH, 5, SOUTH)}
    ways = [([1, 5, 3], ROAD), ([2, 5, 4], ROAD), ([1, 2, 3, 4, 1], ROAD)]
    network = load_with((at_five(1, 1), {"restriction": "no_u_turn"}), ways=ways)
    assert [tuple(abs(np.diff(pair))) for pair in network.forbidden_turns] == [(1,), (1,)]


def test_no_entry_and_no_exit_take_several_ways(load_with: Callable[..., RoadNetwork]) -> None:
    """no_entry may come from several ways, no_exit go to several."""
    several = [("from", "way", SOUTH), ("from", "way", EAST), *at_five(NORTH, WEST)[1:]]
    assert turns(load_with((several, {"restriction": "no_entry"}))) == {
        (SOUTH, 5, WEST),
        (EAST, 5, WEST),
    }
    several = [*at_five(SOUTH, WEST), ("to", "way", EAST)]
    assert turns(load_with((several, {"restriction": "no_exit"}))) == {
        (SOUTH, 5, WEST),
        (SOUTH, 5, EAST),
    }
    network = load_with((several, {"restriction": "no_left_turn"}))
    assert (len(network.forbidden_turns), network.report.restrictions_malformed) == (0, 1)


@pytest.mark.parametrize(
    ("tags", "is_applied"),
    [
        ({"restriction:motorcar": "no_left_turn"}, True),
        ({"restriction:hgv": "no_left_turn"}, False),
        ({"restriction": "no_left_turn", "except": "bus;motorcar"}, False),
        ({"restriction": "no_left_turn", "except": "bus"}, True),
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, True),
        ({"restriction:conditional": "no_left_turn @ (weight&gt;3.5)"}, False),
        ({"restriction": "no_left_turn", "type": "route"}, False),
    ],
)
def test_only_restrictions_on_cars_count(
    tags: dict[str, str], is_applied: bool, load_with: Callable[..., RoadNetwork]
) -> None:
    """Those for lorries or with an exception for cars do not; those by the hour count always."""
    network = load_with((at_five(SOUTH, WEST), tags))
    assert len(network.forbidden_turns) == is_applied
    assert network.report.restrictions_read == is_applied


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (at_five(SOUTH, WEST), "no_flying"),
        (at_five(SOUTH, WEST)[:2], "no_left_turn"),
        ([at_five(SOUTH, WEST)[0], at_five(SOUTH, WEST)[2]], "no_u_turn"),
        ([("from", "relation", 1), *at_five(SOUTH, WEST)[1:]], "no_left_turn"),
        ([*at_five(SOUTH, WEST), ("via", "way", EAST)], "no_left_turn"),
        ([*at_five(SOUTH, WEST), ("via", "node", 1)], "no_left_turn"),
    ],
)
def test_malformed_relations_are_counted(
    members: Sequence[Member], kind: str, load_with: Callable[..., RoadNetwork]
) -> None:
    """What OSM's rules do not allow restricts nothing and is told."""
    network = load_with((members, {"restriction": kind}))
    assert len(network.forbidden_turns) == 0
    assert network.report.restrictions_malformed == 1
    assert any("not clear" in sentence.en for sentence in network.report.sentences())


def test_a_relation_of_itself_is_harmless(load_with: Callable[..., RoadNetwork]) -> None:
    """A restriction that is its own member, via itself, is read and counted like any other."""
    members = [("from", "way", SOUTH), ("via", "relation", 1), ("to", "way", WEST)]
    network = load_with((members, {"restriction": "no_left_turn"}))
    assert network.report.restrictions_malformed == 1


def test_ways_that_go_on_beyond_the_node_are_unresolved(
    load_with: Callable[..., RoadNetwork],
) -> None:
    """When a way is not split at the node, which half is meant is not guessed."""
    ways = [([1, 5, 3], ROAD), ([2, 5, 4], ROAD), ([1, 2, 3, 4, 1], ROAD)]
    network = load_with((at_five(2, 1), {"restriction": "no_left_turn"}), ways=ways)
    assert len(network.forbidden_turns) == 0
    assert network.report.unresolved_relations == (1,)


def test_restrictions_of_ways_not_driven_need_nothing(
    load_with: Callable[..., RoadNetwork],
) -> None:
    """A restriction into a footpath, or against a one-way, forbids no pair and is no problem."""
    ways = [*CROSSING, ([4, 5], {"highway": "footway"})]
    network = load_with((at_five(SOUTH, 6), {"restriction": "only_left_turn"}), ways=ways)
    assert len(network.forbidden_turns) == 0
    assert network.report.unresolved_relations == ()
    ways = [*ARMS[1:], ([1, 5], ROAD | {"oneway": "yes"}), CROSSING[-1]]
    turn = [("from", "way", 3), ("via", "node", 5), ("to", "way", 4)]
    network = load_with((turn, {"restriction": "no_left_turn"}), ways=ways)
    assert (len(network.forbidden_turns), network.report.unresolved_relations) == (0, ())
    network = load_with((turn, {"restriction": "only_left_turn"}), ways=ways)
    assert network.report.unresolved_relations == (1,)


def test_the_setting_turns_restrictions_off(load_with: Callable[..., RoadNetwork]) -> None:
    """Without turn restrictions nothing is forbidden and none is counted."""
    off = LoadSettings(turn_restrictions=False)
    network = load_with((at_five(SOUTH, WEST), {"restriction": "no_left_turn"}), settings=off)
    assert len(network.forbidden_turns) == network.report.restrictions_read == 0


#: A dual carriageway: 1 → 2 eastwards, 3 → 4 westwards, joined by the link 2 → 3.
DUAL = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.01, 43.001), 4: (125.0, 43.001)}
EASTWARDS, WESTWARDS, LINK = ROAD | {"oneway": "yes"}, ROAD | {"oneway": "yes"}, ROAD
DUAL_WAYS = [([1, 2], EASTWARDS), ([2, 3], LINK), ([3, 4], WESTWARDS), ([4, 1], ROAD)]
OVER_LINK = [("from", "way", 1), ("via", "way", 2), ("to", "way", 3)]


def test_a_path_over_a_way_is_a_pair_where_that_says_it(
    load_with: Callable[..., RoadNetwork],
) -> None:
    """Where only one way leads into the link, leaving it for the other carriageway is forbidden."""
    places = DUAL | {6: (125.02, 43.001)}
    ways = [*DUAL_WAYS, ([6, 3], ROAD), ([6, 2], EASTWARDS), ([3, 1], ROAD)]
    kinds = {"restriction": "no_u_turn"}
    network = load_with((OVER_LINK, kinds), places=places, ways=[*ways[:5], ways[6]])
    assert [network.edge_way[turn].tolist() for turn in network.forbidden_turns] == [[2, 3]]
    ways = [*DUAL_WAYS, ([4, 2], ROAD)]
    network = load_with((OVER_LINK, kinds), places=DUAL, ways=ways)
    assert [network.edge_way[turn].tolist() for turn in network.forbidden_turns] == [[1, 2]]
    ways = [*ways, ([3, 1], ROAD)]
    network = load_with((OVER_LINK, kinds), places=DUAL, ways=ways)
    assert len(network.forbidden_turns) == 0
    assert network.report.unresolved_relations == (1,)


def test_a_mandatory_path_over_a_way(load_with: Callable[..., RoadNetwork]) -> None:
    """only_* over a link: all else is forbidden at both its ends, if nothing else enters it."""
    only = {"restriction": "only_u_turn"}
    places = DUAL | {6: (125.02, 43.0), 7: (125.02, 43.001)}
    ways = [
        *DUAL_WAYS,
        ([2, 6], EASTWARDS),
        ([3, 7], EASTWARDS),
        ([6, 4], ROAD),
        ([7, 4], ROAD),
        ([7, 3], EASTWARDS),
    ]
    network = load_with((OVER_LINK, only), places=places, ways=ways)
    pairs = sorted(network.edge_way[turn].tolist() for turn in network.forbidden_turns)
    assert pairs == [[1, 5], [2, 2], [2, 6]]
    network = load_with((OVER_LINK, only), places=places, ways=[*ways, ([4, 2], ROAD)])
    assert network.report.unresolved_relations == (1,)


@pytest.mark.parametrize(
    ("members", "ways", "unresolved"),
    [
        ([("from", "way", 1), ("via", "way", 3), ("to", "way", 2)], DUAL_WAYS, ()),
        ([*OVER_LINK, ("via", "way", 4)], DUAL_WAYS, (1,)),
        (
            OVER_LINK,
            [*DUAL_WAYS[:1], ([2, 5, 3], LINK), *DUAL_WAYS[2:], ([5, 4], ROAD)],
            (1,),
        ),
    ],
)
def test_longer_paths_are_left_out_and_counted(
    members: Sequence[Member],
    ways: Sequence[object],
    unresolved: tuple[int, ...],
    load_with: Callable[..., RoadNetwork],
) -> None:
    """Over several ways or a way in pieces: unresolved; over ways that do not meet: nothing."""
    places = DUAL | {5: (125.01, 43.0005)}
    kind = {"restriction": "no_u_turn"}
    network = load_with((members, kind), places=places, ways=ways)
    assert len(network.forbidden_turns) == 0
    assert network.report.unresolved_relations == unresolved


def test_what_turns_cut_off_is_left_out(load_with: Callable[..., RoadNetwork]) -> None:
    """A street that no allowed turn enters is cut, and all that is left can be reached by turns."""
    places = PLACES | {6: (125.005, 43.002)}
    ways = [*CROSSING, ([5, 6], ROAD)]
    into = [(at_five(arm, 6), {"restriction": "no_entry"}) for arm in (WEST, NORTH, EAST, SOUTH)]
    network = load_with(*into, places=places, ways=ways)
    assert network.report.edges_cut_by_turns == 2
    assert 6 not in network.edge_way
    assert len(network.forbidden_turns) == 0
    assert any("because of turn" in sentence.en for sentence in network.report.sentences())


def reachable(network: RoadNetwork, edge: int) -> set[int]:
    forbidden = {tuple(turn) for turn in network.forbidden_turns.tolist()}
    order = np.argsort(network.edge_from, kind="stable")
    first = starts_of(np.bincount(network.edge_from, minlength=network.node_count))
    found, left = {edge}, [edge]
    while left:
        before = left.pop()
        node = network.edge_to[before]
        for after in order[first[node] : first[node + 1]].tolist():
            if after not in found and (before, after) not in forbidden:
                found.add(after)
                left.append(after)
    return found


@pytest.mark.shared
def test_real_restrictions_leave_every_edge_in_reach(heidelberg: RoadNetwork) -> None:
    """Of 476 relations nearly all apply, and every edge still leads to every other one."""
    report = heidelberg.report
    assert report.restrictions_read > 400
    assert report.restrictions_applied > 0.85 * report.restrictions_read
    assert len(heidelberg.forbidden_turns) > 400
    assert len(reachable(heidelberg, 0)) == heidelberg.edge_count
    backwards = replace(
        heidelberg,
        edge_from=heidelberg.edge_to,
        edge_to=heidelberg.edge_from,
        forbidden_turns=heidelberg.forbidden_turns[:, ::-1],
    )
    assert len(reachable(backwards, 0)) == heidelberg.edge_count
