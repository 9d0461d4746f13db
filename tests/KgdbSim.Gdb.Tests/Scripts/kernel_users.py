# serve: --kernel 6.1 --start all
"""Who else has debug registers: perf, ptrace, a virtual machine; CPUs that come and go. And the commands of gdbinit over that."""
from report import *


def test():
    sh("source " + os.environ["KGDBSIM_GDBINIT"])
    matches(sh("monitor help"), r"drs.*slots.*events.*kgdb.*perf-bp.*ptrace-bp.*kvm.*hotplug.*lockdep", "help")
    matches(sh("kgdb-perf counter"), r"perf1 on all CPUs", "a perf user counts")
    matches(sh("monitor ptrace-bp add 2 0 0x%x 8 w" % address("watched")), r"guest/2 has a breakpoint in DR0", "a tracer")
    sh("watch *(long *) &watched")
    matches(go(), r"Hardware watchpoint", "kgdb's watchpoint beside them is hit")
    matches(sh("kgdb-slots"), r"perf1 .*kgdb\[0\] ", "slots and their owners")
    matches(sh("kgdb-drs 1"), r"CPU#1 .*\[in kgdb\].*hardware +kernel's copy +at resume\n  dr7  0+400 ", "nothing is armed in kgdb")
    matches(sh("kgdb-events 200"), r"CPU#\d debug rip \w+ dr6 0+1 +consumed by hw_breakpoint", "events")
    matches(sh("kgdb-state"), r"1 as master, 3 as slave.*breakinfo.*w 8", "kgdb from inside")
    matches(sh("monitor perf-bp"), r"perf1 .* [1-9]\d* hits", "its hits are counted")
    matches(sh("monitor hotplug 3 off"), r"online: 0,1,2", "a CPU goes")
    go()
    matches(sh("kgdb-state"), r"1 as master, 2 as slave", "kgdb does without it")
    matches(sh("monitor hotplug 3 on"), r"online: 0,1,2,3", "and comes back")
    go()
    matches(sh("kgdb-state"), r"1 as master, 3 as slave", "kgdb has it again")
    matches(sh("monitor kvm enter 0"), r"when it is resumed", "a virtual machine")
    go()
    matches(sh("monitor drs 0"), r"\[virtual machine\]", "has a CPU")
    sh("monitor kvm leave 0")
    before = sh("kgdb-drs") + sh("kgdb-slots")
    matches(sh("monitor perf-bp add all 0x%x 8 w" % (address("watched") + 1)), r"EINVAL: .* no multiple of 8", "unaligned")
    matches(sh("monitor perf-pb"), r"unknown command 'perf-pb'", "misspelt")
    equal(sh("kgdb-drs") + sh("kgdb-slots"), before, "an error changes nothing")
    for name in ("kgdb-drs", "kgdb-slots", "kgdb-events", "kgdb-state", "kgdb-perf"):
        check("not documented" not in sh("help " + name).lower(), name + " is documented")


run(test)
