"""The compiled pricing in two halves: labels from either end up to the middle, then joined.

A whole route of ten stops has far more beginnings than its two halves have (Righini & Salani 2006).
Each route is made once: of its beginning spent by the middle, the arc that passes it, and the rest.
The beginning and the rest must not both remember a task where they meet (Baldacci, Mingozzi &
Roberti 2011): exactly the routes that ``price_patrols`` allows.
"""

from __future__ import annotations

from optimizer.bound_graph import NOTHING
from optimizer.engine.compiled import kernel
from optimizer.need_pricing import arcs_at_hand, beaten, recall

# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc, call-arg"


@kernel
def half_labels(
    spend, gain, task, use, own, near, bit, limit, room, until, ahead, fan, to_come, place, enough,
    most, nodes, spent, values, used, memories, parents, following, first, last,
):  # fmt: skip
    """Make the labels of all routes from the depot as far as ``until``; return how many.

    Arguments as in ``price_patrols``; what is spent at the last node, ``own``, may reach beyond.
    Labels that are dominated when their turn comes are marked as having spent too much. Returns -1
    when the labels run out: then nothing is proven.
    """
    told = to_come.shape[1] - 1
    most[:] = NOTHING
    first[:] = -1
    last[:] = -1
    nodes[0], spent[0], values[0], used[0], memories[0] = 0, 0, 0, 0, 0
    parents[0], following[0], first[0], last[0] = -1, -1, 0, 0
    way, won, guard, _ = arcs_at_hand(spend, gain, task, near, bit, 0, ahead, fan)
    latest = limit - spend[:, 0]
    count = 1
    for now in range(limit + 1):
        label = first[now]
        while label >= 0:
            here, memory, value, load = nodes[label], memories[label], values[label], used[label]
            if label > 0 and beaten(here, memory, value, load, most):
                spent[label] = limit + 1
                label = following[label]
                continue
            if label > 0:
                most[here, load, memory] = value
            for choice in range(fan[here]):
                if memory & guard[here, choice]:
                    continue
                there = ahead[here, choice]
                then = now + way[here, choice]
                more = load + use[there]
                if then - own[there] > until or then > latest[there] or more > room:
                    continue
                fresh = value + won[here, choice]
                left = place[limit - then]
                if fresh + to_come[there, 0, left] <= enough:
                    continue
                mind = recall(memory, here, there, task, near, bit)
                dominated = beaten(there, mind, fresh, more, most)
                if dominated or fresh + to_come[there, mind & told, left] <= enough:
                    continue
                if count >= len(nodes):
                    return -1
                nodes[count], spent[count], values[count] = there, then, fresh
                used[count], memories[count], parents[count] = more, mind, label
                following[count] = -1
                if last[then] >= 0:
                    following[last[then]] = count
                else:
                    first[then] = count
                last[then] = count
                count += 1
            label = following[label]
    return count


@kernel
def join_halves(
    spend, gain, worth, inside, task, use, near, bit, limit, room, until, ahead, fan, to_come,
    place, enough, nodes, spent, values, used, memories, count,
    start, order, rest_spent, rest_values, rest_used, rest_memories, best, rest,
):  # fmt: skip
    """Find for each beginning the best rest: ``best`` and ``rest`` (a label; 0: home at once).

    Beginnings are labels of ``half_labels``, ``order[start[j] : start[j + 1]]`` the labels of rests
    that begin at node j, the most valuable first. Only what is worth more than ``enough`` counts.
    """
    told = to_come.shape[1] - 1
    way, won, guard, _ = arcs_at_hand(spend, gain, task, near, bit, 0, ahead, fan)
    latest = limit - spend[:, 0]
    for label in range(count):
        best[label] = enough
        rest[label] = -1
        here, memory, value, now = nodes[label], memories[label], values[label], spent[label]
        if now > limit:
            continue
        if (
            here > 0
            and gain[here, 0] != NOTHING
            and value + gain[here, 0] > enough
            and now + spend[here, 0] <= limit
        ):
            best[label] = value + gain[here, 0]
            rest[label] = 0
        for choice in range(fan[here]):
            there = ahead[here, choice]
            if memory & guard[here, choice] or start[there] == start[there + 1]:
                continue
            then = now + way[here, choice]
            more = used[label] + use[there]
            if then <= until or then > latest[there] or more > room:
                continue
            fresh = value + won[here, choice]
            if fresh + to_come[there, 0, place[limit - then]] <= best[label]:
                continue
            mind = recall(memory, here, there, task, near, bit)
            if fresh + to_come[there, mind & told, place[limit - then]] <= best[label]:
                continue
            for at in range(start[there], start[there + 1]):
                other = order[at]
                whole = fresh + rest_values[other] - worth[there]
                if whole <= best[label]:
                    break
                if (
                    then - inside[there] + rest_spent[other] <= limit
                    and more - use[there] + rest_used[other] <= room
                    and mind & rest_memories[other] == 0
                ):
                    best[label] = whole
                    rest[label] = other
                    break
