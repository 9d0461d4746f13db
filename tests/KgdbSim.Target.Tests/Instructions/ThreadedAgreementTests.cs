using System.Runtime.InteropServices;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Primitives;
using KgdbSim.Testing;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>
/// The two ways to run instructions, in threaded blocks and one by one through the general forms, come to the same state
/// after the same number of instructions: whatever handlers, pairs and second chances the blocks are made of.
/// </summary>
public sealed unsafe class ThreadedAgreementTests(ITestOutputHelper output)
{
    private const int Programs = 1500;
    private const long Budget = 1000;
    private const int DataSize = 0x1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_programs_end_alike(bool watched)
    {
        var programs = new RandomProgram(
            GeneratedInstructions.All(new InstructionTable(), 64)
                .Concat(GeneratedInstructions.All(new InstructionTable(), 64, registersOnly: true)));
        using var threaded = new BareCpu();
        using var stepped = new BareCpu();
        Watch(threaded, watched);
        Watch(stepped, watched);
        long instructions = 0;
        for (ulong seed = 0; seed < Programs; seed++)
        {
            var random = new Prng(seed);
            (byte[] code, string text) = programs.Next(BareCpu.CodeStart, ref random);
            CpuState start = Start(*threaded.Core.State, ref random);
            var data = new byte[DataSize];
            MemoryMarshal.AsBytes<ulong>(Enumerable.Range(0, DataSize / 8).Select(_ => random.NextUInt64()).ToArray()).CopyTo(data);
            Load(threaded, start, code, data);
            Load(stepped, start, code, data);
            string? differs = RunBoth(threaded, stepped);
            instructions += Budget - stepped.Core.Left;
            Assert.True(differs == null, $"seed {seed}: {differs}\n{text}");
        }

        output.WriteLine($"{Programs} programs of {programs.Templates} kinds of instructions, {instructions} instructions run");
        Assert.True(instructions > 30 * Programs, $"only {instructions} instructions ran");
    }

    /// <summary>Runs both to their HLT, over instructions that fault; null if they agree all the way.</summary>
    private static string? RunBoth(BareCpu threaded, BareCpu stepped)
    {
        threaded.Core.Left = stepped.Core.Left = Budget;
        while (true)
        {
            RunExit threadedExit = threaded.Run(threaded.Core.Left);
            RunExit steppedExit = stepped.RunStepped(stepped.Core.Left);
            string? differs = threadedExit != steppedExit ? $"threaded ends as {threadedExit}, stepped as {steppedExit}"
                : threaded.Core.Left != stepped.Core.Left
                    ? $"counts differ: {threaded.Core.Left} and {stepped.Core.Left} left"
                : Difference(threaded, stepped);
            if (differs != null || threadedExit != RunExit.Fault)
            {
                return differs;
            }

            var bytes = new byte[15];
            threaded.Memory.Read(threaded.Rip, bytes);
            int length = Decoder.Create(64, new ByteArrayCodeReader(bytes)).Decode().Length;
            threaded.Rip += (ulong)length;
            stepped.Rip += (ulong)length;
        }
    }

    /// <summary>A watch in the middle of the data: accesses before and behind it pass, those that touch it end the chain.</summary>
    private static void Watch(BareCpu cpu, bool watched)
    {
        if (watched)
        {
            cpu.Core.State->Dr[0] = BareCpu.DataStart + 0x200;
            cpu.Core.State->Dr7 = 0x400 | 2 | (0b1111 << 16);
            cpu.Core.Debug.RegistersChanged();
        }
    }

    private static CpuState Start(CpuState state, ref Prng random)
    {
        for (int i = 0; i < 16; i++)
        {
            state.Gpr[i] = random.NextUInt64() >> (int)random.NextBelow(64);
        }

        state.Gpr[Gpr.Rsp] = BareCpu.StackTop;
        state.Gpr[15] = BareCpu.DataStart;
        state.Gpr[14] = 16 * random.NextBelow(4);
        for (int i = 0; i < 64; i++)
        {
            state.Vector[i] = random.NextUInt64();
        }

        (state.FlagResult, state.FlagAux) = LazyFlags.FromStatus(random.NextUInt64() & Flags.Status);
        state.SystemFlags = Flags.Reserved1;
        state.Mxcsr = 0x1F80;
        state.Fcw = 0x37F;
        state.Fsw = 0;
        state.Ftw = 0;
        state.PendingDebug = 0;
        state.Repeating = 0;
        state.Rip = BareCpu.CodeStart;
        return state;
    }

    private static void Load(BareCpu cpu, in CpuState start, byte[] code, byte[] data)
    {
        cpu.Memory.Write(BareCpu.CodeStart, code);
        cpu.Memory.Write(BareCpu.DataStart, data);
        cpu.Memory.Write(BareCpu.StackTop - 0x800, new byte[0x1000]);
        *cpu.Core.State = start;
        cpu.Core.Debug.Discard();
        cpu.Core.TranslationChanged();
    }

    private static string? Difference(BareCpu threaded, BareCpu stepped)
    {
        CpuState a = *threaded.Core.State;
        CpuState b = *stepped.Core.State;
        for (int i = 0; i < 16; i++)
        {
            if (a.Gpr[i] != b.Gpr[i])
            {
                return $"register {i}: threaded {a.Gpr[i]:x}, stepped {b.Gpr[i]:x}";
            }
        }

        if (a.Rip != b.Rip || a.Rflags != b.Rflags)
        {
            return $"RIP and RFLAGS: threaded {a.Rip:x} {a.Rflags:x}, stepped {b.Rip:x} {b.Rflags:x}";
        }

        a.FlagResult = b.FlagResult;
        a.FlagAux = b.FlagAux;
        ReadOnlySpan<byte> x = MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in a));
        ReadOnlySpan<byte> y = MemoryMarshal.AsBytes(new ReadOnlySpan<CpuState>(in b));
        int at = x.CommonPrefixLength(y);
        return at != x.Length ? $"byte {at} of the state (see CpuState): threaded {x[at]:x2}, stepped {y[at]:x2}"
            : !Memory(threaded, BareCpu.DataStart).SequenceEqual(Memory(stepped, BareCpu.DataStart)) ? "data differs"
            : !Memory(threaded, BareCpu.StackTop - 0x800).SequenceEqual(Memory(stepped, BareCpu.StackTop - 0x800)) ? "stack differs"
            : null;
    }

    private static byte[] Memory(BareCpu cpu, ulong address)
    {
        var bytes = new byte[DataSize];
        cpu.Memory.Read(address, bytes);
        return bytes;
    }
}
