using System.Buffers.Binary;
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

    /// <param name="arms">Whether it watches the second variable itself, with its own DR1, and counts its own debug exceptions.</param>
    public CountingGuest(bool arms = false)
    {
        ulong table = arms ? _guest.Variable("idt", InterruptTable()) : 0;
        Arms = arms;
        Hits = _guest.Variable("hits", CpuMax * sizeof(ulong));
        Wrong = _guest.Variable("wrong", sizeof(ulong));
        if (arms)
        {
            AddHandler();
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = _guest.Variable($"count{i}", CpuMax * sizeof(ulong));
        }

        ulong stored = _guest.Variable("stored", sizeof(ulong));
        ulong updated = _guest.Variable("updated", sizeof(ulong));
        ulong sum = _guest.Variable("sum", sizeof(ulong));
        Assembler c = _guest.Code;
        Label loop = _guest.Function("_start");
        if (arms)
        {
            Arm(table, updated);
            loop = _guest.Function("loop");
        }

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

    /// <summary>It uses a debug register itself.</summary>
    public bool Arms { get; }

    /// <summary>Where each CPU keeps how many debug exceptions of its own it has had, eight bytes each.</summary>
    public ulong Hits { get; }

    /// <summary>Where it counts those that came with another DR6 than one of its DR1.</summary>
    public ulong Wrong { get; }

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

    /// <summary>The handler of #DB, at the beginning of the code.</summary>
    private void AddHandler()
    {
        Assembler c = _guest.Code;
        Label isRight = c.CreateLabel();
        _guest.Function("handler");
        c.push(rax);
        c.inc(__qword_ptr[(rdi * sizeof(ulong)) + (long)Hits]);
        c.mov(rax, dr6);
        c.cmp(eax, unchecked((int)0xFFFF0FF2));
        c.je(isRight);
        c.@lock.inc(__qword_ptr[(long)Wrong]);
        c.Label(ref isRight);
        c.mov(eax, 0xFFFF0FF0);
        c.mov(dr6, rax);
        c.pop(rax);
        c.iretq();
    }

    private void Arm(ulong table, ulong watched)
    {
        Assembler c = _guest.Code;
        ulong pointer = _guest.Variable("pointer", Pointer(table));
        c.mov(ax, cs);
        c.mov(__word_ptr[(long)table + 16 + 2], ax);
        c.lidt(__[(long)pointer]);
        c.mov(rax, watched);
        c.mov(dr1, rax);

        // G1, RW1 = 1, LEN1 = 2 (SDM vol. 3, 18.2.4).
        c.mov(eax, 0x900408);
        c.mov(dr7, rax);
    }

    /// <summary>A gate of vector 1, but for the selector (SDM vol. 3, 6.14.1).</summary>
    private static byte[] InterruptTable()
    {
        byte[] table = new byte[2 * 16];
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(16), unchecked((ushort)GuestProgram.DefaultCodeAddress));
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(16 + 4), 0x8E00);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(16 + 6), (ushort)(GuestProgram.DefaultCodeAddress >> 16));
        return table;
    }

    private static byte[] Pointer(ulong table)
    {
        byte[] pointer = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(pointer, (2 * 16) - 1);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(2), table);
        return pointer;
    }
}
