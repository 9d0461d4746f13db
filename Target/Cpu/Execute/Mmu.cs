using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Loads and stores at linear addresses: the TLB's fast path, and everything that it cannot decide: page walks, canonical
/// form, page crossings, alignment checks, devices, watched pages and pages with code.
/// </summary>
/// <remarks>A method that returns false has recorded the fault in <see cref="CpuCore.Pending"/> and changed nothing.</remarks>
internal sealed unsafe class Mmu
{
    private readonly CpuCore _cpu;
    private readonly TlbEntry* _tlb;
    private PagingMode _mode;
    private int _linearBits = 48;
    private bool _longMode;
    private bool _alignmentChecks;

    public Mmu(CpuCore cpu)
    {
        _cpu = cpu;
        _tlb = CpuCore.TlbOf(cpu.State);
    }

    /// <summary>Takes over what CR0, CR4, EFER, CPL and RFLAGS.AC say about translation.</summary>
    public void ModeChanged()
    {
        CpuState* s = _cpu.State;
        bool nx = (s->Efer & ControlBits.EferNxe) != 0;
        _longMode = (s->Efer & ControlBits.EferLma) != 0;
        _mode = new PagingMode(
            Enabled: (s->Cr0 & ControlBits.Cr0Pg) != 0,
            Pae: (s->Cr4 & ControlBits.Cr4Pae) != 0,
            LongMode: _longMode,
            La57: (s->Cr4 & ControlBits.Cr4La57) != 0,
            PageSizeExtension: (s->Cr4 & ControlBits.Cr4Pse) != 0,
            WriteProtect: (s->Cr0 & ControlBits.Cr0Wp) != 0,
            NoExecute: nx,
            Smep: (s->Cr4 & ControlBits.Cr4Smep) != 0,
            Smap: (s->Cr4 & ControlBits.Cr4Smap) != 0);
        _linearBits = _mode.La57 ? 57 : 48;
        PrivilegeChanged();
    }

    /// <summary>The same of CPL and RFLAGS.AC only.</summary>
    public void PrivilegeChanged()
    {
        CpuState* s = _cpu.State;
        _alignmentChecks = s->Cpl == 3 && (s->Cr0 & ControlBits.Cr0Am) != 0 && (s->SystemFlags & Flags.Ac) != 0;
    }

    /// <summary>Which of <see cref="TranslationSets"/> the present privilege has. Valid after <see cref="ModeChanged"/>.</summary>
    public int SetNumber => TranslationSets.Number(
        _cpu.State->Cpl == 3, _alignmentChecks, _mode.Smap && (_cpu.State->SystemFlags & Flags.Ac) != 0);

    /// <summary>The address is in canonical form for the present paging mode (SDM vol. 1, 3.3.7.1).</summary>
    public bool IsCanonical(ulong linear) => (ulong)((long)(linear << (64 - _linearBits)) >> (64 - _linearBits)) == linear;

    /// <summary>Loads a data operand.</summary>
    /// <param name="stack">A reference through SS: non-canonical addresses give #SS(0), not #GP(0).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Load<T>(ulong linear, bool stack, out T value)
        where T : unmanaged
    {
        byte* p = Tlb.Read(_tlb, linear, sizeof(T));
        if (p != null)
        {
            value = *(T*)p;
            return true;
        }

        return LoadSlow(linear, stack, out value);
    }

    /// <summary>Stores a data operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Store<T>(ulong linear, bool stack, T value)
        where T : unmanaged
    {
        byte* p = Tlb.Write(_tlb, linear, sizeof(T));
        if (p != null)
        {
            *(T*)p = value;
            return true;
        }

        return StoreSlow(linear, stack, value);
    }

    /// <summary>Finds every fault that a store of this size could have; afterwards it cannot fail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool PrepareStore(ulong linear, int size, bool stack) =>
        Tlb.Write(_tlb, linear, size) != null || PrepareSlow(linear, size, stack, AccessKind.Write);

    /// <summary>The same for a load.</summary>
    public bool PrepareLoad(ulong linear, int size, bool stack) =>
        Tlb.Read(_tlb, linear, size) != null || PrepareSlow(linear, size, stack, AccessKind.Read);

    /// <summary>
    /// Host memory from a linear address to the end of its page, for bulk operations; null where accesses must be made
    /// one by one. Call it again for every page.
    /// </summary>
    public byte* BulkRead(ulong linear) => Tlb.Read(_tlb, linear, 1);

