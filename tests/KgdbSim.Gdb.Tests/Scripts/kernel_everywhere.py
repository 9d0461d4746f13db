# kernels: 6.1 2.6.30 2.6.14
"""A second breakpoint is armed on every CPU, a removed one gone everywhere; CPUs that start later get what there is."""
from report import *


def hitters(place, count=80):
    """The CPUs that stop there."""
    seen = set()
    for _ in range(count):
        go("continue")
        if pc() == address(place):
            seen.add(cpu())
        if len(seen) == 4:
            break
    return seen


def test():
    connect()
    sh("hbreak *cpu_main")
    equal(names()[1], "CPU#1 [waiting for SIPI]", "set before the others have started")
    equal(hitters("cpu_main"), {0, 1, 2, 3}, "every CPU has it when it starts")

    sh("delete")
    sh("hbreak *breakme")
    go()
    sh("hbreak *add_under_lock")
    equal(hitters("add_under_lock"), {0, 1, 2, 3}, "a second one is armed on every CPU")
    sh("delete 2")
    places = set()
    for _ in range(20):
        go()
        places.add(pc())
    equal(places, {address("add_under_lock")}, "a removed one is gone everywhere")


run(test)
