namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Machine code of the stage's functions, byte for byte as the recorded kernel has it, with the assembler's filling between them.</summary>
internal static class StageCode
{
    /// <summary>Where kgdb_breakpoint's int3 is; a stop reports the byte behind it.</summary>
    public const int BreakpointOffset = 10;

    /// <summary>Bytes of <see cref="Jump"/>.</summary>
    public const int JumpBytes = 5;

    private static readonly Dictionary<string, byte[]> Functions = new(StringComparer.Ordinal)
    {
        // nop, nop, mov $1,%eax, ret
        ["bp_target"] = [0x90, 0x90, 0xb8, 1, 0, 0, 0, 0xc3],

        // push %rbp, mov %rsp,%rbp, mov $2,%eax, pop %rbp, ret
        ["bp_target2"] = [0x55, 0x48, 0x89, 0xe5, 0xb8, 2, 0, 0, 0, 0x5d, 0xc3],

        // nop, the store, nop, nop, xor %eax,%eax, ret
        ["wr1"] = [0x90, 0x40, 0x88, 0x37, 0x90, 0x90, 0x31, 0xc0, 0xc3],
        ["wr2"] = [0x90, 0x66, 0x89, 0x37, 0x90, 0x90, 0x31, 0xc0, 0xc3],
        ["wr4"] = [0x90, 0x89, 0x37, 0x90, 0x90, 0x31, 0xc0, 0xc3],
        ["wr8"] = [0x90, 0x48, 0x89, 0x37, 0x90, 0x90, 0x31, 0xc0, 0xc3],

        // nop, the load, nop, nop, ret
        ["rd1"] = [0x90, 0x0f, 0xb6, 0x07, 0x90, 0x90, 0xc3],
        ["rd2"] = [0x90, 0x0f, 0xb7, 0x07, 0x90, 0x90, 0xc3],
        ["rd4"] = [0x90, 0x8b, 0x07, 0x90, 0x90, 0xc3],
        ["rd8"] = [0x90, 0x48, 0x8b, 0x07, 0x90, 0x90, 0xc3],

        // nop, incl (%rdi), nop, nop, ret
        ["inc4"] = [0x90, 0xff, 0x07, 0x90, 0x90, 0xc3],

        // nop, mov %esi,(%rdi), mov %esi,4(%rdi), nop, ret
        ["wrwr"] = [0x90, 0x89, 0x37, 0x89, 0x77, 4, 0x90, 0xc3],

        // mov %esi,%eax, mov %rdx,%rcx, rep stosb, nop, ret
        ["stos"] = [0x89, 0xf0, 0x48, 0x89, 0xd1, 0xf3, 0xaa, 0x90, 0xc3],
    };

    /// <summary>The no-operations of 1 to 11 bytes with which GNU as fills up.</summary>
    private static readonly byte[][] Fillers =
    [
        [],
        [0x90],
        [0x66, 0x90],
        [0x0f, 0x1f, 0x00],
        [0x0f, 0x1f, 0x40, 0],
        [0x0f, 0x1f, 0x44, 0, 0],
        [0x66, 0x0f, 0x1f, 0x44, 0, 0],
        [0x0f, 0x1f, 0x80, 0, 0, 0, 0],
        [0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0],
        [0x66, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0],
        [0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0],
        [0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0],
    ];

    /// <summary>What oracle_ro holds.</summary>
    public static ReadOnlySpan<byte> ReadOnlyData => [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11];

    /// <summary>One function with the filling behind it: <see cref="StageLayout.FunctionSize"/> bytes.</summary>
    public static byte[] Function(string name)
    {
        List<byte> code = [.. Functions[name]];
        while (code.Count < StageLayout.FunctionSize)
        {
            code.AddRange(Fillers[Math.Min(StageLayout.FunctionSize - code.Count, Fillers.Length - 1)]);
        }

        return [.. code];
    }

    /// <summary>jmp to another place.</summary>
    public static byte[] Jump(ulong from, ulong to) => [0xe9, .. BitConverter.GetBytes((int)(to - (from + JumpBytes)))];

    /// <summary>lock incl of a counter, sfence, int3, sfence, lock decl, ret: the counter lies at the given address.</summary>
    public static byte[] KgdbBreakpoint(ulong address, ulong counter)
    {
        byte[] code =
        [
            0xf0, 0xff, 0x05, 0, 0, 0, 0, 0x0f, 0xae, 0xf8, 0xcc, 0x0f, 0xae, 0xf8, 0xf0, 0xff, 0x0d, 0, 0, 0, 0, 0xc3,
        ];
        BitConverter.TryWriteBytes(code.AsSpan(3), (int)(counter - (address + 7)));
        BitConverter.TryWriteBytes(code.AsSpan(17), (int)(counter - (address + 21)));
        return code;
    }
}