    /// <inheritdoc cref="BulkRead"/>
    public byte* BulkWrite(ulong linear) => Tlb.Write(_tlb, linear, 1);

    /// <summary>Loads from a system structure (descriptor table, IDT, TSS): a supervisor access whatever the CPL.</summary>
    public bool LoadSystem<T>(ulong linear, out T value)
        where T : unmanaged
    {
        byte* p = Tlb.Read(_cpu.Translations.Supervisor, linear, sizeof(T));
        if (p != null)
        {
            value = *(T*)p;
            return true;
        }

        T result = default;
        bool ok = System(linear, new Span<byte>(&result, sizeof(T)), AccessKind.Read);
        value = result;
        return ok;
    }

    /// <summary>Stores to a system structure: a supervisor access whatever the CPL.</summary>
    public bool StoreSystem<T>(ulong linear, T value)
        where T : unmanaged
    {
        byte* p = Tlb.Write(_cpu.Translations.Supervisor, linear, sizeof(T));
        if (p != null)
        {
            *(T*)p = value;
            return true;
        }

        return System(linear, new Span<byte>(&value, sizeof(T)), AccessKind.Write);
    }

    /// <summary>Finds every fault that such a store could have; afterwards it cannot fail.</summary>
    public bool PrepareSystemStore(ulong linear, int size)
    {
        if (Tlb.Write(_cpu.Translations.Supervisor, linear, size) != null)
        {
            return true;
        }

        return ResolveSystem(ref linear, size, AccessKind.Write, out _, out _);
    }

    /// <summary>Physical address of an instruction byte.</summary>
    public bool TranslateFetch(ulong linear, out ulong physical)
    {
        if (_longMode && !IsCanonical(linear))
        {
            _cpu.GeneralProtection();
            physical = 0;
            return false;
        }

        return Walk(linear, AccessKind.Execute, _cpu.State->Cpl == 3, false, out physical);
    }

    /// <summary>Where a debugger would find a linear address: no permission is asked, no bit is set, nothing is cached.</summary>
    public bool Peek(ulong linear, out ulong physical)
    {
        if (_longMode && !IsCanonical(linear))
        {
            physical = 0;
            return false;
        }

        Translation t = PageWalker.Walk(
            _cpu.Memory, _mode, _cpu.State->Cr3, linear, AccessKind.Read, user: false, allowUserPages: true, commit: false);
        physical = t.Physical | (linear & PhysicalPage.OffsetMask);
        return t.Ok && _cpu.Memory.IsRam(physical) && !_cpu.Devices.Claims(_cpu, physical);
    }

    /// <summary>What a debugger would find from a page's first address on.</summary>
    /// <param name="linear">That address.</param>
    /// <param name="end">Up to where the same is sure, at most what one entry of the paging structures decides; 0 is the end of all.</param>
    /// <param name="physical">Where it is, if there are rights.</param>
    public LinearRights Examine(ulong linear, out ulong end, out ulong physical)
    {
        physical = 0;
        if (_longMode ? !IsCanonical(linear) : linear > uint.MaxValue)
        {
            end = _longMode ? ~0UL << (_linearBits - 1) : 0;
            return LinearRights.None;
        }

        ulong extent = PageExtent.Of(_cpu.Memory, _mode, _cpu.State->Cr3, linear);
        end = (linear & ~(extent - 1)) + extent;
        if (!Can(linear, AccessKind.Read, false, out physical) || !_cpu.Memory.IsRam(physical))
        {
            return LinearRights.None;
        }

        if (_cpu.Devices.Claims(_cpu, physical))
        {
            end = linear + PhysicalPage.Size;
            return LinearRights.None;
        }

        ulong last = linear + PhysicalPage.Size;
        for (ulong at = physical + PhysicalPage.Size; last != end && _cpu.Memory.IsRam(at) && !_cpu.Devices.Claims(_cpu, at); at += PhysicalPage.Size)
        {
            last += PhysicalPage.Size;
        }

        end = last;
        return LinearRights.Read
            | (Can(linear, AccessKind.Write, false, out _) ? LinearRights.Write : 0)
            | (Can(linear, AccessKind.Execute, false, out _) || Can(linear, AccessKind.Execute, true, out _) ? LinearRights.Execute : 0);
    }

