using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A two-operand operation, the destination first.</summary>
internal interface IX87Operation
{
    /// <summary>The new destination.</summary>
    static abstract Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status);
}

internal readonly struct X87Add : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Add(destination, source, ref status);
}

internal readonly struct X87Multiply : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Multiply(destination, source, ref status);
}

internal readonly struct X87Subtract : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Subtract(destination, source, ref status);
}

internal readonly struct X87SubtractReversed : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Subtract(source, destination, ref status);
}

internal readonly struct X87Divide : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Divide(destination, source, ref status);
}

internal readonly struct X87DivideReversed : IX87Operation
{
    public static Unpacked Apply(in Unpacked destination, in Unpacked source, ref FloatStatus status) =>
        Extended.Divide(source, destination, ref status);
}
