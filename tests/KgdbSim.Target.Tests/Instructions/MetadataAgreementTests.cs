using System.Runtime.InteropServices;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Tests.Faults;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>
/// What Iced's tables say that an instruction reads and writes is an oracle that costs nothing: what is not written stays,
/// what is not read has no influence, flags that are cleared or set are so.
/// </summary>
public sealed unsafe class MetadataAgreementTests(ITestOutputHelper output)
{
    private const int Rounds = 3;

    private static readonly (RflagsBits Bit, ulong Mask)[] StatusFlags =
    [
        (RflagsBits.CF, Flags.Cf), (RflagsBits.PF, Flags.Pf), (RflagsBits.AF, Flags.Af),
        (RflagsBits.ZF, Flags.Zf), (RflagsBits.SF, Flags.Sf), (RflagsBits.OF, Flags.Of),
    ];

    [Theory]
    [InlineData(64, false)]
    [InlineData(64, true)]
    [InlineData(32, false)]
    [InlineData(32, true)]
    public void Registers_and_flags_are_used_as_Iced_says(int bits, bool registersOnly)
    {
        using var cpu = new DemandPagedCpu();
        var random = new Prng(0x4D65_7461);
        var factory = new InstructionInfoFactory();
        var failures = new List<string>();
        int completed = 0;
        foreach (GeneratedInstruction instruction in GeneratedInstructions.All(new InstructionTable(), bits, registersOnly))
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (Check(cpu, instruction, factory.GetInfo(instruction.Instruction), ref random, failures))
                {
                    completed++;
                }
            }
        }

        output.WriteLine($"{completed} instructions compared");
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n{string.Join('\n', failures.Take(80))}");
        Assert.True(completed > 1000, $"only {completed} instructions completed");
    }

    /// <summary>False if the instruction raised something, which says nothing.</summary>
    private static bool Check(
        DemandPagedCpu cpu, GeneratedInstruction made, in InstructionInfo info, ref Prng random, List<string> failures)
    {
        CpuState start = RandomState(cpu, made, ref random);
        if (!Run(cpu, made, start, out CpuState end))
        {
            return false;
        }

        uint used = 0;
        uint written = 0;
        foreach (UsedRegister register in info.GetUsedRegisters())
        {
            if (register.Register.GetFullRegister() is >= Register.RAX and <= Register.R15 and var full)
            {
                uint bit = 1u << (full - Register.RAX);
                used |= bit;
                written |= register.Access is OpAccess.Read or OpAccess.CondRead ? 0 : bit;
            }
        }

        for (int i = 0; i < 16; i++)
        {
            if ((written & (1u << i)) == 0 && end.Gpr[i] != start.Gpr[i])
            {
                failures.Add($"{made}: writes register {i}, which Iced doesn't say");
                return true;
            }
        }

        FlagsAfter(made, start, end, failures);
        Influence(cpu, made, start, end, used, failures);
        return true;
    }

    private static void FlagsAfter(GeneratedInstruction made, in CpuState start, in CpuState end, List<string> failures)
    {
        Instruction instruction = made.Instruction;
        RflagsBits touched = instruction.RflagsWritten | instruction.RflagsCleared | instruction.RflagsSet
            | instruction.RflagsUndefined;
        foreach ((RflagsBits bit, ulong mask) in StatusFlags)
        {
            bool after = (end.Rflags & mask) != 0;
            bool before = (start.Rflags & mask) != 0;
            string? wrong = (touched & bit) == 0 && after != before ? "changes"
                : (instruction.RflagsCleared & bit) != 0 && after ? "does not clear"
                : (instruction.RflagsSet & bit) != 0 && !after ? "does not set"
                : null;
            if (wrong != null)
            {
                failures.Add($"{made}: {wrong} {bit}, against Iced");
            }
        }
    }

    /// <summary>Registers and flags that are not read are given other values: nothing else may come out differently.</summary>
    private static void Influence(
        DemandPagedCpu cpu, GeneratedInstruction made, in CpuState start, in CpuState end, uint used, List<string> failures)
    {
        CpuState other = start;
        for (int i = 0; i < 16; i++)
        {
            if ((used & (1u << i)) == 0)
            {
                other.Gpr[i] = ~start.Gpr[i];
            }
        }

        ulong unread = 0;
        foreach ((RflagsBits bit, ulong mask) in StatusFlags)
        {
            unread |= (made.Instruction.RflagsRead & bit) == 0 ? mask : 0;
        }

        (other.FlagResult, other.FlagAux) = LazyFlags.FromStatus(start.Rflags ^ unread);
        if (!Run(cpu, made, other, out CpuState otherEnd))
        {
            failures.Add($"{made}: faults when registers and flags change that Iced says it doesn't read");
            return;
        }

        for (int i = 0; i < 16; i++)
        {
            ulong expected = (used & (1u << i)) == 0 ? other.Gpr[i] : end.Gpr[i];
            if (otherEnd.Gpr[i] != expected)
            {
                failures.Add($"{made}: register {i} depends on something that Iced says isn't read");
                return;
            }
        }

        // A shift by a count of 0 and the like leave flags alone that Iced calls written.
        RflagsBits defined = made.Instruction.RflagsCleared | made.Instruction.RflagsSet;
        foreach ((RflagsBits bit, ulong mask) in StatusFlags)
        {
            if ((defined & bit) != 0 && ((end.Rflags ^ otherEnd.Rflags) & mask) != 0)
            {
                failures.Add($"{made}: {bit} depends on something that Iced says isn't read");
            }
        }

        if (otherEnd.Rip != end.Rip)
        {
            failures.Add($"{made}: RIP depends on something that Iced says isn't read");
        }

        if (!VectorState(end).SequenceEqual(VectorState(otherEnd)))
        {
            failures.Add($"{made}: vector registers depend on something that Iced says isn't read");
        }
    }

    private static ReadOnlySpan<byte> VectorState(in CpuState state) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in state)).Slice((int)Marshal.OffsetOf<CpuState>("Vector"), 512);

    private static bool Run(DemandPagedCpu cpu, GeneratedInstruction made, in CpuState start, out CpuState end)
    {
        cpu.Load(start, made.Bytes, mapped: true);
        RunExit exit = cpu.Step();
        end = *cpu.Core.State;
        return exit is RunExit.Boundary or RunExit.Pause or RunExit.Halt;
    }

    private static CpuState RandomState(DemandPagedCpu cpu, GeneratedInstruction made, ref Prng random)
    {
        CpuState state = cpu.Initial(made.Bits);
        for (int i = 0; i < 16; i++)
        {
            state.Gpr[i] = random.NextUInt64() >> (int)random.NextBelow(64);
        }

        state.Gpr[Gpr.Rcx] = random.NextBelow(5);
        state.Gpr[Gpr.Rbx] = DemandPagedCpu.Region + 0x1000 + 64 * random.NextBelow(8);
        state.Gpr[Gpr.Rsp] = DemandPagedCpu.Region + 0x1_0000 + 64 * random.NextBelow(8);
        state.Gpr[Gpr.Rbp] = DemandPagedCpu.Region + 0x1_1000 + 64 * random.NextBelow(8);
        state.Gpr[Gpr.Rsi] = DemandPagedCpu.Region + 0x2_0000 + 64 * random.NextBelow(8);
        state.Gpr[Gpr.Rdi] = DemandPagedCpu.Region + 0x3_0000 + 64 * random.NextBelow(8);
        for (int i = 0; i < 64; i++)
        {
            state.Vector[i] = random.NextUInt64();
        }

        (state.FlagResult, state.FlagAux) = LazyFlags.FromStatus(random.NextUInt64() & Flags.Status);
        state.Rip = GeneratedInstructions.CodeAddress;
        return state;
    }
}
