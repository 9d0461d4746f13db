using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>Registers of the selected thread. Those of a thread that nobody knows are not available, which is no error.</summary>
internal sealed class ThreadRegisters(IDebugTarget target, ThreadSelection selection)
{
    /// <summary>As <see cref="IDebugTarget.ReadRegister"/>.</summary>
    public int Read(int number, Span<byte> destination) => selection.General is { Context: var cpu and not DebugThread.Nowhere }
        ? target.ReadRegister(cpu, number, destination)
        : 0;

    /// <summary>As <see cref="IDebugTarget.WriteRegister"/>.</summary>
    public RegisterWriteResult Write(int number, ReadOnlySpan<byte> value) =>
        selection.General is { Context: var cpu and not DebugThread.Nowhere }
            ? target.WriteRegister(cpu, number, value)
            : RegisterWriteResult.NotAvailable;
}
