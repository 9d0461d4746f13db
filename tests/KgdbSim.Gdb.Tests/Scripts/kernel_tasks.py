# serve: --threads tasks
"""The modelled kernel's tasks as threads: shadow CPUs, tasks of the guest, a tracer that comes and goes, a CPU that is taken away."""
from report import *


def threads():
    """What info threads says, by the threads' numbers on the wire."""
    sh("info threads")
    return {thread.ptid[1] & 0xffffffff: thread.name for thread in gdb.selected_inferior().threads()}


def shadow(n):
    """kgdb's number of a shadow thread, in 32 bits."""
    return 0xfffffffe - n


def select(number):
    """Selects a thread by its number on the wire."""
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] & 0xffffffff == number:
            sh("thread %d" % thread.num)
            return
    check(False, "there is a thread %x" % number)


def selected():
    return gdb.selected_thread().ptid[1] & 0xffffffff


def guest(n):
    return "guest/%d [pid %d, on CPU %d]" % (n, n + 1, n)


def at_reset():
    connect()
    expected = {shadow(0): "shadowCPU0", 1: guest(0)}
    expected.update({shadow(n): "shadowCPU%d [waiting for SIPI]" % n for n in (1, 2, 3)})
    equal(threads(), expected, "threads at reset")
    equal(selected(), 1, "CPU 0's task is the current one")
    matches(go("stepi"), r"", "the very first command may be a step")
    check(pc() != address("_start"), "and it steps")
    sh("break *cpu_main thread %d" % gdb.selected_thread().num)
    go()
    expected = {shadow(n): "shadowCPU%d" % n for n in range(4)}
    expected.update({n + 1: guest(n) for n in range(4)})
    equal(threads(), expected, "tasks of CPUs that were started meanwhile")
    sh("delete")


def names_of_hits():
    sh("watch *(long *) &watched")
    sh("set scheduler-locking off")
    select(1)
    for _ in range(4000):
        if "Hardware watchpoint" in go("stepi"):
            break
        select(1)
    equal(selected(), 2, "a watch that CPU 1 hits while CPU 0's task is stepped is its task's")
    matches(sh("x/i $pc"), r"<write_watched\+", "behind its store")
    sh("delete")
    sh("break *add_under_lock")
    seen = set()
    for _ in range(80):
        go()
        seen.add(selected())
    equal(seen, {1, 2, 3, 4}, "every task's hits are told")
    sh("delete")


def shadows():
    sh("tbreak *breakme")
    go()
    matches(sh("info threads"), r"\"shadowCPU2\" \(CPU 2 runs guest/2\) +<unavailable>", "an idle task that does not run shows nothing")
    places = sh("thread apply all -q -s bt 1")
    equal(len(re.findall(r"#0 ", places)), 8, "thread apply all")
    equal(len(re.findall(r"#0 +<unavailable>", places)), 4, "four of them are idle")
    select(shadow(2))
    fails("stepi", r"PC not available", "it can't be stepped")
    sh("set scheduler-locking on")
    select(3)
    before = pc()
    others = [thread for thread in (1, 2, 4)]
    where = {}
    for n in others:
        select(n)
        where[n] = pc()
    select(3)
    go("stepi")
    equal(selected(), 3, "a task is stepped")
    check(pc() != before, "and moves")
    sh("maintenance flush register-cache")
    for n in others:
        select(n)
        equal(pc(), where[n], "guest/%d does not" % (n - 1))
    sh("set scheduler-locking off")


def tracer():
    before = threads()
    sh("monitor ptrace-bp add 2 0 0x%x 8 w" % address("watched"))
    now = threads()
    equal(now.pop(5, None), "tracer [pid 5, sleeping]", "a tracer is a task")
    equal(now, before, "and the others are as before")
    select(5)
    matches(sh("info registers rip"), r"<unavailable>", "of its registers nothing is known")
    matches(sh("bt"), r"<unavailable> in ", "nor where it is")
    fails("stepi", r"PC not available", "it can't be stepped")
    select(1)
    sh("break *breakme")
    go()
    equal(selected() in (1, 2, 3, 4), True, "others stop with it there")
    equal(len(threads()), 9, "it stays")
    sh("monitor ptrace-bp del 2 0")
    equal(5 in threads(), False, "and goes with its last breakpoint")
    go()
    equal(len(threads()), 8, "nobody misses it")
    sh("delete")


def unplugged():
    # Where it has no lock that others would wait for.
    sh("break *breakme")
    while True:
        go()
        if selected() == 4:
            break
    sh("delete")
    sh("set scheduler-locking on")
    go("stepi")
    sh("set scheduler-locking off")
    sh("monitor hotplug 3 off")
    sh("maintenance flush register-cache")
    now = threads()
    equal(now[4], "guest/3 [pid 4, CPU 3 is offline]", "the task of a CPU that was taken away")
    equal(now[shadow(3)], "shadowCPU3 [offline]", "and its shadow thread")
    select(4)
    where = pc()
    select(shadow(3))
    matches(sh("info registers rip"), r"<unavailable>", "an offline CPU has nothing to show")
    select(4)
    matches(go("stepi"), r"guest/3 .* is on no CPU: it cannot be resumed by itself.*SIGINT", "its task can't be stepped")
    equal((selected(), pc()), (4, where), "it stands where it stood")
    sh("break *breakme")
    select(1)
    for _ in range(6):
        go()
        check(selected() in (1, 2, 3), "others go on")
    select(4)
    equal(pc(), where, "without it")
    sh("delete")
    sh("monitor hotplug 3 on")
    equal(threads()[4], guest(3), "it is back")
    sh("set scheduler-locking on")
    select(4)
    go("stepi")
    equal(selected(), 4, "and steps")
    sh("set scheduler-locking off")


def again():
    sh("detach")
    connect()
    equal(sorted(threads()), [1, 2, 3, 4] + [shadow(n) for n in (3, 2, 1, 0)], "the next debugger finds the same threads")
    sh("hbreak *breakme")
    matches(go(), r"guest/\d \[pid \d, on CPU \d\]\" hit Breakpoint", "and works with them")
    sh("delete")
    before = number("*(long *) &counter")
    interrupt_while("continue")
    check(number("*(long *) &counter") > before, "Ctrl-C stops all")
    sh("kill")


def test():
    at_reset()
    names_of_hits()
    shadows()
    tracer()
    unplugged()
    again()


run(test)
