# guest: counts
"""Conditions that the stub evaluates: gdb hears of no other hit, and none is lost however many CPUs come."""
from report import *


def test():
    log = os.path.join(tempfile.mkdtemp(dir=os.environ["KGDBSIM_WORK"]), "remote.log")
    sh("set remotelogfile " + log)
    sh("set breakpoint condition-evaluation target")
    connect()
    sh("break finished")
    sh("break *counted if cpu == 2 && calls[cpu] == 37")
    sh("break *counted if calls[cpu] == 59")
    seen = []
    while len(seen) < 20 and "finished" not in go():
        seen.append((cpu(), number("calls[cpu]")))
        if seen[-1] == (2, 37):
            sh("condition 2 cpu == 2 && calls[cpu] == 45")
        if seen[-1] == (2, 45):
            sh("delete 2")
            sh("hbreak *counted if cpu == 2 && calls[cpu] == 55")
    equal(sorted(seen), [(0, 59), (1, 59), (2, 37), (2, 45), (2, 55), (2, 59), (3, 59)], "the hits that make one true, and no other")
    equal([number("calls[%d]" % n) for n in range(4)], [60] * 4, "no call is made twice or left out")
    sh("disconnect")
    with open(log) as wire:
        text = wire.read()
    matches(text, r"w \$Z0,[0-9a-f]+,1;X", "the conditions are sent")
    matches(text, r"w \$Z1,[0-9a-f]+,1;X", "those of hardware breakpoints too")

    # Eight stops, a step over each breakpoint that is gone on from, and why the machine stands at first.
    stops = len(re.findall(r"T05", text))
    check(8 <= stops <= 16, "%d stops are told" % stops)


run(test)
