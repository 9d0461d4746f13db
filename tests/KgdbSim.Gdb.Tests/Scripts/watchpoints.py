"""Watchpoints: data address, old and new value, and the CPU that made the access."""
from report import *


def test():
    connect()
    warm_up()
    sh("watch *(long *) &watched")
    for _ in range(3):
        before = number("*(long *) &watched")
        out = go()
        matches(out, r"Old value = %d\s+New value = %d" % (before, before + 1), "old and new value")
        equal(cpu(), 1, "the writer is named")
        matches(sh("x/i $pc"), "<write_watched\+", "it stops behind the store")
    sh("delete")

    sh("rwatch *(long *) &watched")
    matches(go(), r"Hardware read watchpoint \d+.*Value = ", "read watchpoint")
    equal(cpu(), 2, "the reader is named")
    sh("delete")

    sh("awatch *(long *) &watched")
    seen = set()
    for _ in range(40):
        go("continue 31")
        seen.add(cpu())
    equal(seen, {1, 2}, "access watchpoint: both, and nobody else")
    sh("delete")

    # The second half of the variable: an access to all of it touches that, too.
    sh("watch *(int *) ((char *) &counter + 4)")
    sh("break *breakme if $rdi > 50")
    matches(go(), "hit Breakpoint", "a watch of bytes that do not change does not report")
    sh("delete")

    sh("watch *(long *) &watched if *(long *) &watched == %d" % (number("*(long *) &watched") + 5))
    go()
    equal(cpu(), 1, "a watchpoint with a condition")


run(test)
