using KgdbSim.Target.Cpu;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Keeps a processor's debug registers and the modelled kernel's view of them the same.</summary>
internal sealed unsafe class VcpuDebugRegisters(Vcpu cpu, DebugRegisterFile file) : IDebugRegisterSink
{
    /// <summary>Hears of each change of DR7 by the kernel.</summary>
    public Action<ulong>? Dr7Written { get; set; }

    /// <summary>The modelled kernel wrote one.</summary>
    public void DebugRegisterWritten(int number, ulong value)
    {
        CpuState* s = cpu.Core.State;
        switch (number)
        {
            case < 4:
                if (s->Dr[number] == value)
                {
                    return;
                }

                s->Dr[number] = value;
                break;
            case 4 or 6:
                s->Dr6 = value;
                return;
            default:
                if (s->Dr7 == value)
                {
                    return;
                }

                s->Dr7 = value;
                Dr7Written?.Invoke(value);
                break;
        }

        cpu.Core.Debug.RegistersChanged();
    }

    /// <summary>The processor, or guest code, may have changed them: to be called when the kernel is entered.</summary>
    public void Fetch()
    {
        CpuState* s = cpu.Core.State;
        for (int n = 0; n < 4; n++)
        {
            Store(n, s->Dr[n]);
        }

        Store(6, s->Dr6);
        Store(7, s->Dr7);
    }

    private void Store(int number, ulong value)
    {
        if (file.Value(number) != value)
        {
            file.Cell(number).Commit(value);
        }
    }
}
