# serve: --start all
# kernels: 2.6.14 2.6.21
"""2.6.21 and before: nobody hands out registers. A tracer and kgdb get along as long as they use different ones."""
from report import *


def registers(cpu):
    """Who believes to have which register of a CPU, and who is in it, from slots."""
    part = re.search(r"CPU#%d (.*?)(CPU#|$)" % cpu, sh("monitor slots"), re.S).group(1)
    return dict((owner, place) for place, owner in re.findall(r"^  (\S+) +(\S+) ", part, re.M))


def test():
    sh("source " + os.environ["KGDBSIM_GDBINIT"])
    sh("set breakpoint always-inserted on")
    matches(sh("monitor ptrace-bp add 2 3 0x%x 8 w" % address("counter")), r"guest/2 has a breakpoint in DR3", "a tracer takes DR3")
    sh("watch *(long *) &watched")
    sh("hbreak *breakme")
    sh("hbreak *add_under_lock")
    stops = set()
    for _ in range(60):
        out = go()
        stops.add("watch" if "Hardware watchpoint" in out else pc())
    equal(stops, {"watch", address("breakme"), address("add_under_lock")}, "kgdb's three beside it are hit")
    equal(registers(2), {"kgdb[0]": "dr0", "kgdb[1]": "dr1", "kgdb[2]": "dr2", "guest/2.ptrace3": "dr3"}, "each has its own")
    equal(registers(1), {"kgdb[0]": "dr0", "kgdb[1]": "dr1", "kgdb[2]": "dr2"}, "on the other CPUs kgdb alone")
    sh("delete 1")
    matches(sh("monitor drs 2"), r"\[in kgdb\].*dr7  0+400 .*dr3  - +%016x w 8 +%016x w 8" % (address("counter"), address("counter")),
            "nothing is armed in kgdb, and the tracer's will be again")
    for _ in range(10):
        go()
    matches(sh("monitor slots"), r"guest/2.ptrace3 [^\n]* [1-9]\d* hits", "the tracer has its hits")
    matches(sh("monitor events 1024"), r"CPU#2 debug rip \w+ dr6 0+8 +signal +\[kgdb DONE\]", "as signals of its task, which kgdb left alone")

    sh("hbreak *read_watched")
    sh("hbreak *write_watched")
    equal(registers(2), {"kgdb[0]": "dr0", "kgdb[1]": "dr1", "kgdb[2]": "dr2", "kgdb[3]": "dr3", "guest/2.ptrace3": "-"}, "kgdb asks nobody")
    before = sh("monitor slots") + sh("monitor drs")
    fails("hbreak *cpu_main", r"annot insert hardware breakpoint", "a fifth is refused")
    sh("delete 6")
    equal(sh("monitor slots") + sh("monitor drs"), before, "and changes nothing")
    matches(sh("monitor perf-bp"), r"no perf breakpoints", "no perf")
    matches(sh("monitor perf-bp add all 0x%x 8 w" % address("watched")), r"EOPNOTSUPP: Linux %s has no perf breakpoints; 2.6.33" % KERNEL, "and why")
    matches(sh("monitor kernel-bp add 0x%x 8 w" % address("watched")), r"EOPNOTSUPP: .*2.6.30 has", "no kernel breakpoints")
    matches(sh("monitor kvm enter 0"), r"EOPNOTSUPP: ", "no KVM")
    equal(sh("monitor slots") + sh("monitor drs"), before, "an error changes nothing")

    sh("delete")
    equal(registers(2), {"guest/2.ptrace3": "dr3"}, "what kgdb gives up the tracer has again")
    without_lock(4)
    matches(sh("monitor hotplug 3 off"), r"online: 0,1,2", "a CPU goes")
    sh("hbreak *breakme")
    go()
    matches(sh("kgdb-state"), r"kernel %s, kgdb as in with debug registers of its own.*1 as master, 2 as slave" % KERNEL, "kgdb does without it")
    matches(sh("monitor hotplug 3 on"), r"online: 0,1,2,3", "and comes back")
    go()
    matches(sh("monitor drs 3"), r"\[in kgdb\].*dr0  - +- +%016x x 1" % address("breakme"), "with kgdb's breakpoint")
    sh("monitor ptrace-bp del 2 3")
    sh("delete")
    interrupt_while("continue")
    for n in range(4):
        equal(registers(n), {}, "CPU %d: nobody has any" % n)
        matches(sh("monitor drs %d" % n), r"dr7  0+400 +0+ +0+400\n", "and DR7 is clean")

    sh("disconnect")
    wire = Wire()
    places = [address(name) for name in ("breakme", "write_watched", "read_watched", "add_under_lock", "cpu_main")]
    equal([wire.ask("Z1,%x,1" % place) for place in places[:4]], ["OK"] * 4, "four")
    matches(wire.ask("Z1,%x,1" % places[4]), r"no debug register is free: CPU 0,1,2,3: kgdb\[0\], kgdb\[1\], kgdb\[2\], kgdb\[3\]$",
            "the error names who has them")


run(test)
