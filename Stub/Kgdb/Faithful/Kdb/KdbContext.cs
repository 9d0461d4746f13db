using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb;

/// <summary>What kdb's commands share.</summary>
internal sealed class KdbContext(IKgdbCore core)
{
    private readonly List<byte[]> _pieces = [];

    public IKgdbCore Core { get; } = core;

    /// <summary>kdb's own breakpoints. They are planted when kdb lets the kernel go, not when the gdb stub does.</summary>
    public KdbBreakpoint?[] Breakpoints { get; } = new KdbBreakpoint?[16];

    /// <summary>A command has ended the prompt.</summary>
    public KdbExit Exit { get; set; }

    /// <summary>kdb_printf.</summary>
    public void Print(string text) => _pieces.Add(Encoding.Latin1.GetBytes(text));

    /// <summary>What was printed since the last time, a piece for each call.</summary>
    public IReadOnlyList<byte[]> TakeOutput()
    {
        byte[][] pieces = [.. _pieces];
        _pieces.Clear();
        return pieces;
    }

    /// <summary>kdbgetaddrarg: a number or a symbol, with an offset or without.</summary>
    public KdbError ReadAddress(string word, out ulong address)
    {
        int sign = word.IndexOfAny(['+', '-'], Math.Min(1, word.Length));
        ulong offset = 0;
        if (sign > 0 && !TryNumber(word[(sign + 1)..], out offset))
        {
            address = 0;
            return KdbError.BadInteger;
        }

        string start = sign > 0 ? word[..sign] : word;
        if (!TryNumber(start, out address))
        {
            if (Core.FindSymbol(start) is not { } place)
            {
                return KdbError.NoSymbol;
            }

            address = place;
        }

        address = sign > 0 && word[sign] == '-' ? address - offset : address + offset;
        return KdbError.None;
    }

    /// <summary>A number as the kernel's simple_strtoul with base 0 takes it, all of it.</summary>
    public static bool TryNumber(string text, out ulong value)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        // kdb takes an address without 0x for a hexadecimal one too.
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            || ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Where task_struct of a task would be.</summary>
    public static ulong TaskAddress(IKgdbTask task) => 0xffff_8880_0010_0000 + ((ulong)task.Pid << 13);
}

/// <summary>How the prompt was left.</summary>
internal enum KdbExit
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The kernel goes on.</summary>
    Go,

    /// <summary>The gdb stub takes over.</summary>
    Debugger,
}

/// <summary>An entry of kdb's table.</summary>
/// <param name="Address">Where.</param>
/// <param name="IsHardware">Made by bph.</param>
internal sealed record KdbBreakpoint(ulong Address, bool IsHardware)
{
    public bool IsEnabled { get; set; } = true;
}
