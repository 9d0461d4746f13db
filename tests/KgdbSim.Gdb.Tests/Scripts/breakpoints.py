"""Software and hardware breakpoints: who hits them, and that memory does not show them."""
from report import *


def test():
    connect()
    warm_up()
    before = sh("x/8xb breakme")
    sh("break *breakme")
    matches(go(), r"hit Breakpoint 2, 0x[0-9a-f]+ in breakme", "software breakpoint")
    equal(pc(), number("&breakme"), "it stops at its address")
    equal(sh("x/8xb breakme"), before, "memory reads never show it")

    # A CPU comes round many times before the next one has its turn.
    seen = set()
    for _ in range(40):
        go("continue 100")
        seen.add(cpu())
        if len(seen) == 4:
            break
    equal(seen, {0, 1, 2, 3}, "every CPU hits it, and is named")

    sh("delete")
    sh("hbreak *add_under_lock")
    matches(go(), r"hit Breakpoint 3, 0x[0-9a-f]+ in add_under_lock", "hardware breakpoint")
    sh("delete")

    sh("tbreak *read_watched")
    matches(go(), r"hit Temporary breakpoint 4", "temporary breakpoint")
    equal(cpu(), 2, "only CPU 2 reads")

    sh("break *breakme thread 4")
    go()
    equal(cpu(), 3, "a breakpoint of one thread")
    sh("delete")

    sh("break *breakme if $rdi > 20")
    go()
    check(number("$rdi") > 20, "a condition")
    sh("delete")

    # A debugger beside the machine has any number; one inside a kernel has the processor's four (kernel_slots.py).
    for n in range(100 if KERNEL == "none" else 3):
        sh("hbreak *%d" % (address("page_tables") + n))
    sh("hbreak *write_watched")
    matches(go(), "in write_watched", "as many hardware breakpoints as there are")


run(test)
