"""The same seed is the same run: where every CPU is after the same breakpoint hits."""
from report import *


def course():
    go("starti")
    sh("break *breakme")
    for _ in range(5):
        go()
    sh("delete")
    return sh("monitor cpus") + sh("monitor steps")


def test():
    connect("extended-remote")
    first = course()
    matches(first, "CPU#3", "a course")
    equal(course(), first, "the same again")


run(test)
