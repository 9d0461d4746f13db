# serve: --seed 7
"""Monitor commands, and the commands of gdbinit on top of them."""
from report import *


def test():
    sh("source " + os.environ["KGDBSIM_GDBINIT"])
    listed = sh("monitor help")
    for name in (r"cpus", r"drs \[CPU\]", r"registers", r"memory", r"seed", r"steps", r"reset"):
        matches(listed, r"(^|\n) +" + name, "help: " + name)
    matches(sh("monitor memory"), r"0{16}-.*ram", "memory map")
    matches(sh("monitor nonsense"), "unknown command 'nonsense'", "what it does not know")
    matches(sh("cpus"), r"\* CPU#0 \[running\]", "cpus")
    matches(sh("drs 1"), r"CPU#1  dr6 ", "drs")
    matches(sh("seed"), r"^7$", "seed")
    matches(sh("system-registers"), r"cr0 .*efer .*dr7 ", "system-registers")
    sh("break *breakme")
    go()
    matches(sh("where-all"), r"breakme.*cpu_main", "where-all")
    matches(sh("steps"), r"all +\d+", "steps")
    sh("only 1")
    matches(sh("show scheduler-locking"), '"on"', "only")
    sh("together")
    matches(sh("show scheduler-locking"), '"replay"', "together")
    sh("reset")
    equal(pc(), address("_start"), "reset")
    for name in ("cpus", "drs", "system-registers", "where-all", "only", "together", "reset", "seed", "steps"):
        check("not documented" not in sh("help " + name).lower(), name + " is documented")


run(test)
