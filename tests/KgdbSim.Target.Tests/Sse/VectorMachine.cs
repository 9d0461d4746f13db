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

    private int? Raised(RunExit exit) =>
        exit == RunExit.Fault ? Cpu.Pending.Vector : Cpu.State->PendingDebug != 0 ? 1 : null;
}
