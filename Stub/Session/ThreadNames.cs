using System.Text;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// The threads' names, <c>CPU#0 [running]</c>. gdb asks for all of them at every stop: each is made once.
/// </summary>
internal sealed class ThreadNames(IDebugTarget target)
{
    private const int ActivityCount = (int)CpuActivity.Unplugged + 1;

    private readonly byte[]?[] _names = new byte[target.CpuCount * ActivityCount][];

    /// <summary>The name as it is now, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Of(int cpu)
    {
        CpuActivity activity = target.ActivityOf(cpu);
        ref byte[]? name = ref _names[(cpu * ActivityCount) + (int)activity];
        name ??= Encoding.UTF8.GetBytes(Of(target, cpu));
        return name;
    }

    /// <summary>What a debugger shows beside the name, in UTF-8; empty if there is nothing to say.</summary>
    public ReadOnlySpan<byte> DetailOf(int cpu) =>
        target.Labels is { } labels ? Encoding.UTF8.GetBytes(labels.DetailOf(cpu)) : default(ReadOnlySpan<byte>);

    /// <summary>The name as it is now.</summary>
    public static string Of(IDebugTarget target, int cpu) =>
        target.Labels?.NameOf(cpu) ?? Format(cpu, target.ActivityOf(cpu));

    private static string Format(int cpu, CpuActivity activity) => activity switch
    {
        CpuActivity.Halted => $"CPU#{cpu} [halted]",
        CpuActivity.WaitingForSipi => $"CPU#{cpu} [waiting for SIPI]",
        CpuActivity.Shutdown => $"CPU#{cpu} [shutdown]",
        CpuActivity.Unplugged => $"CPU#{cpu} [offline]",
        _ => $"CPU#{cpu} [running]",
    };
}
