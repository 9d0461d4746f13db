using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Direct;

/// <summary>
/// The debug registers of tasks in kernels without any hw_breakpoint: what a tracer writes is kept in the task and loaded when it gets
/// a CPU, whoever else has written those registers (arch/x86_64/kernel/ptrace.c, process.c, signal.c@2.6.14).
/// </summary>
/// <remarks>
/// Known: thread.debugreg[], its tests in ptrace, that __switch_to() loads DR0-3, DR6 and DR7 of a task whose debugreg[7] isn't 0, and that
/// do_debug() turns DR7 off at a hit. An inference: hosted tasks are never switched, so <see cref="Load"/> is made where a tracer would let
/// its task go on.
/// </remarks>
internal sealed class ThreadDebugRegisters
{
    private const int Word = 64;

    private readonly KernelModel _kernel;
    private readonly List<SharedCell<ulong>[]?> _addresses = [];

    public ThreadDebugRegisters(KernelModel kernel)
    {
        _kernel = kernel;
        Written = new WrittenRegisters(kernel);
    }

    /// <summary>What tasks and others have in the registers.</summary>
    public WrittenRegisters Written { get; }

    /// <summary>TASK_SIZE: the first address a task can't have.</summary>
    public ulong TaskSize { get; init; } = 0x7FFF_FFFF_F000;

    /// <summary>thread.debugreg[0] to [3]. Made at the first look.</summary>
    public SharedCell<ulong>[] Addresses(KernelTask task)
    {
        while (_addresses.Count < task.Pid)
        {
            _addresses.Add(null);
        }

        return _addresses[task.Pid - 1] ??= Make(task);
    }

    /// <summary>Whether the task wants a register.</summary>
    public static bool Has(KernelTask task, int number) => Dr7Encoding.Decode(task.Debug.VirtualDr7.Value, number).IsEnabled;

    /// <summary>PTRACE_POKEUSER of u_debugreg[<paramref name="number"/>]: only the task's copy changes.</summary>
    /// <returns>-EIO for DR4, DR5, an address outside user space, and a DR7 with a kind that the processor hasn't.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<Errno> Write(KernelContext c, KernelTask task, int number, ulong value)
    {
        switch (number)
        {
            case < 4:
                if (value >= TaskSize - sizeof(ulong) + 1)
                {
                    return Errno.InputOutput;
                }

                await Addresses(task)[number].Write(c, value);
                return Errno.None;
            case 6:
                await task.Debug.VirtualDr6.Write(c, value);
                return Errno.None;
            case 7:
                value &= ~Dr7Encoding.Reserved;
                if (!IsValid(value))
                {
                    return Errno.InputOutput;
                }

                await task.Debug.VirtualDr7.Write(c, value);
                return Errno.None;
            default:
                return Errno.InputOutput;
        }
    }

    /// <summary>__switch_to(): loads all of them if the task uses any; else the registers stay as they are.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Load(KernelContext c, KernelTask task)
    {
        c.Line("if (unlikely(next->debugreg7)) { loaddebug(next, 0); ... loaddebug(next, 6); loaddebug(next, 7); }");
        ulong dr7 = await task.Debug.VirtualDr7.Read(c);
        if (dr7 == 0)
        {
            return;
        }

        SharedCell<ulong>[] addresses = Addresses(task);
        for (int n = 0; n < addresses.Length; n++)
        {
            await Written.Write(c, n, await addresses[n].Read(c));
        }

        await c.Home.DebugRegisters.Write(c, 6, await task.Debug.VirtualDr6.Read(c) | DebugRegisterFile.Dr6Idle);
        await Written.Arm(c, dr7);
    }

    /// <summary>No I/O breakpoints, and instructions have length code 0 (the mask 0x5554 of ptrace.c).</summary>
    private static bool IsValid(ulong dr7)
    {
        const uint refused = 0x5554;
        for (int shift = 16; shift < Word / 2; shift += 4)
        {
            if ((refused >> (int)(dr7 >> shift & 0xF) & 1) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private SharedCell<ulong>[] Make(KernelTask task)
    {
        SharedCell<ulong>[] cells = new SharedCell<ulong>[Dr7Encoding.RegisterCount];
        for (int n = 0; n < cells.Length; n++)
        {
            cells[n] = _kernel.World.Cell($"{task.Name}.debugreg[{n}]", 0UL);
        }

        return cells;
    }
}
