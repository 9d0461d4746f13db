# guest: dies
"""A triple fault is a stop, not a crash: the machine can be looked at and started again."""
from report import *


def test():
    connect("extended-remote")
    out = go()
    matches(out, r"received signal SIGABRT", "shutdown is a stop")
    matches(sh("backtrace"), r"divide.*kernel", "at the instruction that faulted")
    equal(names()[0], "CPU#0 [shutdown]", "the thread says so")
    sh("tbreak divide")
    sh("run")
    matches(sh("backtrace"), "divide", "and it can be started again")


run(test)
