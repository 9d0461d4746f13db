"""What the session scripts share. A script imports this, defines what it tests, and ends with run(test).

A script's first comment lines may say how it is served:
    # guest: NAME      the C guest Guests/NAME.c; without one, the built-in guest
    # serve: OPTIONS   options of 'kgdbsim serve'
    # kernels: V...    the modelled kernels it runs under; without, the newest
"""
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import traceback

import gdb

ADDRESS = os.environ["KGDBSIM"]

# Whose the traps are: "none", or the version of the modelled kernel.
KERNEL = os.environ.get("KGDBSIM_KERNEL", "none")

_passed = 0
_failed = 0


def check(condition, what):
    """Counts one check; says which failed."""
    global _passed, _failed
    if condition:
        _passed += 1
        print("pass: " + what)
    else:
        _failed += 1
        print("FAIL: " + what)


def equal(actual, expected, what):
    check(actual == expected, "%s: %r%s" % (what, actual, "" if actual == expected else ", expected %r" % (expected,)))


def matches(text, pattern, what):
    found = re.search(pattern, text, re.S) is not None
    check(found, what if found else "%s: no %r in: %s" % (what, pattern, text))


def fails(command, pattern, what):
    """The command must end in an error that says so."""
    try:
        out = gdb.execute(command, to_string=True)
        check(False, "%s: no error, but: %s" % (what, out))
    except gdb.error as error:
        matches(str(error), pattern, what)


def sh(command):
    """Executes a gdb command and returns what it printed."""
    return gdb.execute(command, to_string=True)


def number(expression):
    """An expression's value as an integer."""
    return int(gdb.parse_and_eval("(unsigned long)(%s)" % expression))


def address(symbol):
    return number("&" + symbol)


def pc():
    return number("$pc")


def cpu():
    """The CPU of the selected thread, from 0."""
    return gdb.selected_thread().num - 1


def names():
    """The threads' names by number."""
    sh("info threads")
    return [thread.name for thread in sorted(gdb.selected_inferior().threads(), key=lambda t: t.num)]


def connect(kind="remote"):
    sh("target %s %s" % (kind, ADDRESS))


def go(command="continue"):
    """Resumes and returns what gdb printed. What it says about the stop belongs to no command: it is caught on its way out."""
    gdb.flush()
    streams = [os.dup(stream) for stream in (1, 2)]
    with tempfile.TemporaryFile() as caught:
        for stream in (1, 2):
            os.dup2(caught.fileno(), stream)
        try:
            gdb.execute(command)
            for kind in (gdb.STDOUT, gdb.STDERR, gdb.STDLOG):
                gdb.flush(kind)
        finally:
            for stream, saved in zip((1, 2), streams):
                os.dup2(saved, stream)
                os.close(saved)
        caught.seek(0)
        text = caught.read().decode()
    print(text, end="", flush=True)
    return text


def warm_up():
    """Lets the built-in guest get all its CPUs to work; CPU 0, which starts the others, is the last."""
    sh("break *cpu_main thread 1")
    go()
    sh("delete")


def interrupt_while(command="continue", after=0.5):
    """Resumes and sends gdb a Ctrl-C a moment later, as a user would."""
    timer = threading.Timer(after, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    out = go(command)
    timer.join()
    return out


def other_gdb(*commands, wait=True):
    """Another gdb process, with the same stub in KGDBSIM."""
    line = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set confirm off"]
    for command in commands:
        line += ["-ex", command]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
    if not wait:
        return process
    out, _ = process.communicate(timeout=60)
    return out


class Wire:
    """A client that speaks the protocol itself and understands errors in words, which older gdbs do not ask for."""

    def __init__(self):
        host, port = ADDRESS.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        self.text = b""
        self.ask("qSupported:swbreak+;hwbreak+;error-message+")

    def ask(self, packet):
        """The reply; of several, as a monitor command may have, the last."""
        self.socket.sendall(b"$%s#%02x" % (packet.encode(), sum(packet.encode()) & 0xff))
        while True:
            found = re.search(rb"\$([^#]*)#..", self.text)
            if not found:
                got = self.socket.recv(65536)
                if not got:
                    raise EOFError("the stub has closed the connection")
                self.text += got
                continue
            self.text = self.text[found.end():]
            self.socket.sendall(b"+")
            reply = found.group(1).decode("latin1")
            if not (packet.startswith("qRcmd") and reply.startswith("O") and reply != "OK"):
                return reply
            self.printed = getattr(self, "printed", "") + bytes.fromhex(reply[1:]).decode()

    def monitor(self, command):
        self.printed = ""
        reply = self.ask("qRcmd," + command.encode().hex())
        return self.printed + ("" if reply == "OK" else bytes.fromhex(reply).decode())


def without_lock(number):
    """Stops with a thread where it holds no lock of the built-in guest's, so that the others get on if it is taken away; selects another."""
    sh("break *breakme")
    for _ in range(1000):
        go()
        if gdb.selected_thread().num == number:
            break
    check(gdb.selected_thread().num == number, "thread %d comes to breakme" % number)
    sh("delete")
    sh("set scheduler-locking on")
    go("stepi")
    sh("set scheduler-locking off")
    sh("thread 1")


def run(test):
    """Runs the test, reports, and ends gdb with 0 only if something was checked and nothing failed."""
    global _failed
    try:
        test()
    except Exception:
        _failed += 1
        print("FAIL: " + traceback.format_exc())
    print("END %d passed, %d failed" % (_passed, _failed))
    gdb.execute("quit %d" % (0 if _failed == 0 and _passed > 0 else 1))
