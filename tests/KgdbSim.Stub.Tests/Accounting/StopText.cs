using System.Globalization;

namespace KgdbSim.Stub.Tests.Accounting;

/// <summary>What a stop reply says (GDB manual, "Stop Reply Packets").</summary>
internal sealed record StopText(int Cpu, bool IsBreakpoint, ulong? Watched, bool IsInterrupt)
{
    public static StopText Parse(string reply)
    {
        Assert.True(reply.Length > 3 && reply[0] == 'T', $"no stop reply: '{reply}'");
        string[] fields = reply[3..].Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new StopText(
            (int)Number(Value(fields, "thread")!) - 1,
            Value(fields, "swbreak") is not null || Value(fields, "hwbreak") is not null,
            (Value(fields, "watch") ?? Value(fields, "awatch")) is { } address ? Number(address) : null,
            reply.StartsWith("T02", StringComparison.Ordinal));
    }

    private static string? Value(string[] fields, string key) =>
        fields.FirstOrDefault(field => field.StartsWith(key + ":", StringComparison.Ordinal))?[(key.Length + 1)..];

    private static ulong Number(string hex) => ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
