using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb.Commands;

/// <summary>kdb_md: lines of two words of eight bytes.</summary>
internal sealed class MemoryDisplay : IKdbCommand
{
    private const int LinesMax = 64;

    public string Name => "md";

    public string Usage => "<vaddr> [<lines>]";

    public string Help => "Display Memory Contents";

    public KdbError Run(KdbContext context, IReadOnlyList<string> words)
    {
        if (words.Count is < 2 or > 3)
        {
            return KdbError.ArgumentCount;
        }

        ulong lines = 8;
        if (words.Count == 3 && !KdbContext.TryNumber(words[2], out lines))
        {
            return KdbError.BadInteger;
        }

        if (context.ReadAddress(words[1], out ulong address) is not KdbError.None and KdbError error)
        {
            return error;
        }

        Span<byte> bytes = stackalloc byte[16];
        for (ulong line = 0; line < Math.Min(lines, LinesMax); line++, address += 16)
        {
            if (context.Core.ReadMemory(address, bytes) != 0)
            {
                context.Print(string.Create(CultureInfo.InvariantCulture, $"kdb_getarea: Bad address 0x{address:x}\n"));
                return KdbError.None;
            }

            context.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"0x{address:x16} {BitConverter.ToUInt64(bytes):x16} {BitConverter.ToUInt64(bytes[8..]):x16}\n"));
        }

        return KdbError.None;
    }
}
