using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Devices;

/// <summary>The 65,536 I/O ports: which device answers each. A port without one reads as all ones and ignores writes.</summary>
internal sealed class PortSpace : IPortBus
{
    private readonly IPortDevice?[] _devices = new IPortDevice?[65536];

    public void Add(ushort firstPort, int count, IPortDevice device)
    {
        for (int i = 0; i < count; i++)
        {
            _devices[firstPort + i] = device;
        }
    }

    public uint Read(CpuCore cpu, ushort port, int size)
    {
        uint all = size == 4 ? uint.MaxValue : (1u << (8 * size)) - 1;
        return (_devices[port]?.Read(port, size) ?? uint.MaxValue) & all;
    }

    public void Write(CpuCore cpu, ushort port, int size, uint value) => _devices[port]?.Write(port, size, value);
}
