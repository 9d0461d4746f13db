"""Memory: small and large, text and code, what is not there."""
from report import *


def test():
    connect()
    sh("set var *(long *) &watched = 0x1122334455667788")
    equal(number("*(long *) &watched"), 0x1122334455667788, "write and read")
    sh("set var *(char *) &watched = 0x99")
    equal(number("*(long *) &watched"), 0x1122334455667799, "one byte of it")
    matches(sh("x/s &greeting"), "built-in guest", "a string")
    matches(sh("disassemble breakme"), r"push +%rbp.*ret", "code")

    inferior = gdb.selected_inferior()
    block = bytes((n * 7 + n // 251) & 255 for n in range(100000))
    base = address("stacks") + 4096
    inferior.write_memory(base, block)
    equal(bytes(inferior.read_memory(base, len(block))) == block, True, "100,000 bytes of every value there and back")
    equal(number("*(char *) 0x%x" % (base + 3)) & 255, block[3], "and by the byte")

    found = inferior.search_memory(base, len(block), block[70000:70032])
    equal(found, base + block.find(block[70000:70032]), "search")
    matches(sh("compare-sections .text"), "matched", "the code in memory is that of the image")
    fails("p *(char *) 0x7ffffffff000", "Cannot access memory", "memory that is not there")
    fails("p *(char *) 0x123456789abcdef0", "Cannot access memory", "an address that is not canonical")
    fails("set var *(char *) 0x7ffffffff000 = 1", "Cannot access memory", "nor written")


run(test)
