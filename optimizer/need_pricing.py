"""The compiled pricing of the patrol need: the most valuable patrol for given task values.

A forward dynamic programme over labels (node, time, value, memory), in order of time. The memory
is an ng-set (Baldacci, Mingozzi & Roberti 2011): only near tasks are remembered, so a route may
return to a far one; that makes the maximum larger, never smaller, and the bound stays valid.
"""

from __future__ import annotations

import numpy as np

from optimizer.engine.compiled import kernel

# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc, call-arg"

#: Buckets of time by which labels are ordered.
BUCKETS = 512
#: More than any patrol can be worth.
NO_BOUND = 1 << 60


@kernel
def dominated(time, value, memory, exact, head, following, times, values, memories, node):
    """Whether a label of ``node`` is no later, no poorer and (if exact) no less free than this."""
    label = head[node]
    while label >= 0:
        if (
            times[label] <= time
            and values[label] >= value
            and (not exact or memories[label] & ~memory == 0)
        ):
            return True
        label = following[label]
    return False


@kernel
def drop_dominated(label, exact, head, following, times, values, memories, alive, node):
    """Take the labels of ``node`` that ``label`` dominates out of its list."""
    before = -1
    other = head[node]
    while other >= 0:
        after = following[other]
        if (
            times[label] <= times[other]
            and values[label] >= values[other]
            and (not exact or memories[label] & ~memories[other] == 0)
        ):
            alive[other] = 0
            if before < 0:
                head[node] = after
            else:
                following[before] = after
        else:
            before = other
        other = after


@kernel
def most_to_come(between, inside, worth, longest, to_come):
    """Fill ``to_come[i, b]``: no patrol collects more after node i with b buckets of time left.

    Tasks may be repeated at will, and each leg's time is rounded down to buckets. Where a leg is
    shorter than a bucket nothing is known and the bound is as good as infinite.
    """
    size = len(inside)
    width = longest / (BUCKETS - 1)
    for b in range(BUCKETS):
        left = (b + 1) * width
        for here in range(size):
            most = 0
            for there in range(1, size):
                time = between[here, there] + inside[there]
                if worth[there] <= 0 or time + between[there, 0] > left:
                    continue
                if time < 1.001 * width:
                    most = NO_BOUND
                    break
                most = max(most, worth[there] + to_come[there, int((left - time) / width)])
            to_come[here, b] = min(most, NO_BOUND)


@kernel
def price_patrols(
    between, inside, near, worth, longest, exact, enough, to_come, nodes, times, values,
    memories, parents, following, queue, alive, head, first, last, best,
):  # fmt: skip
    """Find for each task a most valuable patrol that ends with it; return how many labels.

    Nodes 1..n are tasks, 0 the depot; ``between`` are least times from leaving to entering (over
    any nodes), ``inside`` times at a task, ``near`` the ng-sets and ``worth`` whole-number values.
    ``best[i]`` becomes the label of the best patrol whose last task is i, or -1. Returns -1 when
    the labels run out: then nothing is proven. Without ``exact`` memories are ignored and the
    maximum may be missed; with it every patrol worth more than ``enough`` is considered, less
    worthy ones are cut off.
    """
    size = len(inside)
    head[:] = -1
    first[:] = -1
    last[:] = -1
    best[:] = -1
    width = longest / (BUCKETS - 1)
    if exact:
        most_to_come(between, inside, worth, longest, to_come)
    nodes[0], times[0], values[0], memories[0], parents[0] = 0, 0.0, 0, 0, -1
    queue[0], alive[0], following[0] = -1, 1, -1
    first[0] = last[0] = 0
    count = 1
    for bucket in range(BUCKETS):
        label = first[bucket]
        while label >= 0:
            here = nodes[label]
            for there in range(1, size if alive[label] else 1):
                bit = np.int64(1) << np.int64(there - 1)
                if worth[there] <= 0 or memories[label] & bit:
                    continue
                time = times[label] + between[here, there] + inside[there]
                if time + between[there, 0] > longest:
                    continue
                value = values[label] + worth[there]
                if exact and value + to_come[there, int((longest - time) / width)] <= enough:
                    continue
                memory = (memories[label] & near[there]) | bit
                if dominated(
                    time, value, memory, exact, head, following, times, values, memories, there
                ):
                    continue
                if count >= len(nodes):
                    return -1
                nodes[count], times[count], values[count] = there, time, value
                memories[count], parents[count], alive[count] = memory, label, 1
                drop_dominated(count, exact, head, following, times, values, memories, alive, there)
                following[count] = head[there]
                head[there] = count
                slot = int(time / width)
                queue[count] = -1
                if last[slot] >= 0:
                    queue[last[slot]] = count
                else:
                    first[slot] = count
                last[slot] = count
                if best[there] < 0 or value > values[best[there]]:
                    best[there] = count
                count += 1
            label = queue[label]
    return count
