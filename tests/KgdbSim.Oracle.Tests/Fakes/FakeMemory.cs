using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>The kernel image's address range as pages: text and read-only data first, then data.</summary>
internal sealed class FakeMemory
{
    private const ulong TextStart = 0xffff_ffff_8100_0000;
    private const ulong DataStart = 0xffff_ffff_81a0_0000;
    private const ulong End = 0xffff_ffff_8200_0000;

    private readonly byte[] _bytes = new byte[End - TextStart];

    public FakeMemory(StageLayout layout)
    {
        foreach (string name in StageLayout.FunctionNames)
        {
            Place(layout.Function(name), StageCode.Function(name));
        }

        Place(layout.KgdbBreakpoint, StageCode.KgdbBreakpoint(layout.KgdbBreakpoint, DataStart));
        Place(layout.ReadOnlyData, StageCode.ReadOnlyData);
    }

    public int Read(ulong address, Span<byte> bytes)
    {
        // TASK_SIZE_MAX + PAGE_SIZE, and canonical.
        if (address < 0x8000_0000_0000 || address is > 0x7fff_ffff_ffff and < 0xffff_8000_0000_0000)
        {
            return KgdbErrno.Range;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            ulong at = address + (ulong)i;
            if (at is < TextStart or >= End)
            {
                return KgdbErrno.Fault;
            }

            bytes[i] = _bytes[at - TextStart];
        }

        return 0;
    }

    public int Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            ulong at = address + (ulong)i;
            if (at is < DataStart or >= End)
            {
                return KgdbErrno.Fault;
            }

            _bytes[at - TextStart] = bytes[i];
        }

        return 0;
    }

    private void Place(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan((int)(address - TextStart)));
}
