"""Steps: of one CPU while others run or stand, over calls, out of functions."""
from report import *


def steps():
    """Retired instructions of every CPU, by 'monitor steps'."""
    return [int(n) for n in re.findall(r"CPU#\d+ +(\d+)", sh("monitor steps"))]


def test():
    connect()
    sh("break *breakme thread 3")
    go()
    sh("delete")
    start = pc()
    before = steps()
    sh("set scheduler-locking on")
    go("stepi")
    check(pc() > start, "stepi moves on")
    after = steps()
    equal([a - b for a, b in zip(after, before)], [0, 0, 1, 0], "scheduler-locking on: one CPU, one instruction")
    go("stepi 2")
    equal([a - b for a, b in zip(steps(), after)], [0, 0, 3 - 1, 0], "stepi 2")
    matches(sh("x/i $pc"), r"<breakme\+\d+>", "still in the function")

    go("finish")
    matches(sh("x/i $pc"), r"<cpu_main\+\d+>", "finish returns to the caller")
    equal(number("$rax"), 3 * number("$r12") + 1, "with the value computed")

    go("nexti")
    go("nexti")
    go("nexti")
    while "call" not in sh("x/i $pc"):
        go("stepi")
    here = pc()
    go("nexti")
    equal(pc(), here + 5, "nexti steps over a call")

    sh("set scheduler-locking replay")
    before = steps()
    go("stepi 6000")
    after = steps()
    equal(after[2] - before[2], 6000, "6000 steps of the selected CPU are so many instructions")
    check(any(after[n] > before[n] for n in (0, 1, 3)), "the others run meanwhile")
    equal(cpu(), 2, "the stepping CPU stays selected")

    sh("break *breakme thread 3")
    go()
    sh("delete")
    go("finish")
    go("advance *read_watched")
    equal(pc(), address("read_watched"), "advance")
    go("until *read_watched+4")
    equal(pc(), address("read_watched") + 4, "until")


run(test)
