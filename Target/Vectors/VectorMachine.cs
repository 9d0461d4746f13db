using System.Buffers.Binary;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// One processor in the state in which the vectors were recorded: Linux user code, 64-bit, CPL 3, with a code page, a
/// data page and a read-only page, and nothing else to be seen.
/// </summary>
internal sealed unsafe class VectorMachine : IDisposable
{
    /// <summary>The GDT's linear address: a supervisor page.</summary>
    private const ulong GdtLinear = 0xFFFF_FFFF_8000_0000;

    /// <summary>Linux's GDT has 16 entries.</summary>
    private const ushort GdtLimit = 16 * 8 - 1;

    private const ulong CodeLinear = 0x4000_0000;
    /// <summary>The first of the data pages.</summary>
    public const ulong DataLinear = 0x5000_0000;

    private const int CodePages = 2;
    private const int DataPages = 4;

    // Frames: page tables, the GDT, code and data.
    private const ulong Pml4 = 1, Pdpt = 2, Pd = 3, CodeTable = 4, DataTable = 5, HighPdpt = 6, HighPd = 7, HighTable = 8;
    private const ulong LastPdpt = 10, LastPd = 11, LastTable = 12;
    private const ulong GdtFrame = 9, CodeFrame = 0x10, DataFrame = 0x20;

    private const ulong Present = 1, Writable = 2, User = 4, NoExecute = 1UL << 63;
    private const byte Filler = 0xCC;

    private readonly PhysicalMemory _memory = new(0x40000);
    private readonly CpuState _initial;
    private int _codeOffset;
    private int _codeLength;

    public VectorMachine(InstructionTable instructions)
    {
        MapPages();
        BuildGdt();
        Cpu = new CpuCore(0, _memory, new NoPorts(), new NoDevices(), new CpuModel("amd", CpuVendor.Amd), instructions);
        SetUpProcessor(Cpu.State);
        Cpu.TranslationChanged();
        _initial = *Cpu.State;
        Fill(CodeFrame, CodePages, Filler);
        Fill(DataFrame, DataPages, 0);
    }

    public CpuCore Cpu { get; }

    public PhysicalMemory Memory => _memory;

    /// <summary>Puts memory and the processor into the state before a vector.</summary>
    public void Load(VectorRecord record)
    {
        LoadMemory(record);
        LoadState(record.Before, record.Family);
    }

    /// <summary>The same without the instruction bytes, which an earlier <see cref="Load"/> of the same vector has put in place.</summary>
    public void Reload(VectorRecord record)
    {
        LoadData(record);
        LoadState(record.Before, record.Family);
    }

    /// <summary>Puts bytes into the data pages.</summary>
    public void WriteData(ulong address, ReadOnlySpan<byte> bytes) =>
        _memory.Write((DataFrame << PhysicalPage.Shift) + (address - DataLinear), bytes);

    /// <summary>Reads bytes of the data pages.</summary>
    public void ReadData(ulong address, Span<byte> bytes) =>
        _memory.Read((DataFrame << PhysicalPage.Shift) + (address - DataLinear), bytes);

    /// <summary>Takes the read-only page away, which the recordings of debug exceptions didn't have.</summary>
    public void UnmapReadOnlyPage() => Entry(DataTable, 3, 0, 0);

    /// <summary>Maps a supervisor page in the 2 MiB around the GDT.</summary>
    public void MapKernel(ulong linear, ulong frame) =>
        Entry(HighTable, (linear - GdtLinear) >> PhysicalPage.Shift, frame, Present | Writable);

    /// <summary>The window as it now is.</summary>
    public ReadOnlySpan<byte> Window(VectorRecord record)
    {
        ulong offset = record.MemoryAddress - DataLinear;
        return new ReadOnlySpan<byte>(
            _memory.ReadablePage(DataFrame + (offset >> PhysicalPage.Shift)) + (offset & PhysicalPage.OffsetMask),
            record.MemoryLength);
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _memory.Dispose();
    }

