"""Non-stop mode is not there, and gdb says so."""
from report import *


def test():
    sh("set non-stop on")
    fails("target remote " + ADDRESS, "does not support non-stop", "non-stop mode is refused in words")
    sh("set non-stop off")
    connect()
    equal(pc(), address("_start"), "and nothing is broken by it")


run(test)
