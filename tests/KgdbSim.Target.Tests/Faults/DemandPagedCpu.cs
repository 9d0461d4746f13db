using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Testing;

namespace KgdbSim.Target.Tests.Faults;

/// <summary>
/// A processor with 256 KiB of 4 KiB pages at <see cref="Region"/> that are mapped one by one: none at first, then, as faults
/// ask for them, read-only, then writable.
/// </summary>
internal sealed unsafe class DemandPagedCpu : IDisposable
{
    public const ulong Region = 0x80_0000;
    public const int RegionSize = PageCount << 12;

    private const int PageCount = 64;

    private const ulong Directory = 0x3000;
    private const ulong Table = 0x4000;
    private const ulong Present = 1, Writable = 2, User = 4, Large = 0x80;

    private readonly BareCpu _bare = new();
    private readonly CpuState _initial;
    private readonly byte[] _contents = new byte[RegionSize];
    private readonly byte[] _now = new byte[RegionSize];

    public DemandPagedCpu()
    {
        _bare.Write(BareCpu.DirectoryPointers, Directory | Present | Writable | User);
        for (ulong i = 0; i < 512; i++)
        {
            _bare.Write(Directory + 8 * i, (i << 21) | Present | Writable | User | Large);
        }

        _bare.Write(Directory + 8 * (Region >> 21), Table | Present | Writable | User);
        CpuState* s = _bare.Core.State;
        s->Cr4 |= ControlBits.Cr4OsXsave;
        s->Xcr0 = 7;
        s->Fcw = 0x37F;
        s->Mxcsr = 0x1F80;
        s->Fs = s->Gs = s->Ds;
        _initial = *s;
        for (int i = 0; i < RegionSize; i++)
        {
            _contents[i] = (byte)(i * 7 + (i >> 8) * 31);
        }
    }

    public CpuCore Core => _bare.Core;

    /// <summary>Where CR2 says that the last page fault was.</summary>
    public ulong FaultAddress => Core.State->Cr2;

    /// <summary>The state that every instruction begins with, at this width of code.</summary>
    public CpuState Initial(int bits)
    {
        CpuState state = _initial;
        if (bits == 32)
        {
            state.Cs.Attributes = 0xC09B;
        }

        return state;
    }

    /// <summary>Sets the state, the region's contents and the code, and maps the whole region or nothing of it.</summary>
    public void Load(in CpuState state, ReadOnlySpan<byte> code, bool mapped)
    {
        _bare.Memory.Write(Region, _contents);
        _bare.Memory.Write(state.Rip, code);
        for (ulong i = 0; i < PageCount; i++)
        {
            _bare.Write(Table + 8 * i, mapped ? Region + (i << 12) | Present | Writable | User : 0);
        }

        *Core.State = state;
        Core.Debug.RegistersChanged();
        Core.TranslationChanged();
        Core.Left = 1000;
    }

    /// <summary>Maps the page that the last page fault asked for: read-only at first, writable when it is a write that was refused.</summary>
    /// <returns>False if the page is not in the region or already has what was asked for.</returns>
    public bool MapWhatFaulted()
    {
        ulong index = (FaultAddress - Region) >> 12;
        if (index >= PageCount)
        {
            return false;
        }

        bool wasPresent = (Core.Pending.ErrorCode & 1) != 0;
        ulong before = _bare.Read(Table + 8 * index);
        ulong now = Region + (index << 12) | Present | User | (wasPresent ? Writable : 0);
        _bare.Write(Table + 8 * index, now);
        Core.TranslationChanged();
        return ((before ^ now) & (Present | Writable)) != 0;
    }

    /// <summary>One step; what the code page fault machinery would do is the caller's.</summary>
    public RunExit Step()
    {
        Core.Left = 1000;
        RunExit exit = Interpreter.One(Core);
        while (exit == RunExit.Boundary && Core.State->Repeating != 0)
        {
            exit = Interpreter.One(Core);
        }

        return exit;
    }

    /// <summary>What the region holds, valid until the next call.</summary>
    public ReadOnlySpan<byte> Contents()
    {
        _bare.Memory.Read(Region, _now);
        return _now;
    }

    /// <summary>The region holds what <see cref="Load"/> put there.</summary>
    public bool ContentsUnchanged() => Contents().SequenceEqual(_contents);

    /// <summary>What <see cref="Load"/> puts into the region is what it holds now.</summary>
    public void KeepContents() => Contents().CopyTo(_contents);

    /// <summary>What <see cref="Load"/> puts into the region is zeroes.</summary>
    public void Clear() => Array.Clear(_contents);

    public void Dispose() => _bare.Dispose();
}
