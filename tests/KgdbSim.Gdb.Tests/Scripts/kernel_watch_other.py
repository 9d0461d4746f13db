# kernels: 6.1 2.6.30 2.6.14
"""A watch that another CPU hits while one is stepped, and a step of the writer itself."""
from report import *


def test():
    connect()
    warm_up()
    sh("tbreak *breakme thread 1")
    go()
    equal(cpu(), 0, "CPU 0 is the one to step")
    sh("watch *(long *) &watched")
    sh("set scheduler-locking off")
    hit = False
    for _ in range(4000):
        out = go("stepi")
        if "Hardware watchpoint" in out:
            hit = True
            break
    check(hit, "the watch is hit while another CPU is stepped")
    equal(cpu(), 1, "and the CPU that wrote is named")
    matches(sh("x/i $pc"), "<write_watched\\+", "behind its store")
    sh("delete")

    sh("break *write_watched")
    go()
    sh("delete")
    while "mov" not in sh("x/i $pc") or "%rdi" not in sh("x/i $pc"):
        go("stepi")
    sh("watch *(long *) &watched")
    sh("set scheduler-locking on")
    matches(go("stepi"), r"Hardware watchpoint", "a step over the store is the watch's stop, not just a step")
    go("stepi")
    equal(number("$eflags & 0x100"), 0, "no trap flag is left behind")


run(test)
