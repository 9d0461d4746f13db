"""Extended mode: the program is started again, killed, attached to."""
from report import *


def test():
    connect("extended-remote")
    sh("break *breakme")
    go()
    sh("delete")
    sh("tbreak *breakme")
    go("run")
    equal(pc(), address("breakme"), "run starts anew")
    go("starti")
    equal(pc(), address("_start"), "starti stops before the first instruction")
    equal(names()[1], "CPU#1 [waiting for SIPI]", "from reset on")
    sh("kill")
    equal(len(gdb.selected_inferior().threads()), 0, "after kill there is no process")
    go("starti")
    equal(pc(), address("_start"), "and it can be started again")
    sh("detach")
    go("attach 1")
    check(number("*(long *) &counter") >= 0, "after detach it can be attached to")
    matches(sh("info threads"), "running", "it ran meanwhile")


run(test)
