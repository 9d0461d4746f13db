using System.Runtime.InteropServices;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Instructions;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Faults;

/// <summary>
/// Loads of saved x87, SSE and AVX state that a page fault interrupts have loaded nothing, wherever the area crosses into a
/// page that is not there; the areas are good ones, written by the save that belongs to the load. The saves themselves are
/// among all instructions: <see cref="FaultInjectionTests"/>.
/// </summary>
public sealed unsafe class StateAreaFaultTests
{
    private static readonly Dictionary<string, (Action<Assembler> Save, Action<Assembler> Load)> Pairs = new()
    {
        ["FXRSTOR"] = (a => a.fxsave(__[rbx]), a => a.fxrstor(__[rbx])),
        ["FXRSTOR64"] = (a => a.fxsave64(__[rbx]), a => a.fxrstor64(__[rbx])),
        ["XRSTOR"] = (a => a.xsave(__[rbx]), a => a.xrstor(__[rbx])),
        ["XRSTOR64"] = (a => a.xsave64(__[rbx]), a => a.xrstor64(__[rbx])),
        ["XRSTOR, optimized"] = (a => a.xsaveopt(__[rbx]), a => a.xrstor(__[rbx])),
        ["XRSTOR, compacted"] = (a => a.xsavec(__[rbx]), a => a.xrstor(__[rbx])),
        ["FRSTOR"] = (a => a.fnsave(__[rbx]), a => a.frstor(__[rbx])),
        ["FLDENV"] = (a => a.fnstenv(__[rbx]), a => a.fldenv(__[rbx])),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_load_that_faults_has_loaded_nothing(string name)
    {
        using var cpu = new DemandPagedCpu();
        int faults = 0;
        int step = name is "FRSTOR" or "FLDENV" ? 1 : name.StartsWith('F') ? 16 : 64;
        for (ulong before = 0; before <= 0x380; before += (ulong)step)
        {
            faults += Try(cpu, name, DemandPagedCpu.Region + 0x2000 - before);
        }

        Assert.True(faults > 0x380 / step, $"only {faults} faults");
    }

    private static int Try(DemandPagedCpu cpu, string name, ulong area)
    {
        cpu.Clear();
        CpuState saved = State(cpu, area, 0x3FF0_1234_5678_9ABC);
        cpu.Load(saved, Code(Pairs[name].Save), mapped: true);
        Assert.NotEqual(RunExit.Fault, cpu.Step());
        cpu.KeepContents();

        CpuState start = State(cpu, area, 0x4010_0000_0000_0000);
        byte[] code = Code(Pairs[name].Load);
        cpu.Load(start, code, mapped: true);
        Assert.True(cpu.Step() != RunExit.Fault, $"{name} at {area:x}: vector {cpu.Core.Pending.Vector}");
        CpuState whole = *cpu.Core.State;
        Assert.False(Same(whole, start, ignoreRip: true), $"{name} at {area:x} loads nothing");

        cpu.Load(start, code, mapped: false);
        int faults = 0;
        while (cpu.Step() == RunExit.Fault)
        {
            Assert.Equal(14, cpu.Core.Pending.Vector);
            Assert.True(Same(*cpu.Core.State, start, ignoreRip: false), $"{name} at {area:x}: fault {faults} has changed the state");
            Assert.True(cpu.MapWhatFaulted(), $"{name} at {area:x}: faults again at {cpu.FaultAddress:x}");
            faults++;
        }

        Assert.True(Same(*cpu.Core.State, whole, ignoreRip: false), $"{name} at {area:x}: another end after {faults} faults");
        return faults;
    }

    /// <summary>All registers full of something that depends on the pattern.</summary>
    private static CpuState State(DemandPagedCpu cpu, ulong area, ulong pattern)
    {
        CpuState state = cpu.Initial(64);
        state.Rip = GeneratedInstructions.CodeAddress;
        state.Gpr[Gpr.Rax] = 7;
        state.Gpr[Gpr.Rdx] = 0;
        state.Gpr[Gpr.Rbx] = area;
        state.Ftw = (byte)(pattern >> 56);
        state.Fsw = (ushort)((pattern >> 60) << 11);
        state.Fip = (uint)pattern;
        for (int i = 0; i < 64; i++)
        {
            state.Vector[i] = pattern + (ulong)i;
        }

        for (int i = 0; i < 8; i++)
        {
            state.X87[2 * i] = pattern | (1UL << 63);
            state.X87[(2 * i) + 1] = (pattern >> 48) + (ulong)i;
        }

        return state;
    }

    private static bool Same(CpuState a, CpuState b, bool ignoreRip)
    {
        a.Cr2 = b.Cr2;
        a.Rip = ignoreRip ? b.Rip : a.Rip;
        return MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in a)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in b)));
    }

    private static byte[] Code(Action<Assembler> code)
    {
        var assembler = new Assembler(64);
        code(assembler);
        var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), GeneratedInstructions.CodeAddress);
        return stream.ToArray();
    }
}
