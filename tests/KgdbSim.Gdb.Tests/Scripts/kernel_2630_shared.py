# serve: --start all
# kernels: 2.6.30
"""2.6.30: registers shared with the kernel's own breakpoints and with a tracer, by the rules of June 2009."""
from report import *


def registers(cpu):
    """Who is promised which register of a CPU, from slots."""
    part = re.search(r"CPU#%d (.*?)(CPU#|$)" % cpu, sh("monitor slots"), re.S).group(1)
    return dict((owner, place) for place, owner in re.findall(r"^  (\S+) +(\S+) ", part, re.M))


def test():
    sh("source " + os.environ["KGDBSIM_GDBINIT"])
    sh("set breakpoint always-inserted on")
    matches(sh("monitor kernel-bp"), r"no kernel breakpoints but kgdb's", "nobody has one")
    matches(sh("monitor kernel-bp add 0x%x 8 w" % address("counter")), r"ksym1 on all CPUs", "a breakpoint of the kernel itself")
    matches(sh("monitor ptrace-bp add 2 0 0x%x 8 w" % address("counter")), r"guest/2 has a breakpoint in DR0", "a tracer")
    sh("watch *(long *) &watched")
    sh("hbreak *breakme")
    equal(registers(2), {"ksym1": "dr3", "kgdb[0]": "-", "kgdb[1]": "-", "guest/2.ptrace0": "dr0"}, "loaded when the CPU leaves kgdb")
    places = set()
    for _ in range(40):
        places.add("Hardware watchpoint" in go() or pc() == address("breakme"))
    equal(places, {True}, "kgdb's are hit beside them")
    equal(registers(2), {"ksym1": "dr3", "kgdb[0]": "dr2", "kgdb[1]": "dr1", "guest/2.ptrace0": "dr0"}, "the kernel's from DR3 down")
    equal(registers(0), {"ksym1": "dr3", "kgdb[0]": "dr2", "kgdb[1]": "dr1"}, "on all CPUs")
    matches(sh("monitor slots"), r"guest/2.ptrace0 [^\n]* [1-9]\d* hits", "the tracer has had its hits")
    matches(sh("monitor kernel-bp list"), r"ksym1 [^\n]* [1-9]\d* hits", "the kernel's owner, too")
    matches(sh("monitor drs 1"), r"\[in kgdb\].*hardware +kernel's copy +at resume\n  dr7  0+400 .*dr3  - +%016x w 8 +%016x w 8"
            % (address("counter"), address("counter")), "nothing is armed in kgdb")
    matches(sh("monitor events 200"), r"CPU#\d debug rip \w+ dr6 0+8 +consumed by hw_breakpoint +\[hw_breakpoint STOP\]", "events")

    before = sh("monitor slots") + sh("monitor drs")
    fails("hbreak *add_under_lock", r"annot insert hardware breakpoint", "no register is left on CPU 2")
    sh("delete 3")
    matches(sh("monitor kernel-bp add 0x%x 8 w more" % address("watched")),
            r"ENOSPC: .*DR0, which guest/2.ptrace0 has|ENOSPC: no free debug register on CPU 2", "nor for the kernel")
    matches(sh("monitor kernel-bp add 0x%x 8 w" % (address("watched") + 1)), r"EINVAL: .* no multiple of 8", "unaligned")
    matches(sh("monitor ptrace-bp add 1 3 0x%x 8 w" % address("watched")), r"ENOSPC: ", "DR3 is the kernel's")
    equal(sh("monitor slots") + sh("monitor drs"), before, "an error changes nothing")

    sh("delete")
    matches(sh("monitor kernel-bp del ksym1"), r"ksym1 is gone after [1-9]\d* hits", "it gives its register back")
    matches(sh("monitor ptrace-bp add 1 3 0x%x 8 w" % address("watched")), r"guest/1 has a breakpoint in DR3", "so a tracer can have it")
    fails("hbreak *breakme", r"annot insert hardware breakpoint", "and the kernel none at all, though three are free")
    sh("delete")
    sh("monitor ptrace-bp del 1 3")
    sh("hbreak *breakme")
    matches(go(), r"in breakme", "until it is gone")

    matches(sh("monitor perf-bp add all 0x%x 8 w" % address("watched")), r"EOPNOTSUPP: Linux 2.6.30 has no perf breakpoints; 2.6.33", "no perf")
    matches(sh("monitor kvm enter 0"), r"EOPNOTSUPP: ", "no KVM")
    sh("delete")
    without_lock(4)
    matches(sh("monitor hotplug 3 off"), r"online: 0,1,2", "a CPU goes")
    sh("hbreak *breakme")
    go()
    matches(sh("kgdb-state"), r"kernel 2.6.30, kgdb as in on the hw_breakpoint interface of June 2009.*1 as master, 2 as slave", "kgdb does without it")
    matches(sh("monitor hotplug 3 on"), r"online: 0,1,2,3", "and comes back")
    go()
    matches(sh("monitor drs 3"), r"\[in kgdb\].*dr3  - +%016x x 1 +%016x x 1" % (address("breakme"), address("breakme")), "with kgdb's breakpoint")
    sh("monitor ptrace-bp del 2 0")
    sh("delete")
    interrupt_while("continue")
    for n in range(4):
        equal(registers(n), {}, "CPU %d: nobody has any" % n)
        matches(sh("monitor drs %d" % n), r"dr7  0+400 +0+[02]00 +0+[46]00\n", "and DR7 is clean")

    places = [address(name) for name in ("breakme", "write_watched", "read_watched")]
    watched = address("watched")
    sh("disconnect")
    wire = Wire()
    matches(wire.monitor("kernel-bp add 0x%x 8 w mine" % watched), "mine on all CPUs", "the kernel has one again")
    matches(wire.monitor("ptrace-bp add 2 0 0x%x 8 w" % watched), "guest/2 has a breakpoint in DR0", "and the tracer")
    equal([wire.ask("Z1,%x,1" % place) for place in places[:2]], ["OK", "OK"], "two are left")
    matches(wire.ask("Z1,%x,1" % places[2]), r"no debug register is free: .*CPU 2: mine, kgdb\[0\], kgdb\[1\], guest/2.ptrace0; "
            r"the next register for the kernel is DR0, which guest/2.ptrace0 has", "a third is refused, naming all owners")


run(test)
