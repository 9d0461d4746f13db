namespace KgdbSim.Differential.Tests.Generation;

/// <summary>An instruction in the making: its bytes, and where in them are the parts to be filled in once its length is known.</summary>
internal ref struct InstructionBytes(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length;

    /// <summary>Where a RIP-relative displacement or a branch displacement is, or -1.</summary>
    public int RelativeAt = -1;

    /// <summary>Its bytes: 1, 2 or 4.</summary>
    public int RelativeBytes;

    /// <summary>It is a branch's.</summary>
    public bool RelativeBranch;

    /// <summary>Base and index of the memory operand, or -1; both -1 and no <see cref="RelativeAt"/>: absolute, at <see cref="AbsoluteAt"/>.</summary>
    public int Base = -1;
    public int Index = -1;
    public int Scale;

    /// <summary>The displacement beside a base or an index.</summary>
    public int Displacement;

    /// <summary>Where an absolute 32-bit or 64-bit address is, or -1.</summary>
    public int AbsoluteAt = -1;
    public int AbsoluteBytes;

    public bool HasMemory;

    public readonly ReadOnlySpan<byte> Bytes => _buffer[..Length];

    public void Add(byte value) => _buffer[Length++] = value;

    public void Add(ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            Add((byte)(value >> (8 * i)));
        }
    }

    public readonly void Patch(int at, ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            _buffer[at + i] = (byte)(value >> (8 * i));
        }
    }
}
