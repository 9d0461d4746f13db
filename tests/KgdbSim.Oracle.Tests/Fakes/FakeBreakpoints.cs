using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>The two tables of kgdb, as far as packets see them (spec/kgdb.md, 5 and 9).</summary>
internal sealed class FakeBreakpoints(FakeMemory memory)
{
    private const int SoftwareMax = 1000;
    private const int HardwareMax = 4;

    private readonly List<ulong> _software = [];
    private readonly List<ulong> _used = [];
    private readonly List<ulong> _hardware = [];

    /// <summary>Addresses that the kprobe blocklist holds.</summary>
    public ISet<ulong> Blocked { get; } = new HashSet<ulong>();

    public int SetSoftware(ulong address)
    {
        byte[] byteThere = new byte[1];
        if (Blocked.Contains(address))
        {
            return KgdbErrno.Invalid;
        }

        if (memory.Read(address, byteThere) is var error and not 0)
        {
            return error;
        }

        if (_software.Contains(address))
        {
            return KgdbErrno.Exists;
        }

        if (!_used.Contains(address))
        {
            if (_used.Count == SoftwareMax)
            {
                return KgdbErrno.TooBig;
            }

            _used.Add(address);
        }

        _software.Add(address);
        return 0;
    }

    public int RemoveSoftware(ulong address) => _software.Remove(address) ? 0 : KgdbErrno.NoEntry;

    public int SetHardware(ulong address, int length, int type)
    {
        bool known = type switch
        {
            1 => true,
            2 or 4 => length is 1 or 2 or 4 or 8,
            _ => false,
        };
        if (!known || _hardware.Count == HardwareMax)
        {
            return KgdbErrno.Permission;
        }

        _hardware.Add(address);
        return 0;
    }

    public int RemoveHardware(ulong address) => _hardware.Remove(address) ? 0 : KgdbErrno.Permission;

    public void RemoveAll()
    {
        _software.Clear();
        _used.Clear();
        _hardware.Clear();
    }
}
