"""The compiled pricing of both bounds: the most valuable route for given values of the tasks.

A dynamic programme over labels (node, resource spent, value, memory) in order of the resource,
time or load, in whole units. Nodes are modes. The memory is an ng-set (Baldacci, Mingozzi & Roberti
2011) kept as a few local bits: which of the node's nearest tasks the route has seen. A route may
return to a far one; that makes the maximum larger, never smaller, so every bound stays valid.
"""

from __future__ import annotations

import numpy as np

from optimizer.bound_graph import NOTHING
from optimizer.engine.compiled import inline_kernel, kernel

# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc, call-arg"


@kernel
def price_patrols(  # noqa: PLR0912 - one loop, kept together for speed
    spend, gain, inside, worth, task, use, near, bit, limit, room, ahead, fan, to_come, place,
    enough, pace, reach, most, nodes, spent, values, used, memories, parents, following, first,
    last,
):  # fmt: skip
    """Make the labels of the most valuable routes, whatever node they end at; return how many.

    Node 0 is the depot, 1..m are modes of ``task``. ``spend[i, j]`` units and ``gain[i, j]`` go
    from i to j, what is spent and won at j included; at most ``limit`` units a route, and at most
    ``room`` of the second resource ``use``. ``near[j, b]`` are the tasks of node j's memory and
    ``bit[j, t]`` the bit of task t in it (0: none). ``ahead[i, :fan[i]]``
    are the nodes tried after node i. ``to_come[j, s, place[u]]`` bounds what follows node j with u
    units left when the first bits of the memory are s: only routes that may gain more than
    ``enough`` are followed. For what follows on a route without a repetition remembers, seen from
    its end, nothing remembered here. ``reach`` becomes what it does in ``sweep_patrols``:
    ``to_come`` for a pass over the arcs reversed, and much closer. Returns -1 when the labels run
    out: then nothing is proven.
    """
    told = to_come.shape[1] - 1
    kept = reach.shape[1] - 1
    most[:] = NOTHING
    reach[:] = NOTHING
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
            here, memory, value = nodes[label], memories[label], values[label]
            if label == 0 or not beaten(here, memory, value, used[label], most):
                if label > 0:
                    most[here, used[label], memory] = value
                    slot, early = memory & kept, (now - inside[here]) // pace
                    reach[here, slot, early] = max(reach[here, slot, early], value - worth[here])
                for choice in range(fan[here]):
                    if memory & guard[here, choice]:
                        continue
                    there = ahead[here, choice]
                    then = now + way[here, choice]
                    if then > latest[there]:
                        continue
                    load = used[label] + use[there]
                    if load > room:
                        continue
                    fresh = value + won[here, choice]
                    left = place[limit - then]
                    if fresh + to_come[there, 0, left] <= enough:
                        continue
                    mind = recall(memory, here, there, task, near, bit)
                    dominated = beaten(there, mind, fresh, load, most)
                    if dominated or fresh + to_come[there, mind & told, left] <= enough:
                        continue
                    if count >= len(nodes):
                        return -1
                    nodes[count], spent[count], values[count] = there, then, fresh
                    used[count], memories[count], parents[count] = load, mind, label
                    following[count] = -1
                    if last[then] >= 0:
                        following[last[then]] = count
                    else:
                        first[then] = count
                    last[then] = count
                    count += 1
            label = following[label]
    accumulate(reach)
    return count


@kernel
def best_ends(nodes, values, home, count, enough, best):
    """Put the labels of each node's most valuable routes into ``best`` (m + 1, k), or -1.

    Only of those worth more than ``enough``, ``home[j]`` from node j included; the first of equals.
    """
    best[:] = -1
    places = best.shape[1]
    worst = np.full(len(best), enough)
    for label in range(1, count):
        node = nodes[label]
        worth = values[label] + home[node]
        if worth <= worst[node]:
            continue
        place = places - 1
        while place > 0:
            other = best[node, place - 1]
            if other >= 0 and values[other] >= values[label]:
                break
            best[node, place] = other
            place -= 1
        best[node, place] = label
        if best[node, places - 1] >= 0:
            worst[node] = values[best[node, places - 1]] + home[node]


