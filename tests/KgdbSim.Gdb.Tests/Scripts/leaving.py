"""Detach, disconnect, kill -9, a second debugger: what the machine does, and what who comes next finds."""
import time

from report import *


def test():
    connect()
    sh("break *breakme")
    go()
    go()
    busy = other_gdb("target remote " + ADDRESS)
    matches(busy, "another debugger is attached", "a second debugger is told so")
    equal(pc(), address("breakme"), "the first one does not notice")

    sh("delete")
    count = number("*(long *) &counter")
    sh("detach")
    time.sleep(0.3)
    connect()
    check(number("*(long *) &counter") > count, "after detach the machine ran on")

    where = pc()
    sh("disconnect")
    connect()
    equal(pc(), where, "after disconnect it stood where it was")

    sh("disconnect")
    victim = other_gdb("target remote " + ADDRESS, "break *breakme", "continue", "continue 1000000", wait=False)
    time.sleep(1.5)
    victim.kill()
    victim.wait()
    connect()
    matches(sh("info breakpoints"), "No breakpoints", "a new session has no breakpoints")
    matches(interrupt_while("continue"), "SIGINT", "those of a debugger that was killed are gone")
    matches(sh("x/2xb breakme"), "0x55.*0x48", "and memory is as it was")
    sh("break *read_watched")
    matches(go(), "hit Breakpoint", "the machine is well")


run(test)
