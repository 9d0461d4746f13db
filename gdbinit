# For gdb in front of KgdbSim:  gdb -x gdbinit
# Connects to KGDBSIM=HOST:PORT (a variable of the environment), by default to 127.0.0.1:1234, where 'kgdbsim serve'
# listens. gdb fetches the guest's symbols from there.

set architecture i386:x86-64
set disassembly-flavor att
set print thread-events off

# The guest's image is read from the stub, never from this host's files.
set sysroot target:
set auto-solib-add off

# The stub answers at once, or not at all.
set remotetimeout 10
set tcp auto-retry on
set tcp connect-timeout 10
set remote hardware-breakpoint-limit unlimited
set remote hardware-watchpoint-limit unlimited
set remote hardware-watchpoint-length-limit unlimited

define cpus
    monitor cpus
end
document cpus
What every CPU is doing, where it is and how far it has come; * marks the selected one.
end

define drs
    if $argc == 0
        monitor drs
    else
        monitor drs $arg0
    end
end
document drs
The guest's debug registers, DR7 explained: drs [CPU]
end

define system-registers
    info registers cr0 cr2 cr3 cr4 cr8 efer dr0 dr1 dr2 dr3 dr6 dr7
end
document system-registers
Control and debug registers of the selected CPU, with their fields by name.
end

define where-all
    thread apply all -q -s backtrace
end
document where-all
The backtrace of every CPU.
end

define only
    set scheduler-locking on
    thread $arg0
end
document only
Select a CPU's thread and keep all others still from now on: only THREAD. Undo with 'together'.
end

define together
    set scheduler-locking replay
end
document together
Let all CPUs run again when one is resumed.
end

define reset
    monitor reset
    maintenance flush register-cache
    thread 1
end
document reset
Load the guest anew and hold all CPUs at reset. Breakpoints stay.
end

define seed
    monitor seed
end
document seed
The seed that repeats this run: kgdbsim serve --seed S
end

define steps
    monitor steps
end
document steps
Virtual time: retired instructions of all CPUs and of each.
end

define kgdb-drs
    if $argc == 0
        monitor drs
    else
        monitor drs $arg0
    end
end
document kgdb-drs
Debug registers in hardware, as the modelled kernel wants them, and as they will be at resume: kgdb-drs [CPU]
end

define kgdb-slots
    monitor slots
end
document kgdb-slots
Who was promised the debug registers of each CPU of a modelled kernel.
end

define kgdb-events
    if $argc == 0
        monitor events
    else
        monitor events $arg0
    end
end
document kgdb-events
The last traps of a modelled kernel, and who took them: kgdb-events [N]
end

define kgdb-state
    monitor kgdb
end
document kgdb-state
The debugger inside a modelled kernel: CPUs in it, its breakpoints, its defects.
end

define kgdb-perf
    if $argc == 0
        monitor perf-bp
    else
        eval "monitor perf-bp add all %#lx %d w", (unsigned long) &$arg0, sizeof($arg0)
    end
end
document kgdb-perf
A perf user counts the writes to a variable on all CPUs, or what they have counted: kgdb-perf [VARIABLE]
end

python
import os
gdb.execute("target extended-remote " + os.environ.get("KGDBSIM", "127.0.0.1:1234"))
end
