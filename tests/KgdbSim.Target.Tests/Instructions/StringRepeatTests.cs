using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Primitives;
using KgdbSim.Testing;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>
/// Repeated string instructions: page by page they do what they do one by one; they can be left between iterations.
/// </summary>
public sealed unsafe class StringRepeatTests
{
    private const int Window = 3 * 4096;

    /// <summary>MOVS STOS LODS SCAS CMPS, byte and wide opcodes.</summary>
    private static readonly byte[] Opcodes = [0xA4, 0xA5, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xA6, 0xA7];

    [Fact]
    public void Pages_at_once_and_one_by_one_end_alike()
    {
        using var whole = new BareCpu();
        using var single = new BareCpu();
        single.Core.StepRequested = true;
        for (ulong seed = 0; seed < 3000; seed++)
        {
            var random = new Prng(seed);
            byte[] code = Instruction(ref random);
            byte[] data = Data(ref random);
            CpuState start = Start(*whole.Core.State, ref random);
            Load(whole, start, code, data);
            Load(single, start, code, data);
            RunToHalt(whole);
            RunToHalt(single);
            string what = $"seed {seed}: {Convert.ToHexStringLower(code)}, RCX {start.Gpr[1]:x}, "
                + $"RSI {start.Gpr[6]:x}, RDI {start.Gpr[7]:x}, flags {start.Rflags:x}";
            foreach (int register in (int[])[0, 1, 6, 7])
            {
                Assert.True(whole[register] == single[register], $"{what}: register {register} {whole[register]:x} and {single[register]:x}");
            }

            Assert.True(whole.Core.State->Rflags == single.Core.State->Rflags, $"{what}: flags");
            Assert.True(Contents(whole).AsSpan().SequenceEqual(Contents(single)), $"{what}: memory");
        }
    }

