# kernels: 6.1 2.6.33 2.6.30 2.6.14
"""Four hardware slots on every CPU: a fifth is refused, and the error names who has them."""
from report import *


def test():
    connect()
    warm_up()
    for place in ("*breakme", "*write_watched", "*read_watched", "*add_under_lock"):
        sh("hbreak " + place)
    seen = set()
    for _ in range(60):
        go()
        seen.add(pc())
    equal(seen, {address(n) for n in ("breakme", "write_watched", "read_watched", "add_under_lock")}, "four at once, all hit")

    sh("set breakpoint always-inserted on")
    fails("hbreak *cpu_main", r"annot insert hardware breakpoint", "a fifth is refused")
    sh("delete 6")
    fails("hbreak *cpu_main", "no debug register is free: CPU 0,1,2,3: ", "and gdb shows the four owners")
    sh("delete 7")
    before = sh("monitor drs 2")
    fails("hbreak *cpu_main", r"annot insert hardware breakpoint", "and again")
    equal(sh("monitor drs 2"), before, "nothing is half installed")
    sh("delete 8")

    sh("delete 2")
    sh("watch *(long *) &watched")
    matches(go(), "hit ", "a slot that was given back is another's")
    sh("delete")
    sh("break *breakme")
    matches(go(), "hit Breakpoint", "software breakpoints need none")


run(test)
