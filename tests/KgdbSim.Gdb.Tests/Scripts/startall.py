# serve: --start all --cpus 6
"""All CPUs start at the entry point; those without work halt."""
from report import *


def test():
    connect()
    equal(names(), ["CPU#%d [running]" % n for n in range(6)], "all run from the start")
    for n in range(6):
        sh("thread %d" % (n + 1))
        equal((pc(), number("$rdi")), (address("_start"), n), "CPU %d is at the entry point and knows its number" % n)
    sh("break *read_watched if *(int *) &cpus_online == 6")
    go()
    go()
    equal(names()[4:], ["CPU#4 [halted]", "CPU#5 [halted]"], "CPUs without work halt")


run(test)
