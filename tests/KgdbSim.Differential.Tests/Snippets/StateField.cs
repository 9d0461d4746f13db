using System.Buffers.Binary;
using System.Globalization;
using KgdbSim.Differential.Tests.Comparison;

namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>One register in a <see cref="MachineState"/>: its name in the corpus, where it is, and how it is written.</summary>
/// <param name="Name">Lower case, as in the manual but for the vector registers, <c>x0</c>..<c>x15</c>.</param>
/// <param name="Offset">Byte offset.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Raw">Written as bytes in memory order, not as a number.</param>
internal sealed record StateField(string Name, int Offset, int Length, bool Raw)
{
    public static StateField[] All { get; } = [.. Enumerate()];

    public unsafe Span<byte> Of(MachineState* state) => new((byte*)state + Offset, Length);

    /// <summary>The zero bytes at the end of a raw one are left out.</summary>
    public string Write(ReadOnlySpan<byte> bytes) => Raw
        ? Convert.ToHexStringLower(bytes[..Math.Max(1, bytes.LastIndexOfAnyExcept((byte)0) + 1)])
        : Value(bytes).ToString("x");

    public void Read(string text, Span<byte> bytes)
    {
        if (Raw)
        {
            bytes.Clear();
            Convert.FromHexString(text).CopyTo(bytes);
            return;
        }

        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(
            value, ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        value[..Length].CopyTo(bytes);
    }

    private static ulong Value(ReadOnlySpan<byte> bytes)
    {
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        bytes.CopyTo(value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    private static unsafe List<StateField> Enumerate()
    {
        var fields = new List<StateField>();
        MachineState state = default;
        byte* start = (byte*)&state;
        void Add(string name, void* at, int length, bool raw = false) =>
            fields.Add(new StateField(name, (int)((byte*)at - start), length, raw));

        Add("rip", &state.Rip, 8);
        Add("flags", &state.Flags, 8);
        for (int i = 0; i < MachineState.GprCount; i++)
        {
            Add(RegisterNames.Gpr[i], &state.Gpr[i], 8);
        }

        Add("cs", &state.Cs, 2);
        Add("ss", &state.Ss, 2);
        Add("ds", &state.Ds, 2);
        Add("es", &state.Es, 2);
        Add("fs", &state.Fs, 2);
        Add("gs", &state.Gs, 2);
        Add("fsbase", &state.FsBase, 8);
        Add("gsbase", &state.GsBase, 8);
        Add("mxcsr", &state.Mxcsr, 4);
        Add("fcw", &state.Fcw, 2);
        Add("fsw", &state.Fsw, 2);
        Add("ftw", &state.Ftw, 2);
        for (int i = 0; i < MachineState.StCount; i++)
        {
            Add($"st{i}", &state.St[2 * i], 10, raw: true);
        }

        for (int i = 0; i < MachineState.VectorCount; i++)
        {
            Add($"x{i}", &state.Vector[4 * i], 32, raw: true);
        }

        return fields;
    }
}
