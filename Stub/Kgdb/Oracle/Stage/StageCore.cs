using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The stage's kernel as the faithful stub calls it.</summary>
internal sealed class StageCore(StageKernel kernel, DebugCore core) : IKgdbCore
{
    public int MasterCpu => core.Master?.Number ?? 0;

    public int CpuLimit => StageKernel.CpuLimit;

    public IKgdbTask Current => kernel.Machine.Cpus[MasterCpu].Current;

    public IReadOnlyList<IKgdbTask> Tasks => kernel.Tasks.All;

    public bool IsOnline(int cpu) => cpu < kernel.Machine.Cpus.Count;

    public IKgdbTask? TaskInDebugger(int cpu) =>
        IsOnline(cpu) && DebugCore.Holds(kernel.Machine.Cpus[cpu]) ? kernel.Machine.Cpus[cpu].Current : null;

    public IKgdbTask IdleTask(int cpu) => IsOnline(cpu) ? kernel.Machine.Cpus[cpu].Idle : kernel.Tasks.OfflineIdle(cpu);

    public IKgdbTask? FindTask(int pid) => kernel.Tasks.Find(pid);

    public ulong ReadRegister(int cpu, int register)
    {
        StageCpu owner = kernel.Machine.Cpus[cpu];
        return owner.ReadRegister(owner.Trap!, register);
    }

    public void WriteRegister(int register, ulong value)
    {
        StageCpu owner = kernel.Machine.Cpus[MasterCpu];
        ulong stored = RegisterNumber.Size(register) == 8
            ? value
            : (owner.ReadRegister(owner.Trap!, register) & 0xffff_ffff_0000_0000) | (uint)value;
        owner.WriteRegister(owner.Trap!, register, stored);
    }

    public int ReadMemory(ulong address, Span<byte> bytes) => kernel.Machine.Read(address, bytes);

    public int WriteMemory(ulong address, ReadOnlySpan<byte> bytes) => kernel.Machine.Write(address, bytes);

    public int SetSoftwareBreakpoint(ulong address) =>
        kernel.Symbols.IsFatal(address) ? KgdbErrno.NeverReturned : kernel.SoftwareBreakpoints.Set(address);

    public int RemoveSoftwareBreakpoint(ulong address) => kernel.SoftwareBreakpoints.Remove(address);

    public int SetHardwareBreakpoint(ulong address, int length, int type) => kernel.HardwareBreakpoints.Set(address, length, type);

    public int RemoveHardwareBreakpoint(ulong address, int length, int type) => kernel.HardwareBreakpoints.Remove(address);

    public int RemoveAllBreakpoints()
    {
        kernel.SoftwareBreakpoints.RemoveAll();
        kernel.HardwareBreakpoints.RemoveAll();
        return 0;
    }

    public void SetSteppingCpu(int cpu) => core.SteppingCpu = cpu;
}
