# guest: debugme
"""A guest built by gcc, on four CPUs, debugged by its source."""
from report import *


def line():
    return gdb.selected_frame().find_sal().line


def test():
    connect()
    sh("break factorial if n == 5")
    matches(go(), r"hit Breakpoint 1, factorial \(n=(n@entry=)?5\)", "a breakpoint in C, with its condition and argument")
    equal(cpu(), 3, "on the CPU whose work it is")
    matches(sh("backtrace"), r"#0 +factorial \(n=.*one_round \(cpu=.*worker \(cpu=3\).*ap_main", "a backtrace")
    sh("delete")
    sh("break factorial if n == 1")
    go()
    equal(len(re.findall(r"factorial \(n=", sh("backtrace"))) > 1, True, "recursion")
    sh("delete")
    sh("up 1")
    out = go("finish")
    matches(out, r"Value returned is \$\d+ = ", "finish shows the value returned")

    sh("break mean")
    go()
    out = go("finish")
    matches(out, r"Value returned is \$\d+ = [0-9.e+]+", "finish from a function that returns a double")
    check(float(gdb.parse_and_eval("shared.average")) >= 0, "a double is read")
    sh("delete")

    sh("break one_round if cpu == 0")
    go()
    sh("delete")
    sh("set scheduler-locking step")
    first = line()
    go("next")
    check(line() != first, "next goes on by a line")
    matches(sh("info frame"), "one_round", "in the same function")
    sh("break add_under_lock thread 1")
    go()
    sh("delete")
    go("finish")
    matches(sh("p names[%d]" % cpu()), '"counter"', "data through pointers")
    matches(sh("p shared.rounds"), r"\{\d+, \d+, \d+, \d+\}", "arrays and structures")

    sh("watch shared.watched")
    out = go()
    matches(out, r"Old value = \d+\s+New value = \d+", "watch a member")
    equal(cpu(), 1, "the writer is named")
    sh("delete")

    sh("set scheduler-locking replay")
    value = gdb.parse_and_eval("factorial(6)")
    equal(int(value), 720, "call a function of the guest")
    sh("set var shared.counter = 12345")
    equal(number("shared.counter"), 12345, "set a variable")


run(test)
