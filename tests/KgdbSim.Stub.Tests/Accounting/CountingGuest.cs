using Iced.Intel;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Stub.Tests.Accounting;

/// <summary>
/// A guest that keeps account itself: each CPU counts, right before each instruction that can have a breakpoint or be watched, how
/// often it has come there. So every hit that a debugger reports can be checked against what really happened.
/// </summary>
internal sealed class CountingGuest
{
    /// <summary>Instructions that can have a breakpoint: a NOP, one with a memory operand, a taken jump.</summary>
    public const int PlaceCount = 3;

    /// <summary>Variables that all CPUs write: one by MOV, one by a LOCKed read-modify-write.</summary>
    public const int VariableCount = 2;

    private const int CpuMax = 8;

    private readonly GuestProgram _guest = new();
    private readonly ulong[] _counts = new ulong[PlaceCount + VariableCount];

    public CountingGuest()
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = _guest.Variable($"count{i}", CpuMax * sizeof(ulong));
        }

        ulong stored = _guest.Variable("stored", sizeof(ulong));
        ulong updated = _guest.Variable("updated", sizeof(ulong));
        ulong sum = _guest.Variable("sum", sizeof(ulong));
        Assembler c = _guest.Code;
        Label loop = _guest.Function("_start");
        Count(0, "place0");
        c.nop();
        Count(3, "store");
        c.mov(__qword_ptr[(long)stored], rbx);
        c.inc(rbx);
        Count(1, "place1");
        c.add(__qword_ptr[(long)sum], rbx);
        Count(4, "update");
        c.@lock.inc(__qword_ptr[(long)updated]);
        Count(2, "place2");
        c.jmp(loop);
        Variables = [stored, updated];
        Elf = _guest.ToElf("_start");
        Places = [_guest.AddressOf("place0"), _guest.AddressOf("place1"), _guest.AddressOf("place2")];
        Writers = [_guest.AddressOf("store"), _guest.AddressOf("update")];
    }

    public byte[] Elf { get; }

    /// <summary>Where breakpoints can be.</summary>
    public IReadOnlyList<ulong> Places { get; }

    /// <summary>What can be watched, eight bytes each.</summary>
    public IReadOnlyList<ulong> Variables { get; }

    /// <summary>The instructions that write them.</summary>
    public IReadOnlyList<ulong> Writers { get; }

    /// <summary>Where a CPU keeps how often it has come to a place, or to the writer of a variable (numbered behind the places).</summary>
    public ulong CountOf(int point, int cpu) => _counts[point] + ((ulong)cpu * sizeof(ulong));

    private void Count(int point, string next)
    {
        _guest.Code.inc(__qword_ptr[(rdi * sizeof(ulong)) + (long)_counts[point]]);
        _guest.Function(next);
    }
}
