using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A debugger of processes inside the guest's kernel: it has breakpoints in the tasks guest/N, one after the other, through the
/// registers that ptrace shows it. A hit is its business: it is counted, and the task goes on. It is a process itself as long as it has
/// breakpoints.
/// </summary>
internal sealed class Tracers(KgdbHost host, StandingKernel standing, TaskList tasks)
{
    private const string Comm = "tracer";
    private const int EnableShift = 2;
    private const int ControlShift = 16;
    private const int ControlWidth = 4;

    private SleepingTask? _process;

    /// <summary>PTRACE_POKEUSER of DRn, then of DR7.</summary>
    /// <param name="cpu">Whose task, guest/N.</param>
    /// <param name="register">0 to 3.</param>
    /// <param name="address">What is watched.</param>
    /// <param name="length">1, 2, 4 or 8 bytes; 1 for execution.</param>
    /// <param name="type">What is watched for.</param>
    public KernelAnswer Add(int cpu, int register, ulong address, int length, BreakpointType type)
    {
        byte typeCode = ArchBreakpoint.CodeOfType(type);
        byte lengthCode = length < 0 ? (byte)0 : ArchBreakpoint.CodeOfLength((ulong)length);
        BreakpointAttributes wanted = new(address, (ulong)length, type);
        if (typeCode == 0 || lengthCode == 0)
        {
            return new KernelAnswer(Errno.Invalid, Refusals.Explain(host, Errno.Invalid, cpu, wanted));
        }

        if ((host.Host.OnlineMask() >> cpu & 1) == 0)
        {
            return new KernelAnswer(Errno.NoDevice, $"CPU {cpu} is not online");
        }

        if (Traced.Has(Task(cpu), register))
        {
            return new KernelAnswer(Errno.Exists, $"guest/{cpu} has a breakpoint in DR{register} already");
        }

        ulong control = (ulong)((lengthCode | typeCode) & 0xF) << (ControlShift + (ControlWidth * register));
        ulong bits = control | 1UL << (EnableShift * register);
        Errno error = standing.Run(cpu, async c =>
        {
            Errno result = await Traced.Write(c, Task(cpu), register, address);
            if (result != Errno.None)
            {
                return result;
            }

            result = await Traced.Write(c, Task(cpu), 7, Traced.Dr7(Task(cpu)) | bits);
            if (result != Errno.None)
            {
                await Traced.Forget(c, Task(cpu), register);
            }

            return result;
        });
        if (error != Errno.None)
        {
            return new KernelAnswer(error, Refusals.Explain(host, error, cpu, wanted));
        }

        _process ??= tasks.Begin(Comm);
        return KernelAnswer.Done;
    }

    /// <summary>The tracer turns it off and gives its slot back.</summary>
    public KernelAnswer Remove(int cpu, int register)
    {
        if (!Traced.Has(Task(cpu), register))
        {
            return new KernelAnswer(Errno.NoEntry, $"guest/{cpu} has no breakpoint in DR{register}");
        }

        ulong mask = (0xFUL << (ControlShift + (ControlWidth * register))) | 3UL << (EnableShift * register);
        Errno error = standing.Run(cpu, async c =>
        {
            Errno result = await Traced.Write(c, Task(cpu), 7, Traced.Dr7(Task(cpu)) & ~mask);
            if (result == Errno.None)
            {
                await Traced.Forget(c, Task(cpu), register);
            }

            return result;
        });
        if (error != Errno.None)
        {
            return new KernelAnswer(error, "refused");
        }

        if (_process is not null && !HasAny())
        {
            tasks.End(_process);
            _process = null;
        }

        return KernelAnswer.Done;
    }

    private ITracedRegisters Traced => host.Layer.Traced;

    private bool HasAny()
    {
        bool any = false;
        for (int i = 0; i < host.Host.Cpus.Count; i++)
        {
            int cpu = i;
            any |= Enumerable.Range(0, Dr7Encoding.RegisterCount).Any(register => Traced.Has(Task(cpu), register));
        }

        return any;
    }

    private KernelTask Task(int cpu) => host.Host.Cpus[cpu].Task;
}
