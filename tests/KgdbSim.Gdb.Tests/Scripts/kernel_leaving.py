# kernels: 6.1 2.6.30 2.6.14
"""What is left in the debug registers when a debugger goes: nothing, however it goes."""
import time

from report import *


def armed():
    """How many registers are armed, of all CPUs."""
    return sum(len(re.findall(r"dr[0-3] .*(execute|write|access|read|global|local)", sh("monitor drs %d" % n))) for n in range(4))


def test():
    connect()
    warm_up()
    sh("hbreak *breakme")
    sh("watch *(long *) &watched")
    go()
    equal(armed(), 0, "nothing is armed while the machine stands")
    sh("detach")
    sh("delete")
    time.sleep(0.3)
    connect()
    equal(armed(), 0, "after detach")
    for n in range(4):
        sh("thread %d" % (n + 1))
        equal(number("$dr7") & 0xff, 0, "CPU %d's DR7 is clean" % n)
    count = number("*(long *) &counter")
    interrupt_while("continue")
    check(number("*(long *) &counter") > count, "and nothing stops the machine")

    sh("disconnect")
    victim = other_gdb("target remote " + ADDRESS, "hbreak *breakme", "break *write_watched", "continue 1000000", wait=False)
    time.sleep(2)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    time.sleep(1)
    connect()
    sh("break *add_under_lock")
    matches(go(), "in add_under_lock", "after kill -9 a second debugger works")
    sh("delete")
    sh("hbreak *breakme")
    matches(go(), "in breakme", "with all slots")
    sh("delete")
    interrupt_while("continue")
    check(pc() != address("breakme"), "and what it removes is gone")


run(test)
