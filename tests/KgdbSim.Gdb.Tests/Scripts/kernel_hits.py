# kernels: 6.1 2.6.33 2.6.30 2.6.14
# guest: counts
"""No hit is lost: what gdb counts, while it steps every CPU over the breakpoint, is what the guest counts."""
from report import *

ROUNDS = 60


def test():
    connect()
    sh("break *counted")
    sh("break finished")
    per_cpu = [0, 0, 0, 0]
    while True:
        out = go()
        if "finished" in out:
            break
        matches(out, r"hit Breakpoint 1, ", "a hit") if "hit Breakpoint 1" not in out else None
        per_cpu[cpu()] += 1
    equal(per_cpu, [ROUNDS] * 4, "hits of every CPU")
    equal([number("calls[%d]" % n) for n in range(4)], [ROUNDS] * 4, "and what the guest has counted")


run(test)