    [Fact]
    public void Copying_onto_itself_upwards_repeats_the_beginning()
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.rep.movsb());
        cpu.Memory.Write(BareCpu.DataStart, "abc"u8);
        (cpu[Gpr.Rsi], cpu[Gpr.Rdi], cpu[Gpr.Rcx]) = (BareCpu.DataStart, BareCpu.DataStart + 3, 6000);
        Assert.Equal(RunExit.Halt, cpu.Run());
        var copied = new byte[6003];
        cpu.Memory.Read(BareCpu.DataStart, copied);
        Assert.Equal(Enumerable.Range(0, 6003).Select(i => "abc"u8.ToArray()[i % 3]), copied);
    }

    [Fact]
    public void An_instruction_with_a_huge_counter_gives_others_a_turn()
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.rep.lodsb());
        (cpu[Gpr.Rsi], cpu[Gpr.Rcx]) = (0, 8UL << 20);
        cpu.Core.Left = 1;
        Assert.Equal(RunExit.TurnOver, Interpreter.Run(cpu.Core));
        Assert.Equal(BareCpu.CodeStart, cpu.Rip);
        Assert.InRange(cpu[Gpr.Rcx], 1UL, (8UL << 20) - 1);
        Assert.Equal(1UL, cpu.Core.Unfinished);
        Assert.Equal(RunExit.Halt, cpu.Run());
        Assert.Equal(0UL, cpu[Gpr.Rcx]);
    }

    [Fact]
    public void A_watched_byte_stops_the_iteration_that_touches_it()
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.rep.stosb());
        (cpu[Gpr.Rdi], cpu[Gpr.Rcx]) = (BareCpu.DataStart, 100);
        cpu.Core.State->Dr[0] = BareCpu.DataStart + 40;
        cpu.Core.State->Dr7 = 0x400 | 2 | (1 << 16);
        cpu.Core.Debug.RegistersChanged();
        cpu.Core.Left = 1000;
        Assert.Equal(RunExit.Boundary, Interpreter.Run(cpu.Core));
        Assert.Equal(1UL, cpu.Core.State->PendingDebug);
        Assert.Equal((59UL, BareCpu.DataStart + 41, BareCpu.CodeStart), (cpu[Gpr.Rcx], cpu[Gpr.Rdi], cpu.Rip));
    }

    /// <summary>SDM vol. 2, "REP": Intel puts the flags back. What AMD does, the recorded vectors say.</summary>
    [Fact]
    public void A_fault_in_a_comparison_puts_the_flags_back()
    {
        using var cpu = new BareCpu();
        cpu.Load(a => a.repe.scasb());

        // The first comparison finds equal bytes, the second is behind the last mapped page.
        cpu.Memory.Write(BareCpu.DirectoryPointers + 8, new byte[8]);
        (cpu[Gpr.Rdi], cpu[Gpr.Rcx], cpu[Gpr.Rax]) = ((1UL << 30) - 1, 2, 0xFF);
        cpu.Core.TranslationChanged();
        (cpu.Core.State->FlagResult, cpu.Core.State->FlagAux) = LazyFlags.FromStatus(Flags.Cf);
        Assert.Equal(RunExit.Fault, cpu.Run());
        Assert.Equal(((byte)14, 1UL << 30, 1UL), (cpu.Core.Pending.Vector, cpu.Core.State->Cr2, cpu[Gpr.Rcx]));
        Assert.Equal(Flags.Cf, cpu.Core.State->Rflags & Flags.Status);
    }

    private static byte[] Instruction(ref Prng random)
    {
        var bytes = new List<byte>();
        if (random.NextBelow(4) == 0)
        {
            bytes.Add(0x67);
        }

        if (random.NextBelow(4) == 0)
        {
            bytes.Add(0x66);
        }

        if (random.NextBelow(8) != 0)
        {
            bytes.Add(random.NextBelow(2) == 0 ? (byte)0xF3 : (byte)0xF2);
        }

        if (random.NextBelow(3) == 0)
        {
            bytes.Add(0x48);
        }

        bytes.Add(Opcodes[random.NextBelow((ulong)Opcodes.Length)]);
        bytes.Add(0xF4);
        return [.. bytes];
    }

    /// <summary>Few different bytes, so that scans and comparisons get somewhere.</summary>
    private static byte[] Data(ref Prng random)
    {
        var data = new byte[Window];
        ulong kinds = 1 + random.NextBelow(3);
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = random.NextBelow(50) == 0 ? (byte)random.NextBelow(kinds) : (byte)0;
        }

        return data;
    }

    private static CpuState Start(CpuState state, ref Prng random)
    {
        // From the middle page up or down by less than a page, whatever the width.
        bool backward = random.NextBelow(4) == 0;
        state.Gpr[Gpr.Rcx] = random.NextBelow(random.NextBelow(2) == 0 ? 20UL : 500UL);
        state.Gpr[Gpr.Rax] = random.NextBelow(3);
        state.Gpr[Gpr.Rsi] = BareCpu.DataStart + 4096 + random.NextBelow(4000);
        state.Gpr[Gpr.Rdi] = random.NextBelow(2) == 0
            ? state.Gpr[Gpr.Rsi] + random.NextBelow(64) - 32
            : BareCpu.DataStart + 4096 + random.NextBelow(4000);
        state.SystemFlags = Flags.Reserved1 | (backward ? Flags.Df : 0);
        (state.FlagResult, state.FlagAux) = LazyFlags.FromStatus(random.NextUInt64() & Flags.Status);
        state.Rip = BareCpu.CodeStart;
        state.Repeating = 0;
        return state;
    }

    private static void Load(BareCpu cpu, in CpuState start, byte[] code, byte[] data)
    {
        cpu.Memory.Write(BareCpu.CodeStart, code);
        cpu.Memory.Write(BareCpu.DataStart, data);
        *cpu.Core.State = start;
        cpu.Core.TranslationChanged();
    }

    private static void RunToHalt(BareCpu cpu)
    {
        RunExit exit = cpu.Core.StepRequested ? cpu.RunStepped(10_000) : cpu.Run(10_000);
        Assert.Equal(RunExit.Halt, exit);
    }

    private static byte[] Contents(BareCpu cpu)
    {
        var bytes = new byte[Window];
        cpu.Memory.Read(BareCpu.DataStart, bytes);
        return bytes;
    }
}