    private void LoadMemory(VectorRecord record)
    {
        Span<byte> filler = stackalloc byte[_codeLength];
        filler.Fill(Filler);
        WriteCode(_codeOffset, filler);
        ulong offset = record.Before.Rip - CodeLinear;
        if (offset + (ulong)record.CodeLength > CodePages * PhysicalPage.Size)
        {
            throw new InvalidDataException($"vector {record.Id}: instruction at {record.Before.Rip:x} is outside the code pages");
        }

        _codeOffset = (int)offset;
        _codeLength = record.CodeLength;
        WriteCode(_codeOffset, record.Bytes);
        LoadData(record);
    }

    private void WriteCode(int offset, ReadOnlySpan<byte> bytes) =>
        _memory.Write((CodeFrame << PhysicalPage.Shift) + (ulong)offset, bytes);

    private void LoadData(VectorRecord record)
    {
        for (ulong frame = DataFrame; frame < DataFrame + DataPages; frame++)
        {
            new Span<byte>(_memory.WritablePage(frame), PhysicalPage.Size).Clear();
        }

        ulong offset = record.MemoryAddress - DataLinear;
        if (offset + (ulong)record.MemoryLength > DataPages * PhysicalPage.Size)
        {
            throw new InvalidDataException($"vector {record.Id}: window at {record.MemoryAddress:x} is outside the data pages");
        }

        _memory.Write((DataFrame << PhysicalPage.Shift) + offset, record.Before.Memory.AsSpan(0, record.MemoryLength));
    }

    private void LoadState(VectorState before, VectorFamily family)
    {
        CpuState* s = Cpu.State;
        if (s->Cpl != _initial.Cpl || s->Cs.Attributes != _initial.Cs.Attributes || s->Cr0 != _initial.Cr0)
        {
            *s = _initial;
            Cpu.TranslationChanged();
        }

        RestoreRarely(s);
        for (int i = 0; i < 16; i++)
        {
            s->Gpr[i] = before.Gpr[i];
        }

        s->Rip = before.Rip;
        s->Cr2 = 0;
        s->PendingDebug = 0;
        s->StiShadow = s->MovSsShadow = 0;
        Cpu.Debug.Discard();
        Cpu.SetRflags(before.Flags);
        if (family == VectorFamily.Sse)
        {
            for (int i = 0; i < 16; i++)
            {
                s->Vector[4 * i] = before.Xmm[2 * i];
                s->Vector[4 * i + 1] = before.Xmm[2 * i + 1];
                s->Vector[4 * i + 2] = s->Vector[4 * i + 3] = 0;
            }

            s->Mxcsr = before.Mxcsr;
        }
        else if (family == VectorFamily.X87)
        {
            LoadX87(s, before.X87);
        }

        Cpu.Attention = false;
    }

    /// <summary>What few instructions change: segments, the FPU, MXCSR.</summary>
    private void RestoreRarely(CpuState* s)
    {
        s->Es = _initial.Es;
        s->Cs = _initial.Cs;
        s->Ss = _initial.Ss;
        s->Ds = _initial.Ds;
        s->Fs = _initial.Fs;
        s->Gs = _initial.Gs;
        s->Mxcsr = _initial.Mxcsr;
        s->Fcw = _initial.Fcw;
        s->Fsw = _initial.Fsw;
        s->Ftw = _initial.Ftw;
    }

    private static void LoadX87(CpuState* s, VectorX87 x87)
    {
        s->Fcw = x87.Control;
        s->Fsw = x87.Status;
        s->Ftw = x87.Tags;
        int top = (x87.Status >> 11) & 7;
        for (int i = 0; i < 8; i++)
        {
            int physical = (top + i) & 7;
            s->X87[2 * physical] = x87.Significand[i];
            s->X87[2 * physical + 1] = x87.SignExponent[i];
        }
    }

    private void MapPages()
    {
        const ulong table = Present | Writable | User;
        Entry(Pml4, 0, Pdpt, table);
        Entry(Pdpt, 1, Pd, table);
        Entry(Pd, 0, CodeTable, table);
        Entry(Pd, 128, DataTable, table);
        Entry(Pml4, 511, HighPdpt, Present | Writable);
        Entry(HighPdpt, 510, HighPd, Present | Writable);
        Entry(HighPd, 0, HighTable, Present | Writable);
        Entry(HighTable, 0, GdtFrame, Present | Writable | NoExecute);

        // On the recording machine the last page of the lower half was there, but not for user code: its faults have P=1.
        Entry(Pml4, 255, LastPdpt, table);
        Entry(LastPdpt, 511, LastPd, table);
        Entry(LastPd, 511, LastTable, table);
        Entry(LastTable, 511, GdtFrame, Present | Writable | NoExecute);
        for (ulong i = 0; i < CodePages; i++)
        {
            Entry(CodeTable, i, CodeFrame + i, Present | User);
        }

        Entry(DataTable, 0, DataFrame, Present | Writable | User | NoExecute);
        Entry(DataTable, 1, DataFrame + 1, Present | Writable | User | NoExecute);
        Entry(DataTable, 3, DataFrame + 3, Present | User | NoExecute);
    }

