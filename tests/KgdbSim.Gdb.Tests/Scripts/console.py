# guest: exits
# serve: --console gdb
"""What the guest prints, shown by gdb."""
from report import *


def test():
    connect()
    path = os.path.join(os.environ["KGDBSIM_WORK"], "console.txt")
    sh("set logging file " + path)
    sh("set logging overwrite on")
    sh("set logging enabled on")
    go()
    sh("set logging enabled off")
    equal(number("$_exitcode"), 43, "it ended")
    with open(path, encoding="utf-8") as log:
        matches(log.read(), "hello from the guest", "gdb printed what the guest printed")


run(test)