@kernel
def recall(memory, here, there, task, near, bit):
    """Return what is remembered at ``there``, coming from ``here`` with a memory."""
    mind = bit[there, task[here]] if here > 0 else 0
    b = 0
    while memory:
        if memory & 1:
            mind |= bit[there, near[here, b]]
        memory >>= 1
        b += 1
    return mind


@kernel
def beaten(here, memory, value, load, most):
    """Whether a label that spent and remembers no more is worth as much."""
    for less in range(load + 1):
        part = memory
        while True:
            if most[here, less, part] >= value:
                return True
            if part == 0:
                break
            part = (part - 1) & memory
    return False


@kernel
def sweep_patrols(  # noqa: PLR0912, PLR0915 - one loop, kept together for speed
    spend, gain, inside, worth, task, use, near, bit, split, merge, limit, room, ahead, fan,
    to_come, place, enough, step_of, steps, pace, reach, values, spent, used, parents, seen, most,
    since, ends,
):  # fmt: skip
    """Price over cells (step, node, memory): coarser than labels and much quicker; 0 when done.

    Arguments as in ``price_patrols``; ``split`` masks the bits of memory that tell cells apart,
    ``reach[j, s, b]`` becomes the most won before entering j within (b + 1) * pace - 1 units, by
    routes that remember nothing of s, what is spent at j (``inside``) and won there (``worth``)
    not counted: ``to_come`` for the arcs reversed.

    With ``merge`` a cell is worth as much as its best label and has spent as little as its most
    frugal: ``reach`` is a bound. Without it holds its best label, and no route returns to a task:
    real routes, perhaps not the best ones. There are so many ``steps``, ``step_of`` each unit; a
    label goes to a later step than its parent's, so cells are final when their turn comes. Returns
    -1 when the steps do not suffice for that: then nothing is proven.
    """
    size = len(inside)
    slots = split + 1
    told = to_come.shape[1] - 1
    values[:steps, :, :slots] = NOTHING
    most[:, 0, :slots] = NOTHING
    reach[:] = NOTHING
    ends[:] = -1
    best = np.full(size, NOTHING)
    laden = np.zeros((size, slots), np.int32)
    values[0, 0, 0], spent[0, 0, 0], used[0, 0, 0], seen[0, 0, 0] = 0, 0, 0, 0
    way, won, guard, minds = arcs_at_hand(spend, gain, task, near, bit, split, ahead, fan)
    latest = limit - spend[:, 0]
    for step in range(steps):
        for cell in range(size * slots if step > 0 else 1):
            here, slot = cell // slots, cell % slots
            value = values[step, here, slot]
            if value == NOTHING:
                continue
            now, load = spent[step, here, slot], used[step, here, slot]
            label = (step * size + here) * slots + slot
            if here > 0:
                part, behind = slot, False
                while True:
                    if (
                        most[here, 0, part] >= value
                        and since[here, part] <= now
                        and laden[here, part] <= load
                    ):
                        behind = True
                        break
                    if part == 0:
                        break
                    part = (part - 1) & slot
                if behind:
                    continue
                if most[here, 0, slot] < value:
                    most[here, 0, slot] = value
                    since[here, slot], laden[here, slot] = now, load
                early = (now - inside[here]) // pace
                reach[here, slot, early] = max(reach[here, slot, early], value - worth[here])
                if value > best[here] and gain[here, 0] != NOTHING:
                    best[here] = value
                    ends[here] = label
            for choice in range(fan[here]):
                if slot & guard[here, choice]:
                    continue
                there = ahead[here, choice]
                then = now + way[here, choice]
                if then > latest[there]:
                    continue
                more = load + use[there]
                if more > room:
                    continue
                fresh = value + won[here, choice]
                left = place[limit - then]
                if fresh + to_come[there, 0, left] <= enough:
                    continue
                mind = minds[here, choice, slot]
                if told and fresh + to_come[there, mind & told, left] <= enough:
                    continue
                to = max(step_of[then], step + 1)
                if to >= steps:
                    return -1
                before = values[to, there, mind]
                if merge:  # written out: four times as fast as a call
                    if fresh > before:
                        values[to, there, mind] = fresh
                        parents[to, there, mind] = label
                    if before == NOTHING or then < spent[to, there, mind]:
                        spent[to, there, mind] = then
                    if before == NOTHING or more < used[to, there, mind]:
                        used[to, there, mind] = more
                elif fresh > before and not visited(
                    task[there], seen[step, here, slot], label, size, slots, task, parents
                ):
                    values[to, there, mind] = fresh
                    parents[to, there, mind] = label
                    spent[to, there, mind], used[to, there, mind] = then, more
                    seen[to, there, mind] = seen[step, here, slot] | 1 << (task[there] & 63)
    accumulate(reach)
    return 0


