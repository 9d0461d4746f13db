"""Four hardware slots on every CPU: a fifth is refused, and the error names who has them."""
from report import *


def test():
    sh("set breakpoint auto-hw off")
    connect()
    warm_up()
    for place in ("*breakme", "*write_watched", "*read_watched", "*add_under_lock"):
        sh("hbreak " + place)
    seen = set()
    for _ in range(60):
        go()
        seen.add(pc())
    equal(seen, {address(n) for n in ("breakme", "write_watched", "read_watched", "add_under_lock")}, "four at once, all hit")

    before = sh("monitor drs 2")
    sh("hbreak *cpu_main")
    out = ""
    try:
        out = go("stepi")
    except gdb.error as error:
        out = str(error)
    matches(out, r"Could not insert hardware breakpoint|annot insert|no debug register is free", "a fifth is refused")
    reply = sh("maint packet Z1,%x,1" % address("cpu_main"))
    matches(reply, r"no debug register is free: CPU 0,1,2,3: .*, .*, .*, ", "the error names four owners on every CPU")
    equal(sh("monitor drs 2"), before, "nothing is half installed")
    sh("delete 6")

    sh("delete 2")
    sh("watch *(long *) &watched")
    matches(go("continue 3"), "", "a slot that was given back is another's")
    sh("delete")
    sh("break *breakme")
    matches(go(), "hit Breakpoint", "software breakpoints need none")


run(test)
