using System.Buffers.Binary;
using Iced.Intel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Machine;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>
/// A guest with an interrupt table that uses debug registers itself: all its CPUs store to two variables for ever, load their debug
/// registers when they are told to, and count their own debug exceptions.
/// </summary>
internal sealed class ArmingGuest : IDisposable
{
    private const ulong Code = GuestProgram.DefaultCodeAddress;
    private const int GateSize = 16;

    private readonly CpuOrder[] _orders;
    private readonly List<CpuStop> _stops = [];
    private readonly ulong _wanted;
    private readonly ulong _read;
    private readonly ulong _go;
    private readonly ulong _hits;
    private readonly ulong _seen;
    private readonly ulong _rounds;

    public ArmingGuest(string kernel, int cpuCount)
    {
        GuestProgram guest = new();
        ulong table = guest.Variable("idt", TableOf());
        ulong pointer = guest.Variable("pointer", PointerTo(table));
        (_wanted, _read) = (guest.Variable("wanted", 64), guest.Variable("read", 64));
        (_go, _hits, _seen, _rounds) = (guest.Variable("go", 64), guest.Variable("hits", 64), guest.Variable("seen", 64), guest.Variable("rounds", 64));
        (Own, Other) = (guest.Variable("own", 64), guest.Variable("other", 64));
        Handler(guest);
        Loop(guest, table, pointer);
        Simulation = new Simulation(new SimulationOptions { CpuCount = cpuCount, StartAll = true, Kernel = kernel });
        Simulation.Load(guest.ToElf("_start"));
        (HandlerEnd, OwnStore, OtherStore, Called) =
            (guest.AddressOf("handler_end"), guest.AddressOf("own_store"), guest.AddressOf("other_store"), guest.AddressOf("called"));
        _orders = new CpuOrder[cpuCount];
        Assert.True(Host.Enter(0), "no CPU can enter kgdb");
    }

    public Simulation Simulation { get; }

    public KgdbHost Host => Simulation.Kernel!.Host;

    /// <summary>Eight bytes that every CPU writes once a round, and eight more.</summary>
    public ulong Own { get; }

    public ulong Other { get; }

    /// <summary>The first instruction of the guest's handler of #DB.</summary>
    public ulong HandlerStart => Code;

    /// <summary>Its IRETQ.</summary>
    public ulong HandlerEnd { get; }

    public ulong OwnStore { get; }

    public ulong OtherStore { get; }

    /// <summary>An instruction executed once a round.</summary>
    public ulong Called { get; }

    /// <summary>Debug exceptions that the guest has had on a CPU.</summary>
    public ulong Hits(int cpu) => Word(_hits + (8 * (ulong)cpu));

    /// <summary>DR6 as its handler has read it at the last one.</summary>
    public ulong Seen(int cpu) => Word(_seen + (8 * (ulong)cpu));

    public ulong Rounds(int cpu) => Word(_rounds + (8 * (ulong)cpu));

    /// <summary>What the guest has read back of DR0 to DR3 and DR7 after loading them.</summary>
    public ulong[] ReadBack => [.. Enumerable.Range(0, 5).Select(n => Word(_read + (8 * (ulong)n)))];

    /// <summary>Tells all CPUs to load DR0 to DR3 and DR7 in their next round.</summary>
    public void Load(params ulong[] registers)
    {
        for (int n = 0; n < registers.Length; n++)
        {
            Store(_wanted + (8 * (ulong)n), registers[n]);
        }

        for (int cpu = 0; cpu < _orders.Length; cpu++)
        {
            Store(_go + (8 * (ulong)cpu), 1);
        }
    }

    /// <summary>Runs until kgdb has stopped the machine.</summary>
    public KgdbStop Go(int stepping = -1)
    {
        Host.Resume(stepping);
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        MachineRunEnd end = Simulation.Runner.Run(_orders, 1_000_000, _stops);
        Assert.True(end == MachineRunEnd.Stopped && Host.IsStopped, $"no stop, but {end}");
        return Host.Stop;
    }

