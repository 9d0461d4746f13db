using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Monitor;

/// <summary>The debug registers, with DR7 taken apart.</summary>
internal sealed class DrsCommand : IMonitorCommand
{
    private static readonly string[] Accesses = ["execute", "write", "port", "access"];

    private static readonly int[] Lengths = [1, 2, 8, 4];

    /// <inheritdoc/>
    public string Name => "drs";

    /// <inheritdoc/>
    public string Arguments => "[CPU]";

    /// <inheritdoc/>
    public string Summary => "the guest's debug registers, DR7 explained";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        if (!CpuArgument.TryRead(context, arguments, out int cpu, out string? complaint))
        {
            return complaint;
        }

        IDebugTarget target = context.Control.Target;
        ulong dr7 = NamedRegister.Read(target, cpu, "dr7");
        context.Output.WriteLine($"CPU#{cpu}  dr6 {NamedRegister.Read(target, cpu, "dr6"):x16}  dr7 {dr7:x16}");
        for (int slot = 0; slot < 4; slot++)
        {
            ulong address = NamedRegister.Read(target, cpu, $"dr{slot}");
            context.Output.WriteLine($"  dr{slot} {address:x16}  {Explain(dr7, slot)}");
        }

        return null;
    }

    /// <summary>SDM vol. 3B, 18.2.4: enable bits from bit 0, then two bits each of access and length from bit 16.</summary>
    private static string Explain(ulong dr7, int slot)
    {
        int enabled = (int)(dr7 >> (2 * slot)) & 3;
        int control = (int)(dr7 >> (16 + (4 * slot))) & 15;
        string scope = enabled switch
        {
            0 => "off",
            1 => "local",
            2 => "global",
            _ => "local and global",
        };
        return enabled == 0 ? scope : $"{scope}, {Accesses[control & 3]}, {Lengths[control >> 2]} bytes";
    }
}
