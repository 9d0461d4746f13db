"""A replayed run held at its violation: CPUs as threads, the kernel line of each, and the steps before.

The environment says what the run is known to be:
    KGDBSIM_TOKEN     its token
    KGDBSIM_PROPERTY  the property violated
    KGDBSIM_STEPS     steps of the run
"""
from report import *


def test():
    last = int(os.environ["KGDBSIM_STEPS"]) - 1
    connect()
    fatal = cpu()
    threads = sh("info threads")
    check(len(names()) >= 2 and all(name.startswith("CPU ") for name in names()), "the threads are the CPUs: %r" % names())
    matches(threads, r"\* \d+ .*\[step %d: .*, then the violation\]" % last, "the selected thread took the fatal step")
    matches(threads, r"\(\S.*;  \[step \d+: ", "each thread shows its line of kernel code")
    matches(sh("monitor help"), r"schedule +the steps before the violation", "monitor help")
    schedule = sh("monitor schedule")
    matches(schedule, re.escape(os.environ["KGDBSIM_PROPERTY"]), "monitor schedule says what is violated")
    matches(schedule, re.escape(os.environ["KGDBSIM_TOKEN"]), "and how to repeat it")
    matches(schedule, r"=> %d \|" % last, "and marks the fatal step")
    equal(len(re.findall(r"^\| +(?:=> )?\d+ \|", schedule, re.M)) >= last + 1, True, "with every step")
    cells = sh("monitor cells")
    matches(cells, r"C0\.DR7 +0x[0-9a-f]+", "monitor cells shows shared variables")
    dr7 = int(re.search(r"C0\.DR7 +0x([0-9a-f]+)", cells).group(1), 16)
    sh("thread 1")
    equal(number("$dr7"), dr7, "debug registers are the scenario's")
    matches(sh("monitor drs 0"), "dr7 0*%x" % dr7, "monitor drs")
    sh("thread %d" % (fatal + 1))
    equal(pc(), 0, "a modelled CPU has no instruction pointer")
    fails("x/x 0x1000", "Cannot access memory", "there is no memory")
    fails("print $rax = 1", "", "registers cannot be set")
    before = cpu()
    matches(go(), "SIGTRAP", "who resumes it stops at once")
    equal(cpu(), before, "where it stood")
    matches(go("stepi"), "", "a step ends too")
    sh("thread 1")
    matches(sh("monitor schedule"), "=> %d" % last, "nothing has changed")
    sh("disconnect")
    connect()
    equal(cpu(), before, "it is held for the next debugger")
    sh("detach")
    connect()
    equal(cpu(), before, "and after a detach")


run(test)
