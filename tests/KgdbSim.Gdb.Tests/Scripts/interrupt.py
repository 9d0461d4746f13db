"""Ctrl-C in the middle of runs, again and again."""
from report import *


def test():
    connect()
    for n in range(3):
        before = number("*(long *) &counter")
        out = interrupt_while("continue")
        matches(out, r"received signal SIGINT", "Ctrl-C number %d" % (n + 1))
        check(number("*(long *) &counter") > before, "the machine ran meanwhile")
    sh("set scheduler-locking on")
    sh("thread 3")
    matches(interrupt_while("continue"), r"Thread 3.*received signal SIGINT", "only what was resumed is named")
    sh("set scheduler-locking off")
    sh("break *breakme")
    matches(go(), "hit Breakpoint", "and everything goes on")


run(test)
