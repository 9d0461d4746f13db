using System.Globalization;
using KgdbSim.Stub.Kgdb.Oracle.Stage;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Addresses of the stage. It stands where the recorded kernel had it, so packets need no translation. A header without symbols
/// belongs to the same kernel build as all others.
/// </summary>
internal sealed class StageLayout
{
    /// <summary>Each function has a boundary of its own.</summary>
    public const int FunctionSize = 64;

    public const int BufferSize = 4096;
    public const int ReadOnlyDataSize = 8;

    private static readonly Dictionary<string, ulong> Recorded = new(StringComparer.Ordinal)
    {
        ["oracle_bp_target"] = 0xffff_ffff_8125_f080,
        ["oracle_buf"] = 0xffff_ffff_81bc_e000,
        ["oracle_ro"] = 0xffff_ffff_8184_3780,
        ["kgdb_breakpoint"] = 0xffff_ffff_810c_6500,
    };

    /// <summary>Function names in the order in which they stand behind each other.</summary>
    public static IReadOnlyList<string> FunctionNames { get; } =
    [
        "bp_target", "bp_target2", "wr1", "wr2", "wr4", "wr8", "rd1", "rd2", "rd4", "rd8", "inc4", "wrwr", "stos",
    ];

    private readonly Dictionary<string, ulong> _functions = new(StringComparer.Ordinal);

    /// <param name="header">With the symbols of its kernel.</param>
    /// <exception cref="InvalidDataException">A symbol stands where the stage has no room for it.</exception>
    public StageLayout(TranscriptHeader header)
    {
        ulong first = Find(header, "oracle_bp_target");
        for (int i = 0; i < FunctionNames.Count; i++)
        {
            string name = FunctionNames[i];
            _functions[name] = header.Symbols.TryGetValue("oracle_" + name, out ulong address)
                ? address
                : first + ((ulong)i * FunctionSize);
        }

        Buffer = Find(header, "oracle_buf");
        ReadOnlyData = Find(header, "oracle_ro");
        KgdbBreakpoint = Find(header, "kgdb_breakpoint");
        Check();
    }

    public ulong Buffer { get; }

    public ulong ReadOnlyData { get; }

    public ulong KgdbBreakpoint { get; }

    /// <summary>Where writable memory begins: behind the text and the read-only data, on a large page.</summary>
    public ulong DataStart => StageMap.Data > ReadOnlyData && StageMap.Data <= Buffer ? StageMap.Data : Buffer & ~(StageMap.LargePage - 1);

    public ulong Function(string name) => _functions[name];

    /// <summary>Where a symbol of the stage is, or null.</summary>
    public ulong? Find(string name) => name switch
    {
        "oracle_buf" => Buffer,
        "oracle_ro" => ReadOnlyData,
        "kgdb_breakpoint" => KgdbBreakpoint,
        ['o', 'r', 'a', 'c', 'l', 'e', '_', .. string function] when _functions.TryGetValue(function, out ulong address) => address,
        _ => null,
    };

    /// <summary>The function that an address lies in, by name and offset.</summary>
    public bool TryLocate(ulong address, out string name, out int offset)
    {
        foreach (string candidate in FunctionNames)
        {
            ulong distance = address - _functions[candidate];
            if (distance < FunctionSize)
            {
                name = candidate;
                offset = (int)distance;
                return true;
            }
        }

        name = "";
        offset = 0;
        return false;
    }

    /// <summary>Whether the stage has something of its own in a range of the text.</summary>
    public bool IsTaken(ulong address, int length) =>
        _functions.Values.Append(KgdbBreakpoint).Append(ReadOnlyData)
            .Any(start => start - address < (ulong)length || address - start < FunctionSize);

    /// <summary>Whether all of a range is the buffer, the read-only data or functions: memory of which the recording is compared.</summary>
    public bool Covers(ulong address, ulong length)
    {
        for (ulong i = 0; i < length; i++)
        {
            ulong at = address + i;
            if (at - Buffer >= BufferSize && at - ReadOnlyData >= ReadOnlyDataSize && !TryLocate(at, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private void Check()
    {
        Require(Buffer % BufferSize == 0 && Buffer >= StageMap.Text && Buffer < StageMap.ImageEnd, "oracle_buf", Buffer);
        Require(ReadOnlyData >= StageMap.Text && ReadOnlyData + ReadOnlyDataSize <= DataStart, "oracle_ro", ReadOnlyData);
        var taken = new List<ulong> { ReadOnlyData };
        foreach ((string name, ulong address) in _functions.Select(f => ("oracle_" + f.Key, f.Value)).Append(("kgdb_breakpoint", KgdbBreakpoint)))
        {
            bool free = taken.TrueForAll(other => address - other >= FunctionSize && other - address >= FunctionSize);
            Require(free && address >= StageMap.Text && address + FunctionSize <= DataStart, name, address);
            taken.Add(address);
        }
    }

    private static void Require(bool condition, string name, ulong address)
    {
        if (!condition)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"line 1: {name} at {address:x}: the stage has no room for it there"));
        }
    }

    private static ulong Find(TranscriptHeader header, string name) =>
        header.Symbols.TryGetValue(name, out ulong address) ? address : Recorded[name];
}
