using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>A per-CPU variable. One's own copy may only be meant while nothing can move the task to another CPU.</summary>
internal sealed class PerCpu<T>
{
    private readonly SharedCell<T>[] _cells;

    public PerCpu(KernelModel kernel, string name, T initial)
    {
        Name = name;
        _cells = new SharedCell<T>[kernel.Cpus.Count];
        for (int cpu = 0; cpu < _cells.Length; cpu++)
        {
            _cells[cpu] = kernel.World.Cell($"C{cpu}.{name}", initial);
        }
    }

    public string Name { get; }

    /// <summary>per_cpu(var, cpu): the copy of any CPU.</summary>
    public SharedCell<T> Of(int cpu) => _cells[cpu];

    /// <summary>this_cpu_read(): one instruction, so it is some CPU's own copy however preemptible.</summary>
    public Step<ThisCpuRead<T>, T> ReadThis(KernelContext c) => new(c, new ThisCpuRead<T>(this));

    /// <summary>this_cpu_write().</summary>
    public Step<ThisCpuWrite<T>, Nothing> WriteThis(KernelContext c, T value) => new(c, new ThisCpuWrite<T>(this, value));

    /// <summary>this_cpu_ptr(), __get_cpu_var(): in preemptible code it is misuse.</summary>
    public PerCpuPointer<T> This(KernelContext c)
    {
        if (c.IsMovable)
        {
            c.Warn("smp_processor_id() in preemptible code", $"{c.Name} takes the address of its CPU's {Name} and could be moved");
        }

        return new PerCpuPointer<T>(_cells[c.Home.Number], c.Home.Number);
    }
}

/// <summary>The address of one CPU's copy, taken by code of that CPU; using it on another is misuse.</summary>
internal readonly record struct PerCpuPointer<T>(SharedCell<T> Cell, int Cpu)
{
    public Step<CellRead<T>, T> Read(KernelContext c) => Cell.Read(Check(c));

    public Step<CellWrite<T>, Nothing> Write(KernelContext c, T value) => Cell.Write(Check(c), value);

    private KernelContext Check(KernelContext c)
    {
        if (c.Home.Number != Cpu)
        {
            c.Warn("per-CPU data of another CPU", $"{c.Name} runs on CPU {c.Home.Number} and uses {Cell.Name} as its own");
        }

        return c;
    }
}

/// <summary>A load with the segment prefix of per-CPU data: which copy is decided when it is executed.</summary>
internal readonly struct ThisCpuRead<T>(PerCpu<T> variable) : IAtomicOperation<T>
{
    static StepNature IAtomicOperation<T>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public T Execute(StepContext context) => variable.Of(((KernelContext)context).Home.Number).Load(context);
}

/// <summary>A store with the segment prefix of per-CPU data.</summary>
internal readonly struct ThisCpuWrite<T>(PerCpu<T> variable, T value) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        variable.Of(((KernelContext)context).Home.Number).Store(context, value);
        return default;
    }
}
