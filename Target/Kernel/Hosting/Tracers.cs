using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

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

    /// <summary>The breakpoints of the task of a CPU, by register; null: none.</summary>
    public PerfBreakpoint? Breakpoint(int cpu, int register) => Of(cpu).Ptrace[register].Value;

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

        if (Breakpoint(cpu, register) is not null)
        {
            return new KernelAnswer(Errno.Exists, $"guest/{cpu} has a breakpoint in DR{register} already");
        }

        ulong control = (ulong)((lengthCode | typeCode) & 0xF) << (ControlShift + (ControlWidth * register));
        ulong bits = control | 1UL << (EnableShift * register);
        Errno error = standing.Run(cpu, async c =>
        {
            Errno result = await host.Perf.Ptrace.Write(c, Task(cpu), register, address);
            if (result != Errno.None)
            {
                return result;
            }

            result = await host.Perf.Ptrace.Write(c, Task(cpu), 7, Of(cpu).PtraceDr7.Value | bits);
            if (result != Errno.None)
            {
                await Forget(c, cpu, register);
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
        if (Breakpoint(cpu, register) is null)
        {
            return new KernelAnswer(Errno.NoEntry, $"guest/{cpu} has no breakpoint in DR{register}");
        }

        ulong mask = (0xFUL << (ControlShift + (ControlWidth * register))) | 3UL << (EnableShift * register);
        Errno error = standing.Run(cpu, async c =>
        {
            Errno result = await host.Perf.Ptrace.Write(c, Task(cpu), 7, Of(cpu).PtraceDr7.Value & ~mask);
            if (result == Errno.None)
            {
                await Forget(c, cpu, register);
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

    /// <summary>After a trap: the tracer learns of hits of its breakpoints, and clears the task's DR6.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Collect(KernelContext c)
    {
        SharedCell<ulong> dr6 = host.Perf.VirtualDr6(c.Home);
        ulong found = await dr6.Read(c);
        ulong hits = 0;
        for (int n = 0; n < Dr7Encoding.RegisterCount; n++)
        {
            hits |= Breakpoint(c.Home.Number, n) is null ? 0 : found & (1UL << n);
        }

        if (hits != 0)
        {
            await dr6.Write(c, found & ~hits);
        }
    }

    private bool HasAny()
    {
        bool any = false;
        for (int cpu = 0; cpu < host.Host.Cpus.Count; cpu++)
        {
            any |= Of(cpu).Ptrace.Any(static register => register.Value is not null);
        }

        return any;
    }

    private KernelTask Task(int cpu) => host.Host.Cpus[cpu].Task;

    private TaskBreakpoints Of(int cpu) => host.Perf.Tasks.Of(Task(cpu));

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Forget(KernelContext c, int cpu, int register)
    {
        SharedCell<PerfBreakpoint?> slot = Of(cpu).Ptrace[register];
        await host.Perf.Unregister(c, slot.Value!);
        await slot.Write(c, null);
    }
}
