"""Registers: reading, writing, flags by name, and what cannot be written."""
from report import *


def test():
    connect()
    equal(number("$rip"), address("_start"), "rip at reset")
    matches(sh("p $eflags"), r"\[ ?\]|\[ 0x2 \]|\[ .*\]", "eflags are flags")
    matches(sh("p $cr0"), r"\[.*PE.*PG.*\]", "cr0 by field names: protected mode and paging")
    matches(sh("p $efer"), r"\[.*LMA.*\]", "efer by field names: long mode")
    matches(sh("p $dr7"), r"RW0=0 LEN0=0", "dr7 by field names")
    matches(sh("p/x $dr6"), r"0xffff0ff0", "dr6 at reset")

    for register in ("rax", "rbx", "r15"):
        sh("set $%s = 0x1122334455667788" % register)
        equal(number("$" + register), 0x1122334455667788, "write " + register)
    sh("set $eflags |= 1")
    matches(sh("p $eflags"), r"CF", "set the carry flag")
    sh("set $xmm3.v2_int64[1] = 0x0123456789abcdef")
    equal(number("$xmm3.v2_int64[1]"), 0x0123456789abcdef, "write half of an xmm register")
    sh("set $st0 = 1.5")
    matches(sh("p $st0"), r"1\.5", "write st0")

    sh("set $dr0 = &watched")
    sh("set $dr7 = 0xd0002ul")
    matches(sh("p $dr7"), r"G0.*RW0=1 LEN0=3", "dr7: global, write, 4 bytes")
    matches(sh("monitor drs 0"), r"dr0 +[0-9a-f]* +(global, write, 4 bytes|w 4)", "monitor explains it")
    sh("set $dr7 = 0x400ul")

    fails("set $rip = 0x8000000000000000", "regist", "a rip that is not canonical")
    fails("set $mxcsr = 0xffffffff", "regist", "reserved bits of mxcsr")
    equal(number("$rip"), address("_start"), "what was refused has changed nothing")

    sh("p $saved = $rsp")
    sh("thread 2")
    check(number("$rip") != address("_start"), "registers are each CPU's own")
    sh("thread 1")
    matches(sh("info registers rip"), "_start", "back again")


run(test)
