using System.Runtime.InteropServices;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Instructions;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Faults;

/// <summary>
/// A fault at the n-th memory access of an instruction leaves the state as if it had not begun (SDM vol. 3, 6.5: faults
/// are restartable). Every row of the table is run with nothing mapped; each page that it faults on is then mapped
/// read-only, then writable, until it completes, and the end must be that of a run without faults.
/// </summary>
public sealed unsafe class FaultInjectionTests(ITestOutputHelper output)
{
    private const int FaultsMax = 40;

    /// <summary>Operand addresses in their page: across a page's end in two ways, and aligned.</summary>
    private static readonly ulong[] Offsets = [0x1FFF, 0x1FFC, 0x1FF6, 0x2000];

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void An_instruction_that_faults_has_not_begun(int bits)
    {
        using var cpu = new DemandPagedCpu();
        var table = new InstructionTable();
        var failures = new List<string>();
        int instructions = 0;
        int faults = 0;
        foreach (GeneratedInstruction instruction in GeneratedInstructions.All(table, bits))
        {
            instructions++;
            foreach (ulong offset in Offsets)
            {
                faults += Try(cpu, instruction, instruction.Bytes, offset, failures);
                if (IsString(instruction.Instruction))
                {
                    faults += Try(cpu, instruction, [0xF3, .. instruction.Bytes], offset, failures);
                }
            }
        }

        output.WriteLine($"{instructions} instructions, {faults} faults");
        output.WriteLine($"not made: {string.Join(' ', GeneratedInstructions.Missing(table, bits))}");
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n{string.Join('\n', failures.Take(60))}");
        Assert.True(instructions > 1000, $"only {instructions} instructions were made");
        Assert.True(faults > instructions, $"only {faults} faults in {instructions} instructions");
    }

    /// <summary>How many page faults it took.</summary>
    private static int Try(
        DemandPagedCpu cpu, GeneratedInstruction instruction, byte[] code, ulong offset, List<string> failures)
    {
        CpuState start = Start(cpu, instruction, offset);
        cpu.Load(start, code, mapped: true);
        RunExit expectedExit = cpu.Step();
        PendingEvent expectedEvent = cpu.Core.Pending;
        CpuState expected = *cpu.Core.State;
        byte[] expectedContents = cpu.Contents().ToArray();

        cpu.Load(start, code, mapped: false);
        string what = $"{instruction}, operands at ...{offset:x}";
        for (int fault = 0; fault < FaultsMax; fault++)
        {
            RunExit exit = cpu.Step();
            if (exit == RunExit.Fault && cpu.Core.Pending.Vector == 14 && InRegion(cpu.FaultAddress))
            {
                string? wrong = AfterFault(cpu, instruction, start);
                if (wrong != null)
                {
                    failures.Add($"{what}: fault {fault + 1} at {cpu.FaultAddress:x}: {wrong}");
                    return fault;
                }

                if (!cpu.MapWhatFaulted())
                {
                    failures.Add($"{what}: faults again at {cpu.FaultAddress:x} although it is mapped");
                    return fault;
                }

                continue;
            }

            string? differs = exit != expectedExit ? $"ends as {exit}, without faults as {expectedExit}"
                : exit == RunExit.Fault && cpu.Core.Pending.Vector != expectedEvent.Vector
                    ? $"raises {cpu.Core.Pending.Vector}, without page faults {expectedEvent.Vector}"
                    : Difference(expected, *cpu.Core.State)
                        ?? (cpu.Contents().SequenceEqual(expectedContents) ? null : "memory differs");
            if (differs != null)
            {
                failures.Add($"{what}: after {fault} faults: {differs}");
            }

            return fault;
        }

        failures.Add($"{what}: never ends");
        return FaultsMax;
    }

    private static string? AfterFault(DemandPagedCpu cpu, GeneratedInstruction instruction, in CpuState start)
    {
        if (IsString(instruction.Instruction))
        {
            // Iterations done stay done (SDM vol. 2, "REP").
            return cpu.Core.State->Rip == start.Rip ? null : "RIP has moved";
        }

        // What ENTER has pushed lies below a stack pointer that has not moved.
        bool mayPush = instruction.Code.Mnemonic() == Mnemonic.Enter;
        return Difference(start, *cpu.Core.State) ?? (mayPush || cpu.ContentsUnchanged() ? null : "memory has changed");
    }

    private static CpuState Start(DemandPagedCpu cpu, GeneratedInstruction instruction, ulong offset)
    {
        CpuState state = cpu.Initial(instruction.Bits);
        for (int i = 0; i < 16; i++)
        {
            state.Gpr[i] = 0x11UL * (ulong)(i + 1);
        }

        state.Gpr[Gpr.Rcx] = 3;
        state.Gpr[Gpr.Rbx] = DemandPagedCpu.Region + offset;
        state.Gpr[Gpr.Rsp] = DemandPagedCpu.Region + 0x1_0000 + offset + 8;
        state.Gpr[Gpr.Rbp] = DemandPagedCpu.Region + 0x1_0000 + offset + 0x40;
        state.Gpr[Gpr.Rsi] = DemandPagedCpu.Region + 0x2_0000 + offset;
        state.Gpr[Gpr.Rdi] = DemandPagedCpu.Region + 0x3_0000 + offset;
        for (int i = 0; i < 64; i++)
        {
            state.Vector[i] = 0x3FF0_0000_3F80_0000 + (ulong)i;
        }

        state.Rip = GeneratedInstructions.CodeAddress;
        return state;
    }

    private static bool IsString(in Instruction instruction) => instruction.IsStringInstruction
        && instruction.GetOpKind(0) != OpKind.Memory && instruction.GetOpKind(1) != OpKind.Memory;

    private static bool InRegion(ulong linear) => linear - DemandPagedCpu.Region < DemandPagedCpu.RegionSize;

    /// <summary>Where two states differ, CR2 apart; null if nowhere.</summary>
    private static string? Difference(in CpuState expected, CpuState got)
    {
        got.Cr2 = expected.Cr2;
        for (int i = 0; i < 16; i++)
        {
            if (expected.Gpr[i] != got.Gpr[i])
            {
                return $"register {i} is {got.Gpr[i]:x}, not {expected.Gpr[i]:x}";
            }
        }

        // The two flag words may say the same in different ways.
        if (expected.Rflags != got.Rflags)
        {
            return $"RFLAGS are {got.Rflags:x}, not {expected.Rflags:x}";
        }

        CpuState copy = expected;
        copy.FlagResult = got.FlagResult;
        copy.FlagAux = got.FlagAux;
        ReadOnlySpan<byte> a = MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in copy));
        ReadOnlySpan<byte> b = MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in got));
        int at = a.CommonPrefixLength(b);
        return at == a.Length ? null : $"byte {at} of the state (see CpuState) is {b[at]:x2}, not {a[at]:x2}";
    }
}
