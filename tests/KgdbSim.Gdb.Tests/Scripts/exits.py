# guest: exits
"""The guest ends the machine; gdb shows what it printed and how it ended."""
from report import *


def test():
    connect("extended-remote")
    out = go()
    matches(out, r"exited with code 053", "exit code 43, which gdb shows in octal")
    equal(number("$_exitcode"), 43, "and in $_exitcode")
    equal(len(gdb.selected_inferior().threads()), 0, "no threads are left")
    sh("tbreak kernel")
    sh("run")
    matches(sh("backtrace"), "kernel", "run starts it again")


run(test)
