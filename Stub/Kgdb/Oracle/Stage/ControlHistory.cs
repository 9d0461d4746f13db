using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>Remembers what a CPU's kernel writes to DR7, and passes it on to the processor.</summary>
internal sealed class ControlHistory(int cpu, IDebugRegisterSink processor, List<(int Cpu, ulong Control)> history) : IDebugRegisterSink
{
    private const int Control = 7;

    public void DebugRegisterWritten(int number, ulong value)
    {
        if (number == Control)
        {
            history.Add((cpu, value));
        }

        processor.DebugRegisterWritten(number, value);
    }
}