@inline_kernel
def visited(wanted, seen, label, size, slots, task, parents):
    """Whether the route to a cell visits a task; ``seen`` has a bit for every 64th task."""
    if seen & (1 << (wanted & 63)) == 0:
        return False
    while label >= slots:
        here = label // slots % size
        if task[here] == wanted:
            return True
        label = parents[label // slots // size, here, label % slots]
    return False


@kernel
def arcs_at_hand(spend, gain, task, near, bit, split, ahead, fan):
    """Return of each node's arcs what is spent and won, what forbids them, and the new memories.

    ``minds[i, k, s]`` is what is remembered after the k-th arc ahead of i, coming with memory s.
    """
    size, most = ahead.shape
    way = np.zeros((size, most), np.int32)
    won = np.zeros((size, most), np.int64)
    guard = np.zeros((size, most), np.int64)
    minds = np.zeros((size, most, split + 1), np.int32)
    for here in range(size):
        for choice in range(fan[here]):
            there = ahead[here, choice]
            way[here, choice], won[here, choice] = spend[here, there], gain[here, there]
            guard[here, choice] = bit[here, task[there]]
            if split > 0:
                for slot in range(split + 1):
                    minds[here, choice, slot] = recall(slot, here, there, task, near, bit) & split
    return way, won, guard, minds


@kernel
def close_arcs(
    spend, gain, inside, worth, limit, reach, to_come, place, pace, enough, closed
):  # fmt: skip
    """Close the arcs that are on no route worth more than ``enough``.

    ``reach`` bounds what is won before entering an arc's tail within some units, ``to_come`` what
    follows its head; both of routes worth more than that.
    """
    size = len(inside)
    for here in range(size):
        for there in range(size):
            if closed[here, there]:
                continue
            shut = True
            won = gain[here, there] + (worth[here] if here > 0 else 0)
            for before in range(reach.shape[2] if here > 0 else 1):
                left = limit - before * pace - inside[here] - spend[here, there]
                if left < spend[there, 0] * (there > 0):
                    break
                value = won + (reach[here, 0, before] if here > 0 else 0)
                if there > 0:
                    value += to_come[there, 0, place[left]]
                if value > enough:
                    shut = False
                    break
            closed[here, there] = shut


@kernel
def accumulate(reach):
    """Let more units reach whatever fewer do, and turn memories into what they do not meet."""
    slots = reach.shape[1]
    for there in range(len(reach)):
        for slot in range(slots):
            for b in range(1, reach.shape[2]):
                reach[there, slot, b] = max(reach[there, slot, b], reach[there, slot, b - 1])
        one = 1
        while one < slots:
            for slot in range(slots):
                if slot & one:
                    for b in range(reach.shape[2]):
                        without = reach[there, slot ^ one, b]
                        reach[there, slot, b] = max(reach[there, slot, b], without)
            one <<= 1
        for slot in range(slots // 2):
            for b in range(reach.shape[2]):
                other = reach[there, slots - 1 - slot, b]
                reach[there, slots - 1 - slot, b] = reach[there, slot, b]
                reach[there, slot, b] = other
