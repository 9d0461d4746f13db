# guest: exits
# serve: --console gdb
"""What the guest prints, shown by gdb."""
from report import *


def test():
    connect()
    matches(go(), "hello from the guest", "gdb prints what the guest prints")
    equal(number("$_exitcode"), 43, "and how it ended")


run(test)
