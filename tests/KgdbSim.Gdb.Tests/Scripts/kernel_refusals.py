"""What cannot be done is refused in words, and the state after an error is the state before."""
from report import *


def test():
    connect()
    warm_up()
    places = {name: address(name) for name in ("watched", "breakme", "add_under_lock", "page_tables")}
    sh("hbreak *breakme")
    go()
    sh("delete")
    sh("disconnect")
    wire = Wire()
    equal(wire.ask("Z1,%x,1" % places["breakme"]), "OK", "one breakpoint")

    def state():
        return "".join(wire.monitor("drs %d" % n) for n in range(4)) + wire.ask("m%x,10" % places["breakme"])

    def refused(packet, words, what):
        before = state()
        matches(wire.ask(packet), words, what)
        equal(state(), before, what + ": nothing has changed")

    watched = places["watched"]
    refused("Z2,%x,3" % watched, "not possible with this length", "a watch of 3 bytes")
    refused("Z2,%x,0" % watched, "not possible with this length", "a watch of nothing")
    refused("Z4,%x,10" % watched, "not possible with this length", "a watch of 16 bytes")
    refused("Z2,%x,8" % (watched + 4), "must be a multiple of the length", "an unaligned watch")
    refused("Z1,%x,8" % places["add_under_lock"], "not possible with this length", "a breakpoint of 8 bytes")
    refused("Z0,7fff00000000,1", "not possible at this address", "a breakpoint where no memory is")
    refused("Z0,ffffffffffffffff,1", "not possible at this address", "a breakpoint at the end of everything")
    refused("Z3,%x,8" % watched, "^$", "a watch of reads alone")
    for n in range(3):
        equal(wire.ask("Z1,%x,1" % (places["page_tables"] + n)), "OK", "%d more" % (n + 1))
    refused("Z2,%x,8" % watched, "no debug register is free: CPU 0,1,2,3: [^,;]+, [^,;]+, [^,;]+, [^,;]+$", "a fifth, naming four owners")
    for n in range(3):
        equal(wire.ask("z1,%x,1" % (places["page_tables"] + n)), "OK", "given back")
    equal(wire.ask("Z2,%x,8" % watched), "OK", "and to be had again")
    equal(wire.ask("z1,%x,1" % places["breakme"]), "OK", "the first one goes, too")
    matches(wire.ask("c"), "^T05watch:%x;" % watched, "and what is left is hit")


run(test)