    private void Entry(ulong table, ulong index, ulong frame, ulong bits)
    {
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(raw, (frame << PhysicalPage.Shift) | bits);
        _memory.Write((table << PhysicalPage.Shift) + index * 8, raw);
    }

    /// <summary>Linux's descriptors, as far as user code can load them: 23 user32 code, 2b user data, 33 user code, 7b CPU number.</summary>
    private void BuildGdt()
    {
        ReadOnlySpan<ulong> descriptors =
        [
            0, 0x00CF_9B00_0000_FFFF, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF,
            0x00CF_FB00_0000_FFFF, 0x00CF_F300_0000_FFFF, 0x00AF_FB00_0000_FFFF, 0,
            0x0000_8B00_0000_206F, 0, 0, 0,
            0, 0, 0, 0x0040_F500_0000_0000,
        ];
        Span<byte> raw = stackalloc byte[8];
        for (int i = 0; i < descriptors.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(raw, descriptors[i]);
            _memory.Write((GdtFrame << PhysicalPage.Shift) + (ulong)i * 8, raw);
        }
    }

    private static void SetUpProcessor(CpuState* s)
    {
        s->Cr0 = ControlBits.Cr0Pg | ControlBits.Cr0Am | ControlBits.Cr0Wp | ControlBits.Cr0Ne | ControlBits.Cr0Et
            | ControlBits.Cr0Mp | ControlBits.Cr0Pe;
        s->Cr3 = Pml4 << PhysicalPage.Shift;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4Pge | ControlBits.Cr4Mce | ControlBits.Cr4OsFxsr
            | ControlBits.Cr4OsXmmExcpt | ControlBits.Cr4OsXsave | ControlBits.Cr4FsGsBase | ControlBits.Cr4Umip
            | ControlBits.Cr4Smep | ControlBits.Cr4Smap;
        s->Efer = ControlBits.EferSce | ControlBits.EferNxe | ControlBits.EferLme | ControlBits.EferLma;
        s->Xcr0 = 7;
        s->Cpl = 3;
        s->GdtrBase = GdtLinear;
        s->GdtrLimit = GdtLimit;
        s->Cs = new SegmentRegister { Selector = 0x33, Limit = uint.MaxValue, Attributes = 0xA0FB };
        s->Ss = new SegmentRegister { Selector = 0x2B, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Ds = s->Es = s->Fs = default;
        s->Gs = new SegmentRegister { Base = 0x4FFF_F000 };

        // A task without I/O permission map: no port is allowed.
        s->Tr = default;

        // Linux gives a process an LDT only when it asks for one.
        s->Ldtr = default;
        s->Mxcsr = 0x1F80;
        s->Fcw = 0x37F;
        s->Fsw = 0;
        s->Ftw = 0;
        s->SystemFlags = Flags.Reserved1 | Flags.If;
        s->Activity = ActivityState.Running;
    }

    private void Fill(ulong frame, int pages, byte value)
    {
        for (int i = 0; i < pages; i++)
        {
            new Span<byte>(_memory.WritablePage(frame + (ulong)i), PhysicalPage.Size).Fill(value);
        }
    }

    private sealed class NoPorts : IPortBus
    {
        public uint Read(CpuCore cpu, ushort port, int size) => uint.MaxValue;

        public void Write(CpuCore cpu, ushort port, int size, uint value)
        {
        }
    }

    private sealed class NoDevices : IDeviceMemory
    {
        public bool Claims(CpuCore cpu, ulong physical) => false;

        public ulong Read(CpuCore cpu, ulong physical, int size) => ulong.MaxValue;

        public void Write(CpuCore cpu, ulong physical, int size, ulong value)
        {
        }
    }
}
