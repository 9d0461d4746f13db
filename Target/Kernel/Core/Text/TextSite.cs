using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// One instruction that is patched: its bytes in memory, the complete forms it may have, and what each CPU has prefetched of it.
/// </summary>
internal sealed class TextSite
{
    /// <summary>What <see cref="Fetch"/> yields for a breakpoint instruction.</summary>
    public const int Int3 = -1;

    /// <summary>The byte of an int3.</summary>
    public const byte Int3Byte = 0xCC;

    private const int LengthMax = 8;
    private readonly SharedCell<byte>[] _bytes;
    private readonly ulong[] _versions;
    private readonly PrefetchView[] _views;

    public TextSite(KernelModel kernel, string name, ulong address, byte[][] versions)
    {
        Length = versions[0].Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length, LengthMax);
        Name = name;
        Address = address;
        _bytes = new SharedCell<byte>[Length];
        for (int i = 0; i < Length; i++)
        {
            _bytes[i] = kernel.World.Cell($"{name}+{i}", versions[0][i]);
        }

        _versions = Array.ConvertAll(versions, Pack);
        _views = new PrefetchView[kernel.Cpus.Count];
        Splits = new int[Length];
        for (int i = 0; i < Length; i++)
        {
            Splits[i] = i + 1;
        }
    }

    public string Name { get; }

    /// <summary>Of the first byte.</summary>
    public ulong Address { get; }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>
    /// How many of the first bytes a CPU may hold prefetched: 1 to <see cref="Length"/>, every such number unless the place of
    /// the instruction, or the size of what is explored, says otherwise.
    /// </summary>
    public int[] Splits { get; set; }

    /// <summary>The first byte, where int3s come and go.</summary>
    public SharedCell<byte> FirstByte => _bytes[0];

    /// <summary>The byte at an offset below <see cref="Length"/>.</summary>
    public SharedCell<byte> Byte(int offset) => _bytes[offset];

    /// <summary>Whether memory holds exactly the version with this number; looking takes no step.</summary>
    public bool Holds(int version)
    {
        ulong now = 0;
        for (int i = 0; i < Length; i++)
        {
            now |= (ulong)_bytes[i].Value << (8 * i);
        }

        return now == _versions[version];
    }

    /// <summary>Stores one byte.</summary>
    public Step<CellWrite<byte>, Nothing> Write(KernelContext c, int offset, byte value) => _bytes[offset].Write(c, value);

    /// <summary>Stores everything but the first byte, as one step.</summary>
    public Step<TextTailWrite, Nothing> WriteTail(KernelContext c, int version) => new(c, new TextTailWrite(this, version));

    /// <summary>Stores the first byte of a version.</summary>
    public Step<CellWrite<byte>, Nothing> WriteFirst(KernelContext c, int version) => _bytes[0].Write(c, (byte)_versions[version]);

    /// <summary>Stores an int3 over the first byte.</summary>
    public Step<CellWrite<byte>, Nothing> WriteInt3(KernelContext c) => _bytes[0].Write(c, Int3Byte);

    /// <summary>The CPU may prefetch some of the first bytes now: how many is a choice of the scheduler.</summary>
    public Step<TextPrefetch, Nothing> Prefetch(KernelContext c) => new(c, new TextPrefetch(this));

    /// <summary>
    /// The CPU fetches what it hasn't got yet and decodes: the number of a version, or <see cref="Int3"/>. Bytes of different
    /// times that don't fit together end the thread of control with "torn instruction".
    /// </summary>
    public Step<TextFetch, int> Fetch(KernelContext c) => new(c, new TextFetch(this));

    /// <summary>Part of a step: a byte of a version.</summary>
    public byte VersionByte(int version, int offset) => (byte)(_versions[version] >> (8 * offset));

    /// <summary>Part of a step: prefetches.</summary>
    public void SetView(KernelContext c, int length) =>
        _views[c.Home.Number] = new PrefetchView(length, c.Home.SerializeCount, Load(c));

    /// <summary>Part of a step: what the CPU decodes.</summary>
    public int Decode(KernelContext c)
    {
        ulong now = Load(c);
        PrefetchView view = _views[c.Home.Number];
        int prefetched = view.Length != 0 && view.SerializeCount == c.Home.SerializeCount ? view.Length : 0;
        ulong mask = prefetched == LengthMax ? ulong.MaxValue : (1UL << (8 * prefetched)) - 1;
        ulong content = (now & ~mask) | (view.Bytes & mask);
        if ((byte)content == Int3Byte)
        {
            return Int3;
        }

        // A first part from before a change of the second isn't an instruction at all, even if the bytes happen to be right.
        bool changed = prefetched != 0 && ((view.Bytes ^ now) & ~mask) != 0;
        int version = changed ? -1 : Array.IndexOf(_versions, content);
        if (version < 0)
        {
            c.Oops("torn instruction",
                $"{c.Name} executes a mixture of versions at {Name}: {prefetched} bytes were prefetched before the rest changed");
        }

        return version;
    }

    private ulong Load(KernelContext c)
    {
        ulong value = 0;
        for (int i = 0; i < _bytes.Length; i++)
        {
            value |= (ulong)_bytes[i].Load(c) << (8 * i);
        }

        // Executing the same instruction again is no spinning on its bytes.
        c.Window.Clear();
        return value;
    }

    private ulong Pack(byte[] bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        ulong packed = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            packed |= (ulong)bytes[i] << (8 * i);
        }

        return packed;
    }

    /// <summary>What a CPU holds of the site: the first bytes, and what all of them were at that time.</summary>
    private readonly record struct PrefetchView(int Length, int SerializeCount, ulong Bytes);
}
