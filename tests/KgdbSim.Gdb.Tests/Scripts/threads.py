"""CPUs as threads, from reset on, and where each is."""
from report import *


def test():
    connect()
    equal(names(), ["CPU#0 [running]"] + ["CPU#%d [waiting for SIPI]" % n for n in (1, 2, 3)], "names at reset")
    equal([t.ptid[1] for t in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num)], [1, 2, 3, 4], "thread ids")
    warm_up()
    sh("break *write_watched")
    go()
    equal(names(), ["CPU#%d [running]" % n for n in range(4)], "names when all run")
    equal(cpu(), 1, "the writer is CPU 1")
    matches(sh("info threads"), r"\* 2 +Thread 1\.2 .*write_watched", "info threads")
    places = sh("thread apply all -q -s p $pc")
    equal(len(re.findall(r"\$\d+ = ", places)), 4, "every thread has a pc")
    sh("thread 4")
    equal(cpu(), 3, "selecting a thread")
    matches(sh("backtrace"), "cpu_main", "backtrace of another CPU")


run(test)
