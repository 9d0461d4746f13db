using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Machine;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The simulated machine of the stage: processors in 64-bit mode on the kernel's addresses, memory, and short turns.</summary>
internal sealed unsafe class StageMachine : IDisposable
{
    private readonly SmpMachine _machine;
    private readonly ulong _dataStart;

    public StageMachine(StageLayout layout, int cpuCount)
    {
        _dataStart = layout.DataStart;

        // REP pushes no RF between iterations on the recorded machines, which is how AMD's processors do it.
        _machine = new SmpMachine(new MachineOptions
        {
            CpuCount = cpuCount,
            Memory = StageMap.MemoryBytes,
            Model = CpuModel.Find("amd")!,
        });
        var tables = new StageTables(_machine.Memory, cpuCount);
        tables.Write(layout);
        Cpus = [.. Enumerable.Range(0, cpuCount).Select(n => new StageCpu(_machine[n], new StageTask(0, $"swapper/{n}")))];
        foreach (StageCpu cpu in Cpus)
        {
            Enter(cpu, tables.DescriptorLimit);
        }

        for (int vector = 0; vector < 32; vector++)
        {
            _machine.Points.InsertBreakpoint(StageMap.Vector(vector));
        }

        _machine.Points.InsertBreakpoint(StageMap.TaskEnd);
        _machine.Points.InsertBreakpoint(StageMap.PanicEnd);
    }

    public IReadOnlyList<StageCpu> Cpus { get; }

    /// <summary>The machine that a modelled kernel is to own.</summary>
    public SmpMachine Machine => _machine;

    /// <summary>Lets one CPU's guest code run.</summary>
    public VcpuStop Run(StageCpu cpu, int steps)
    {
        Vcpu processor = cpu.Processor;
        _machine.Active = processor;
        processor.Now = _machine.Steps;
        VcpuStop stop = processor.Run(steps);
        _machine.Active = null;
        _machine.Steps = processor.Now;
        return stop;
    }

    /// <summary>copy_from_kernel_nofault.</summary>
    public int Read(ulong address, Span<byte> bytes)
    {
        // TASK_SIZE_MAX and a page, then what 48 bits cannot say.
        if (address < 0x8000_0000_0000 || !_machine[0].Core.Mmu.IsCanonical(address))
        {
            return KgdbErrno.Range;
        }

        return DebuggerMemory.Read(_machine[0].Core, address, bytes) == bytes.Length ? 0 : KgdbErrno.Fault;
    }

    /// <summary>copy_to_kernel_nofault: what stands before the byte that faults has been written.</summary>
    public int Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            ulong at = address + (ulong)i;
            bool data = (at >= _dataStart && at < StageMap.ImageEnd) || at - StageMap.Private < StageMap.PrivateSize;
            if (!data || !StageMap.ToPhysical(at, out ulong physical))
            {
                return KgdbErrno.Fault;
            }

            _machine.Memory.Write(physical, bytes.Slice(i, 1));
        }

        return 0;
    }

    /// <summary>text_poke: through another mapping, so read-only text too.</summary>
    public void Poke(ulong address, byte value)
    {
        StageMap.ToPhysical(address, out ulong physical);
        _machine.Memory.Write(physical, [value]);
    }

    /// <summary>Code that goes on elsewhere, at an address that somebody else chose.</summary>
    public void PutJump(ulong? address, ulong target)
    {
        if (address is { } from && StageMap.ToPhysical(from, out ulong physical))
        {
            _machine.Memory.Write(physical, StageCode.Jump(from, target));
        }
    }

    public void Dispose() => _machine.Dispose();

    private static void Enter(StageCpu cpu, ushort descriptorLimit)
    {
        CpuCore core = cpu.Processor.Core;
        CpuState* s = core.State;
        s->Es = s->Ss = s->Ds = s->Fs = s->Gs =
            new SegmentRegister { Selector = StageTables.StackSelector, Limit = uint.MaxValue, Attributes = 0xc093 };
        s->Cs = new SegmentRegister { Selector = StageTables.CodeSelector, Limit = uint.MaxValue, Attributes = 0xa09b };
        s->Tr = new SegmentRegister
        {
            Selector = StageTables.TaskStateSelector(cpu.Number),
            Base = StageTables.TaskState(cpu.Number),
            Limit = StageTables.TaskStateBytes - 1,
            Attributes = 0x8b,
        };
        s->GdtrBase = StageMap.DescriptorTable;
        s->GdtrLimit = descriptorLimit;
        s->IdtrBase = StageMap.InterruptTable;
        s->IdtrLimit = StageTables.InterruptTableLimit;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Mp | ControlBits.Cr0Et | ControlBits.Cr0Ne | ControlBits.Cr0Wp | ControlBits.Cr0Pg;
        s->Cr3 = StageMap.PageTables;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt;
        s->Efer = ControlBits.EferLme | ControlBits.EferLma;
        s->Cpl = 0;
        core.TranslationChanged();
        cpu.BecomeIdle();
    }
}