    private bool Can(ulong linear, AccessKind access, bool user, out ulong physical)
    {
        Translation t = PageWalker.Walk(_cpu.Memory, _mode, _cpu.State->Cr3, linear, access, user, allowUserPages: true, commit: false);
        physical = t.Physical;
        return t.Ok;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LoadSlow<T>(ulong linear, bool stack, out T value)
        where T : unmanaged
    {
        byte* near = Tlb.ReadNear(_tlb, linear, sizeof(T));
        if (near != null)
        {
            value = *(T*)near;
            return true;
        }

        T result = default;
        value = default;
        if (!Resolve(linear, sizeof(T), stack, AccessKind.Read, out ulong first, out ulong second))
        {
            return false;
        }

        Transfer(linear, new Span<byte>(&result, sizeof(T)), first, second, write: false);
        _cpu.Debug.Access(linear, sizeof(T), WatchKind.Read);
        value = result;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StoreSlow<T>(ulong linear, bool stack, T value)
        where T : unmanaged
    {
        byte* near = Tlb.WriteNear(_tlb, linear, sizeof(T));
        if (near != null)
        {
            *(T*)near = value;
            return true;
        }

        if (!Resolve(linear, sizeof(T), stack, AccessKind.Write, out ulong first, out ulong second))
        {
            return false;
        }

        Transfer(linear, new Span<byte>(&value, sizeof(T)), first, second, write: true);
        _cpu.Debug.Access(linear, sizeof(T), WatchKind.Write);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PrepareSlow(ulong linear, int size, bool stack, AccessKind kind)
    {
        byte* near = kind == AccessKind.Write ? Tlb.WriteNear(_tlb, linear, size) : Tlb.ReadNear(_tlb, linear, size);
        return near != null || Resolve(linear, size, stack, kind, out _, out _);
    }

    /// <summary>Physical addresses of the first byte and, where the access crosses a page, of the second page.</summary>
    private bool Resolve(ulong linear, int size, bool stack, AccessKind kind, out ulong first, out ulong second)
    {
        second = 0;
        ulong last = linear + (ulong)(size - 1);
        if (_longMode)
        {
            if (!IsCanonical(linear) || !IsCanonical(last))
            {
                _cpu.Fault(stack ? Vector.StackFault : Vector.GeneralProtection, 0);
                first = 0;
                return false;
            }
        }
        else
        {
            linear = (uint)linear;
            last = (uint)last;
        }

        if (_alignmentChecks && size <= 8 && (linear & (ulong)(size - 1)) != 0)
        {
            _cpu.Fault(Vector.AlignmentCheck, 0);
            first = 0;
            return false;
        }

        if (!Page(linear, kind, out first))
        {
            return false;
        }

        return (linear ^ last) <= PhysicalPage.OffsetMask
            || Page(last & ~PhysicalPage.OffsetMask, kind, out second);
    }

    private bool Page(ulong linear, AccessKind kind, out ulong physical)
    {
        TlbEntry* entry = Tlb.Entry(_tlb, linear);
        ulong page = linear & ~PhysicalPage.OffsetMask;
        ulong tag = kind == AccessKind.Write ? entry->WriteTag : entry->ReadTag;
        if (tag != Tlb.None && (tag & ~PhysicalPage.OffsetMask) == page)
        {
            physical = entry->Physical | (linear & PhysicalPage.OffsetMask);
            return true;
        }

        bool smapOverride = (_cpu.State->SystemFlags & Flags.Ac) != 0;
        if (!Walk(linear, kind, _cpu.State->Cpl == 3, smapOverride, out physical))
        {
            return false;
        }

        Fill(page, physical & ~PhysicalPage.OffsetMask, kind);
        return true;
    }

    private bool Walk(ulong linear, AccessKind kind, bool user, bool allowUserPages, out ulong physical)
    {
        Translation t = PageWalker.Walk(
            _cpu.Memory, _mode, _cpu.State->Cr3, linear, kind, user, allowUserPages, commit: true);
        physical = t.Physical | (linear & PhysicalPage.OffsetMask);
        if (t.Ok)
        {
            return true;
        }

        _cpu.State->Cr2 = linear;
        _cpu.Fault(Vector.PageFault, t.ErrorCode);
        return false;
    }

    private void Fill(ulong page, ulong physical, AccessKind kind)
    {
        bool device = !_cpu.Memory.IsRam(physical) || _cpu.Devices.Claims(_cpu, physical);
        ulong frame = physical >> PhysicalPage.Shift;
        byte* data = null;
        ulong writeSlow = 0;
        if (!device)
        {
            // Making the page private empties the TLB, so this comes before the entry is written.
            data = kind == AccessKind.Write ? _cpu.Memory.WritablePage(frame) : _cpu.Memory.ReadablePage(frame);
            writeSlow = _cpu.Memory.Page(frame)->CodeGranules != 0 ? Tlb.SlowBit : 0;
        }

        ulong slow = device || _alignmentChecks ? Tlb.SlowBit : 0;
        TlbEntry* entry = Tlb.Entry(_tlb, page);
        if ((entry->ReadTag & ~PhysicalPage.OffsetMask) != page)
        {
            entry->WriteTag = Tlb.None;
        }

        _cpu.Translations.Note(page);
        entry->Addend = (ulong)data - page;
        entry->Physical = physical;
        bool readWatched = _cpu.Debug.WatchesPage(page, WatchKind.Read, out uint first, out uint last);
        Tlb.SetSpan(_tlb, page, first, last);
        entry->ReadTag = page | slow | (readWatched ? Tlb.WatchBit : 0);
        if (kind == AccessKind.Write)
        {
            // A read-modify-write instruction asks for the write only, so a read watch must hold it up too.
            bool watched = _cpu.Debug.WatchesPage(page, WatchKind.Access, out _, out _);
            entry->WriteTag = page | slow | writeSlow | (watched ? Tlb.WatchBit : 0);
        }
    }

    private void Transfer(ulong linear, Span<byte> bytes, ulong first, ulong second, bool write)
    {
        int head = (int)Math.Min((ulong)bytes.Length, PhysicalPage.Size - (linear & PhysicalPage.OffsetMask));
        Piece(first, bytes[..head], write);
        if (head < bytes.Length)
        {
            Piece(second, bytes[head..], write);
        }
    }

    private void Piece(ulong physical, Span<byte> bytes, bool write)
    {
        if (_cpu.Memory.IsRam(physical) && !_cpu.Devices.Claims(_cpu, physical))
        {
            ulong frame = physical >> PhysicalPage.Shift;
            int offset = (int)(physical & PhysicalPage.OffsetMask);
            if (write)
            {
                bytes.CopyTo(new Span<byte>(_cpu.Memory.WritablePage(frame) + offset, bytes.Length));
                _cpu.Memory.NoteStore(frame, offset, bytes.Length);
            }
            else
            {
                new ReadOnlySpan<byte>(_cpu.Memory.ReadablePage(frame) + offset, bytes.Length).CopyTo(bytes);
            }

            return;
        }

        DevicePiece(physical, bytes, write);
    }

    private void DevicePiece(ulong physical, Span<byte> bytes, bool write)
    {
        // Devices know 1, 2, 4 and 8 bytes; anything else is made of bytes.
        int unit = bytes.Length is 2 or 4 or 8 ? bytes.Length : 1;
        for (int i = 0; i < bytes.Length; i += unit)
        {
            ulong value = 0;
            Span<byte> raw = new(&value, unit);
            if (write)
            {
                bytes.Slice(i, unit).CopyTo(raw);
                _cpu.Devices.Write(_cpu, physical + (ulong)i, unit, value);
            }
            else
            {
                value = _cpu.Devices.Read(_cpu, physical + (ulong)i, unit);
                raw.CopyTo(bytes.Slice(i, unit));
            }
        }
    }

    private bool ResolveSystem(ref ulong linear, int size, AccessKind kind, out ulong first, out ulong second)
    {
        first = second = 0;
        if (_longMode && !IsCanonical(linear))
        {
            _cpu.GeneralProtection();
            return false;
        }

        if (!_longMode)
        {
            linear = (uint)linear;
        }

        ulong last = linear + (ulong)(size - 1);
        return Walk(linear, kind, false, false, out first)
            && ((linear ^ last) <= PhysicalPage.OffsetMask
                || Walk(last & ~PhysicalPage.OffsetMask, kind, false, false, out second));
    }

    private bool System(ulong linear, Span<byte> bytes, AccessKind kind)
    {
        if (!ResolveSystem(ref linear, bytes.Length, kind, out ulong first, out ulong second))
        {
            return false;
        }

        if (_cpu.Translations.SupervisorIsPresent)
        {
            Fill(linear & ~PhysicalPage.OffsetMask, first & ~PhysicalPage.OffsetMask, kind);
        }

        Transfer(linear, bytes, first, second, kind == AccessKind.Write);
        _cpu.Debug.Access(linear, bytes.Length, kind == AccessKind.Write ? WatchKind.Write : WatchKind.Read);
        return true;
    }
}
