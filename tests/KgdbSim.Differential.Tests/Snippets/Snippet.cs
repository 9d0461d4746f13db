namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>Some instructions and the state that they start in: what both processors are given.</summary>
internal sealed class Snippet
{
    /// <summary>Instruction bytes, placed at <see cref="MachineState.Rip"/> in CS; INT3 follows them.</summary>
    public required byte[] Code { get; init; }

    public required MachineState State;

    /// <summary>Linear address of <see cref="Code"/>.</summary>
    public ulong CodeAddress => Segments.BaseOf(State.Cs) + State.Rip;

    /// <summary>What code it starts as: 64, 32 or 16 bits.</summary>
    public int Bits => Segments.BitsOf(State.Cs);

    /// <summary>Linear address of <see cref="Window"/>.</summary>
    public ulong WindowAddress { get; init; } = Layout.Data;

    /// <summary>The bytes of data memory that are not all zero.</summary>
    public byte[] Window { get; init; } = [];

    public Snippet With(byte[] code) => new() { Code = code, State = State, WindowAddress = WindowAddress, Window = Window };

    public Snippet With(in MachineState state) => new() { Code = Code, State = state, WindowAddress = WindowAddress, Window = Window };

    public Snippet With(ulong windowAddress, byte[] window) =>
        new() { Code = Code, State = State, WindowAddress = windowAddress, Window = window };

    /// <summary>Writes the data pages as they are before the snippet runs.</summary>
    /// <param name="memory"><see cref="Layout.DataBytes"/> bytes.</param>
    public void FillMemory(Span<byte> memory)
    {
        memory.Clear();
        Window.CopyTo(memory[(int)(WindowAddress - Layout.Data)..]);
    }
}
