# guest: arms
"""A guest that uses debug registers itself keeps them, beside the debugger's and with their hits."""
from report import *


def word(name):
    return number(name)


def rounds():
    return word("watched")


def test():
    connect()
    sh("break work")
    go()
    matches(sh("monitor slots"), r"CPU#0  1 of 4\n  dr0  guest\.dr0 +%016x w  8" % address("mine"), "the guest has one of the four")
    equal(number("$dr0"), address("mine"), "what the guest has in DR0")
    equal(number("$dr7"), 0x90402, "and in DR7")
    for _ in range(5):
        go()
    equal(word("taken"), rounds() + 1, "each of its own exceptions came to it")
    equal(word("last_dr6"), 0xffff0ff1, "with the cause")
    sh("delete")

    sh("watch watched")
    sh("hbreak *work")
    go()
    seen = set()
    for _ in range(12):
        text = go()
        seen.add("watchpoint" if "atchpoint" in text else "breakpoint")
    equal(seen, {"watchpoint", "breakpoint"}, "both of the debugger's are hit")
    check(abs(word("taken") - rounds()) <= 1, "and none of the guest's is lost")
    sh("delete")

    sh("hbreak db_handler")
    go()
    equal(pc(), address("db_handler"), "a stop in its handler")
    before = word("taken")
    while word("taken") == before:
        sh("stepi")
    equal(word("last_dr6"), 0xffff0ff1, "it reads its own cause, though it was stepped")
    sh("delete")
    sh("break *work")
    go()
    equal(word("lost"), 0, "it always read what it had written")

    sh("set var arm_all = 1")
    go()
    go()
    matches(sh("monitor slots"), r"CPU#0  4 of 4.*guest\.dr0.*guest\.dr1.*guest\.dr2.*guest\.dr3", "it takes all four")
    sh("set breakpoint always-inserted on")
    fails("hbreak *kernel", "annot insert hardware breakpoint", "there is no room for the debugger")
    sh("delete")
    sh("set breakpoint always-inserted off")
    sh("disconnect")
    wire = Wire()
    matches(wire.ask("Z1,%x,1" % address("work")),
            "CPU 0: guest.dr0, guest.dr1, guest.dr2, guest.dr3", "the error says that the guest has them")
    matches(wire.monitor("drs 0"), "the guest reads  dr0 %x  dr1 1111  dr2 2222  dr3 3333  dr7 111904aa" % address("mine"), "as monitor drs does")


run(test)
