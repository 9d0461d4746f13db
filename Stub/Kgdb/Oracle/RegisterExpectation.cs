using System.Buffers.Binary;
using System.Globalization;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Which registers of a recorded image say something about kgdb, and not about the code around the stage: rip and eflags where the
/// stage's functions or kgdb_breakpoint determine them, the functions' arguments and results, and whatever the client wrote itself.
/// </summary>
internal sealed class RegisterExpectation(StageLayout layout)
{
    private const int Rax = 0;
    private const int Rcx = 2;
    private const int Rdx = 3;
    private const int Rsi = 4;
    private const int Rdi = 5;

    /// <summary>Below it no code stands: an address there came from a packet.</summary>
    private const ulong PageSize = 4096;

    /// <summary>fs: the image ends before it.</summary>
    private const int FirstOutside = 22;

    private readonly HashSet<int> _written = [];

    /// <summary>The place whose registers are looked at is one of those, so p11 alone can be judged too.</summary>
    private bool _flagsKnown;

    /// <summary>Whether Hg has chosen another thread than the one that the client writes to.</summary>
    public bool OtherThread { get; set; }

    /// <summary>The kernel runs on: nothing that was written counts any more.</summary>
    public void Resume()
    {
        _written.Clear();
        _flagsKnown = false;
        OtherThread = false;
    }

    /// <summary>P or G was accepted.</summary>
    public void Written(int register)
    {
        if (register != RegisterNumber.StackPointer)
        {
            _written.Add(register);
        }
    }

    public void WrittenAll()
    {
        for (int register = 0; register < RegisterNumber.Count; register++)
        {
            Written(register);
        }
    }

    /// <summary>Compares images of a g reply.</summary>
    /// <returns>The registers that differ, or null.</returns>
    public string? CompareImages(string recorded, string ours)
    {
        if (recorded.Length != ours.Length || recorded.Length != RegisterNumber.ImageBytes * 2)
        {
            return recorded == ours ? null : "another length";
        }

        if (!HexText.TryBytes(recorded, out byte[] expected) || !HexText.TryBytes(ours, out byte[] actual))
        {
            return "not digits only";
        }

        ulong place = Value(expected, RegisterNumber.InstructionPointer);
        if (!OtherThread && !IsKnownPlace(place) && IsKnownPlace(Value(actual, RegisterNumber.InstructionPointer)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"recorded was outside the stage, at {place:x}");
        }

        var different = new List<string>();
        foreach (int register in Determined(expected).Where(r => r < FirstOutside).Order())
        {
            ulong want = Value(expected, register);
            ulong have = Value(actual, register);
            if (want != have)
            {
                different.Add(string.Create(CultureInfo.InvariantCulture, $"register {register:x}: {want:x}, not {have:x}"));
            }
        }

        return different.Count == 0 ? null : string.Join("; ", different);
    }

    /// <summary>Whether a p reply for a register is comparable.</summary>
    public bool Determines(int register, string recorded)
    {
        if (register is RegisterNumber.CodeSegment or RegisterNumber.StackSegment or >= RegisterNumber.StoredCount)
        {
            return !OtherThread;
        }

        if (_written.Contains(register) && !OtherThread)
        {
            return true;
        }

        if (register == RegisterNumber.InstructionPointer && recorded.Length == 16)
        {
            return !HexText.TryBytes(recorded, out byte[] place) || IsKnownPlace(BinaryPrimitives.ReadUInt64LittleEndian(place));
        }

        return register == RegisterNumber.Flags && _flagsKnown && !OtherThread;
    }

    public static ulong Value(ReadOnlySpan<byte> image, int register) => RegisterNumber.Size(register) == 8
        ? BinaryPrimitives.ReadUInt64LittleEndian(image[RegisterNumber.Offset(register)..])
        : BinaryPrimitives.ReadUInt32LittleEndian(image[RegisterNumber.Offset(register)..]);

    /// <summary>Whether the recorded image is of a task that sleeps.</summary>
    public static bool IsSleeping(ReadOnlySpan<byte> image) =>
        image[..RegisterNumber.Offset(RegisterNumber.FramePointer)].IndexOfAnyExcept((byte)0) < 0
        && image[RegisterNumber.Offset(8)..RegisterNumber.Offset(RegisterNumber.Flags)].IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Whether the stage, not the kernel around it, says what runs at an address.</summary>
    public bool IsKnownPlace(ulong address) =>
        address < PageSize || address - layout.KgdbBreakpoint < StageLayout.FunctionSize || layout.TryLocate(address, out _, out _);

    private HashSet<int> Determined(byte[] image)
    {
        // ds and es have no source: what they show is a matter of earlier packets only.
        HashSet<int> registers = OtherThread ? [] : [.. _written];
        registers.UnionWith([RegisterNumber.StoredCount, RegisterNumber.StoredCount + 1]);
        if (IsSleeping(image))
        {
            // All but the two that say where it sleeps, and those that an earlier reply left behind.
            registers.UnionWith(Enumerable.Range(0, RegisterNumber.Flags));
            registers.ExceptWith([RegisterNumber.FramePointer, RegisterNumber.StackPointer]);
            return registers;
        }

        ulong place = Value(image, RegisterNumber.InstructionPointer);
        _flagsKnown = IsKnownPlace(place);
        if (!_flagsKnown)
        {
            return registers;
        }

        registers.UnionWith([RegisterNumber.InstructionPointer, RegisterNumber.Flags, RegisterNumber.CodeSegment, RegisterNumber.StackSegment]);
        if (layout.TryLocate(place, out string function, out int offset) && !(_written.Contains(RegisterNumber.InstructionPointer)))
        {
            registers.UnionWith([Rdx, Rsi, Rdi]);
            if (offset >= ResultOffset(function))
            {
                registers.Add(Rax);
            }

            if (function == "stos" && offset >= 5)
            {
                registers.Add(Rcx);
            }
        }

        return registers;
    }

    // From which offset on the function itself has set rax.
    private static int ResultOffset(string function) => function switch
    {
        "bp_target" => 7,
        "bp_target2" => 9,
        "wr1" or "wr2" or "wr8" => 8,
        "wr4" => 7,
        "rd1" or "rd2" or "rd8" => 4,
        "rd4" => 3,
        "stos" => 2,
        _ => int.MaxValue,
    };
}
