using System.Globalization;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>A processor in the state that the recordings assume: user code in 64-bit mode under Linux.</summary>
internal sealed unsafe class VectorMachine : IDisposable, IPortBus, IDeviceMemory
{
    private const ulong CodePage = 0x40000000;
    private const ulong DataPage = 0x50000000;
    private const ulong CodeFrame = 0x10000;
    private const ulong DataFrame = 0x20000;
    private const ulong PresentUser = 5;
    private const ulong Writable = 2;
    private const ulong NoExecute = 1ul << 63;

    private readonly PhysicalMemory _memory = new(1 << 20);

    /// <param name="vendor">The recordings are AMD's.</param>
    public VectorMachine(CpuVendor vendor = CpuVendor.Amd)
    {
        CpuModel model = CpuModel.Default with { Vendor = vendor };
        Cpu = new CpuCore(0, _memory, this, this, model, new InstructionTable());
        MapPages();
        CpuState* s = Cpu.State;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Mp | ControlBits.Cr0Et | ControlBits.Cr0Ne | ControlBits.Cr0Wp
            | ControlBits.Cr0Am | ControlBits.Cr0Pg;
        s->Cr3 = 0x1000;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt | ControlBits.Cr4OsXsave
            | ControlBits.Cr4FsGsBase | ControlBits.Cr4Umip | ControlBits.Cr4Pce;
        s->Efer = ControlBits.EferSce | ControlBits.EferLme | ControlBits.EferLma | ControlBits.EferNxe;
        s->Cpl = 3;
        s->Cs = new SegmentRegister { Selector = 0x33, Limit = uint.MaxValue, Attributes = 0xA0FB };
        s->Ss = new SegmentRegister { Selector = 0x2B, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Ds = s->Es = s->Fs = default;
        s->Gs = new SegmentRegister { Base = 0x4FFFF000 };
        Cpu.TranslationChanged();
    }

    public CpuCore Cpu { get; }

    /// <summary>A page that user code may read and write.</summary>
    public const ulong DataAddress = DataPage;

    /// <summary>Runs one instruction, as the processor stands.</summary>
    /// <returns>The vector of the fault, or null if it completed.</returns>
    public int? Step(params ReadOnlySpan<byte> code)
    {
        _memory.Write(CodeFrame, code);
        Cpu.State->Rip = CodePage;
        Cpu.Left = 1;
        Cpu.TranslationChanged();
        return Raised(Interpreter.One(Cpu));
    }

    /// <summary>Puts bytes into the data page.</summary>
    public void WriteData(int offset, ReadOnlySpan<byte> bytes) => _memory.Write(DataFrame + (ulong)offset, bytes);

    /// <summary>Bytes of the data page.</summary>
    public byte[] ReadData(int offset, int count)
    {
        byte[] bytes = new byte[count];
        _memory.Read(DataFrame + (ulong)offset, bytes);
        return bytes;
    }

    /// <summary>Makes an XMM register hold this.</summary>
    public void SetXmm(int index, Vector128<byte> value) => *SseAccess.Xmm(Cpu.State, index) = value;

    /// <summary>What an XMM register holds.</summary>
    public Vector128<byte> GetXmm(int index) => *SseAccess.Xmm(Cpu.State, index);

    /// <summary>Runs one record and describes how its outcome differs; null if it does not.</summary>
    public string? Run(RecordedVector vector)
    {
        Load(vector);
        Cpu.Left = 1;
        RunExit exit = Interpreter.One(Cpu);
        string differences = string.Join("; ", Differences(vector, exit));
        return differences.Length == 0 ? null : $"{vector.Title}: {differences}";
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _memory.Dispose();
    }

    uint IPortBus.Read(CpuCore cpu, ushort port, int size) => uint.MaxValue;

    void IPortBus.Write(CpuCore cpu, ushort port, int size, uint value)
    {
    }

    bool IDeviceMemory.Claims(CpuCore cpu, ulong physical) => false;

    ulong IDeviceMemory.Read(CpuCore cpu, ulong physical, int size) => ulong.MaxValue;

    void IDeviceMemory.Write(CpuCore cpu, ulong physical, int size, ulong value)
    {
    }

    private void MapPages()
    {
        // Tables at 1000 (level 4) and 2000 (level 3), then a directory and a table each for code and data.
        Entry(0x1000, 0, 0x2000 | PresentUser | Writable);
        Entry(0x2000, 1, 0x3000 | PresentUser | Writable);
        Entry(0x3000, 0, 0x4000 | PresentUser | Writable);
        Entry(0x3000, 128, 0x5000 | PresentUser | Writable);
        for (ulong page = 0; page < 2; page++)
        {
            Entry(0x4000, page, (CodeFrame + (page << 12)) | PresentUser);
            Entry(0x5000, page, (DataFrame + (page << 12)) | PresentUser | Writable | NoExecute);
        }

        Entry(0x5000, 3, (DataFrame + 0x3000) | PresentUser | NoExecute);

        // The recorded machine had something that user code must not see in the topmost page of the lower half.
        Entry(0x1000, 255, 0x6000 | PresentUser | Writable);
        Entry(0x6000, 511, 0x7000 | PresentUser | Writable);
        Entry(0x7000, 511, 0x8000 | PresentUser | Writable);
        Entry(0x8000, 511, DataFrame | 1 | Writable);
    }

    private void Entry(ulong table, ulong index, ulong value) =>
        _memory.Write(table + (index * 8), BitConverter.GetBytes(value));

    private void Load(RecordedVector vector)
    {
        byte[] page = new byte[0x4000];
        _memory.Write(DataFrame, page);
        page.AsSpan(0, 0x2000).Fill(0xCC);
        vector.Code.CopyTo(page, (int)(vector.Rip - CodePage));
        _memory.Write(CodeFrame, page.AsSpan(0, 0x2000));
        if (vector.Window.Length != 0)
        {
            _memory.Write(vector.WindowAddress - DataPage + DataFrame, vector.Window);
        }

        CpuState* s = Cpu.State;
        for (int i = 0; i < 16; i++)
        {
            s->Gpr[i] = vector.Gpr[i];
            vector.Xmm[i].CopyTo(new Span<byte>(s->Vector + (4 * i), 16));
        }

        s->Rip = vector.Rip;
        s->Mxcsr = vector.Mxcsr;
        s->PendingDebug = 0;
        s->StiShadow = s->MovSsShadow = 0;
        Cpu.Pending = default;
        Cpu.SetRflags(vector.Rflags);
        Cpu.TranslationChanged();
    }

    private IEnumerable<string> Differences(RecordedVector vector, RunExit exit)
    {
        int? raised = Raised(exit);
        if (raised != vector.ExceptionVector)
        {
            yield return $"exception expected {Name(vector.ExceptionVector)}, got {Name(raised)}";
        }
        else if (exit == RunExit.Fault && Cpu.Pending.ErrorCode != vector.ExceptionErrorCode)
        {
            yield return $"error code expected {vector.ExceptionErrorCode:x}, got {Cpu.Pending.ErrorCode:x}";
        }
        else if (raised == 14 && vector.ExceptionCr2 is { } cr2 && State.Cr2 != cr2)
        {
            yield return $"cr2 expected {cr2:x}, got {State.Cr2:x}";
        }

        foreach (string difference in RegisterDifferences(vector))
        {
            yield return difference;
        }

        byte[] window = new byte[vector.Window.Length];
        if (window.Length != 0)
        {
            _memory.Read(vector.WindowAddress - DataPage + DataFrame, window);
        }

        if (!window.AsSpan().SequenceEqual(vector.OutcomeWindow))
        {
            yield return $"memory expected {Hex(vector.OutcomeWindow)}, got {Hex(window)}";
        }
    }

    private IEnumerable<string> RegisterDifferences(RecordedVector vector)
    {
        // RF is set by whoever delivers a fault.
        ulong ignored = vector.UndefinedFlags | Flags.Rf;
        if (((State.Rflags ^ vector.OutcomeRflags) & ~ignored) != 0)
        {
            yield return $"rflags expected {vector.OutcomeRflags:x}, got {State.Rflags:x}";
        }

        if (State.Rip != vector.OutcomeRip)
        {
            yield return $"rip expected {vector.OutcomeRip:x}, got {State.Rip:x}";
        }

        if (State.Mxcsr != vector.OutcomeMxcsr)
        {
            yield return $"mxcsr from {vector.Mxcsr:x} expected {vector.OutcomeMxcsr:x}, got {State.Mxcsr:x}";
        }

        for (int i = 0; i < 16; i++)
        {
            if (Gpr(i) != vector.OutcomeGpr[i])
            {
                yield return $"gpr {i} expected {vector.OutcomeGpr[i]:x}, got {Gpr(i):x}";
            }

            if (!Xmm(i).AsSpan().SequenceEqual(vector.OutcomeXmm[i]))
            {
                yield return $"xmm{i} expected {Hex(vector.OutcomeXmm[i])}, got {Hex(Xmm(i))}";
            }
        }
    }

    private static string Name(int? exception) => exception?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private CpuState State => *Cpu.State;

    private ulong Gpr(int index) => Cpu.State->Gpr[index];

    private byte[] Xmm(int index) => new ReadOnlySpan<byte>(Cpu.State->Vector + (4 * index), 16).ToArray();

    private int? Raised(RunExit exit) =>
        exit == RunExit.Fault ? Cpu.Pending.Vector : Cpu.State->PendingDebug != 0 ? 1 : null;
}