    /// <summary>Lets it run for a while, in which nothing must stop it, then stops it again.</summary>
    public void RunFreely(long steps)
    {
        Host.Resume(-1);
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        Assert.Equal(MachineRunEnd.BudgetSpent, Simulation.Runner.Run(_orders, steps, _stops));
        Assert.False(Host.IsStopped, $"stopped: {Host.Stop}");
        Assert.True(Host.Enter(0), "no CPU can enter kgdb");
    }

    public ulong Rip(int cpu) => Host.Host.Cpus[cpu].Registers.Ip;

    /// <summary>DR7 of the processor with fixed and exact bits left out, as it will be outside kgdb.</summary>
    public ulong AtResume(int cpu) => Simulation.Kernel!.DebugRegisters(cpu).AtResume.Dr7 & ~(DebugRegisterFile.Dr7Reset | 0x200);

    public void Dispose() => Simulation.Dispose();

    private static void Handler(GuestProgram guest)
    {
        guest.Function("handler");
        guest.Code.push(rax);
        guest.Code.mov(rax, dr6);
        guest.Code.mov(__qword_ptr[(rdi * 8) + (long)guest.AddressOf("seen")], rax);
        guest.Code.inc(__qword_ptr[(rdi * 8) + (long)guest.AddressOf("hits")]);
        guest.Code.mov(eax, 0xFFFF0FF0);
        guest.Code.mov(dr6, rax);
        guest.Code.or(__dword_ptr[rsp + 24], 0x10000);
        guest.Code.pop(rax);
        guest.Function("handler_end");
        guest.Code.iretq();
    }

    private static void Loop(GuestProgram guest, ulong table, ulong pointer)
    {
        Assembler code = guest.Code;
        (long wanted, long read, long go) = ((long)guest.AddressOf("wanted"), (long)guest.AddressOf("read"), (long)guest.AddressOf("go"));
        Label called = code.CreateLabel();
        Label begin = code.CreateLabel();
        guest.Function("_start");
        code.mov(ax, cs);
        code.mov(__word_ptr[(long)table + GateSize + 2], ax);
        code.lidt(__[(long)pointer]);
        code.Label(ref begin);
        Label round = code.CreateLabel();
        code.cmp(__qword_ptr[(rdi * 8) + go], 0);
        code.je(round);
        AssemblerRegisterDR[] registers = [dr0, dr1, dr2, dr3, dr7];
        for (int n = 0; n < registers.Length; n++)
        {
            code.mov(rax, __qword_ptr[wanted + (8 * n)]);
            code.mov(registers[n], rax);
        }

        for (int n = 0; n < registers.Length; n++)
        {
            code.mov(rax, registers[n]);
            code.mov(__qword_ptr[read + (8 * n)], rax);
        }

        code.mov(__qword_ptr[(rdi * 8) + go], 0);
        guest.Function("own_store", round);
        code.mov(__qword_ptr[(long)guest.AddressOf("own")], rdi);
        guest.Function("other_store");
        code.mov(__qword_ptr[(long)guest.AddressOf("other")], rdi);
        code.nop();
        code.call(called);
        code.inc(__qword_ptr[(rdi * 8) + (long)guest.AddressOf("rounds")]);
        code.jmp(begin);
        guest.Function("called", called);
        code.inc(rbx);
        code.ret();
    }

    /// <summary>A gate of vector 1 (SDM vol. 3, 6.14.1), but for the selector: a 64-bit interrupt gate, present.</summary>
    private static byte[] TableOf()
    {
        byte[] table = new byte[4 * GateSize];
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(GateSize), unchecked((ushort)Code));
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(GateSize + 4), 0x8E00);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(GateSize + 6), (ushort)(Code >> 16));
        return table;
    }

    private static byte[] PointerTo(ulong table)
    {
        byte[] pointer = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(pointer, (4 * GateSize) - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(2), table);
        return pointer;
    }

    private ulong Word(ulong address)
    {
        byte[] word = new byte[sizeof(ulong)];
        Assert.Equal(word.Length, Simulation.ReadMemory(0, address, word));
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }

    private void Store(ulong address, ulong value)
    {
        byte[] word = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        Assert.True(Simulation.WriteMemory(0, address, word));
    }
}
