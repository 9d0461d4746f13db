# guest: debugme
# serve: --faithful
"""What gdb makes of Linux 6.1's kgdb, defects included (the recorded facts: "Packets", "Stops, stepping, SMP")."""
from report import *


def test():
    sh("file " + os.path.join(os.environ["KGDBSIM_WORK"], "debugme.elf"))
    connect()
    matches(sh("info threads"), r"\(shadowCPU0\)", "a shadow thread of the one CPU that is online")
    fails("monitor help", "Target does not support this command", "without kdb there is no monitor")

    sh("hbreak one_round")
    matches(go(), r"(Breakpoint|hit) .*one_round", "a hardware breakpoint is known by its address")
    threads = sh("info threads")
    for shadow in range(4):
        matches(threads, r"\(shadowCPU%d\)" % shadow, "a shadow thread of CPU %d" % shadow)
    sh("delete")

    sh("break add_under_lock")
    matches(go(), r"(Breakpoint|hit) .*add_under_lock", "a software one too, after gdb has put rip back")
    before = pc()
    go("stepi")
    check(pc() != before, "a step over it")
    sh("delete")

    sh("watch shared.watched")
    matches(go(), r"received signal SIGTRAP", "no reason is given for a watchpoint: gdb sees a bare signal")
    sh("delete")

    for i in range(4):
        sh("hbreak *(one_round + %d)" % (100 + i))
    sh("hbreak *(one_round + 104)")
    fails("continue", r"Command aborted|Could not insert hardware breakpoint", "the fifth is refused")
    sh("delete")
    sh("detach")


run(test)
