using System.Buffers.Binary;
using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Tests.Traps;

/// <summary>What a handler found on its stack.</summary>
internal readonly record struct Frame(int Vector, ulong ErrorCode, ulong Rip, ulong Cs, ulong Flags, ulong Rsp, ulong Ss);

/// <summary>
/// Processors in 64-bit mode, CPL 0, 16 MiB of memory mapped onto themselves for everybody, a GDT, a TSS and an
/// interrupt table whose handlers are HLTs. Local APICs are enabled.
/// </summary>
internal sealed unsafe class TrapMachine : IDeviceMemory, IPortBus, IInterruptFabric, IDisposable
{
    public const ulong CodeStart = 0x10_0000;
    public const ulong UserCodeStart = 0x18_0000;
    public const ulong DataStart = 0x20_0000;
    public const ulong StackTop = 0x30_0000;
    public const ulong UserStackTop = 0x38_0000;
    public const ulong KernelStackTop = 0x40_0000;
    public const ulong Gdt = 0x5000;
    public const ulong Idt = 0x6000;
    public const ulong Tss = 0x7000;
    public const ulong Handlers = 0x8000;
    public const ulong PageMapLevel4 = 0x1000;
    public const ulong DirectoryPointers = 0x2000;
    public const ulong Directory = 0x3000;

    public const ushort KernelCode = 0x08;
    public const ushort KernelData = 0x10;
    public const ushort KernelCode32 = 0x18;
    public const ushort UserCode = 0x23;
    public const ushort UserData = 0x2B;
    public const ushort UserCode32 = 0x33;
    public const ushort TssSelector = 0x40;

    private readonly List<LocalApic> _apics = [];
    private readonly Vcpu[] _cpus;

    public TrapMachine(int cpus = 1, CpuModel? model = null)
    {
        Memory = new PhysicalMemory(16 << 20);
        BuildTables();
        var instructions = new InstructionTable();
        _cpus = new Vcpu[cpus];
        for (int i = 0; i < cpus; i++)
        {
            var core = new CpuCore(i, Memory, this, this, model ?? CpuModel.Default, instructions);
            var apic = new LocalApic(core, this);
            _apics.Add(apic);
            _cpus[i] = new Vcpu(core, apic);
            if (i == 0)
            {
                Enter64(core);
                apic.State->SpuriousVector = 0x1FF;
            }
        }
    }

    public PhysicalMemory Memory { get; }

    public Vcpu Cpu => _cpus[0];

    public CpuCore Core => Cpu.Core;

    public CpuState* State => Core.State;

    public LocalApic Apic => Cpu.Apic;

    public IReadOnlyList<LocalApic> Apics => _apics;

    /// <summary>Port writes, in order.</summary>
    public List<(ushort Port, int Size, uint Value)> Written { get; } = [];

    public Vcpu this[int cpu] => _cpus[cpu];

    /// <summary>Assembles 64-bit code, ends it with HLT, and puts the first processor there.</summary>
    public TrapMachine Load(Action<Assembler> code, ulong at = CodeStart)
    {
        Assemble(64, code, at);
        if (State->Cpl != 0)
        {
            Enter64(Core);
        }

        State->Activity = ActivityState.Running;
        State->Rip = at;
        return this;
    }

    /// <summary>Assembles code of any width into memory, ended by HLT; returns its length without that.</summary>
    public int Assemble(int bits, Action<Assembler> code, ulong at, bool halt = true)
    {
        var assembler = new Assembler(bits);
        code(assembler);
        if (halt)
        {
            assembler.hlt();
        }

        var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), at);
        Memory.Write(at, stream.ToArray());
        return (int)stream.Length - (halt ? 1 : 0);
    }

    public void Bytes(ulong at, params byte[] bytes) => Memory.Write(at, bytes);

    public void Write(ulong at, ulong value)
    {
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(raw, value);
        Memory.Write(at, raw);
    }

    public ulong Read(ulong at)
    {
        Span<byte> raw = stackalloc byte[8];
        Memory.Read(at, raw);
        return BinaryPrimitives.ReadUInt64LittleEndian(raw);
    }

    /// <summary>Writes a 16-byte gate.</summary>
    public void Gate(
        int vector,
        ulong handler,
        int type = 0xE,
        int dpl = 0,
        int ist = 0,
        bool present = true,
        ushort selector = KernelCode)
    {
        ulong low = (handler & 0xFFFF) | ((ulong)selector << 16) | ((ulong)ist << 32) | ((ulong)type << 40)
            | ((ulong)dpl << 45) | (present ? 1UL << 47 : 0) | ((handler & 0xFFFF_0000) << 32);
        Write(Idt + (ulong)(16 * vector), low);
        Write(Idt + (ulong)(16 * vector) + 8, handler >> 32);
    }

    public static ulong Handler(int vector) => Handlers + (ulong)(16 * vector);

    /// <summary>Goes to CPL 3 in 64-bit mode.</summary>
    public TrapMachine EnterUser(Action<Assembler> code)
    {
        Assemble(64, code, UserCodeStart);
        CpuState* s = State;
        s->Cs = new SegmentRegister { Selector = UserCode, Limit = uint.MaxValue, Attributes = 0xA0FB };
        s->Ss = new SegmentRegister { Selector = UserData, Limit = uint.MaxValue, Attributes = 0xC0F3 };
        s->Cpl = 3;
        s->Activity = ActivityState.Running;
        s->Rip = UserCodeStart;
        s->Gpr[Gpr.Rsp] = UserStackTop;
        Core.TranslationChanged();
        return this;
    }

    public void SetFlags(ulong flags) => Core.SetRflags(flags | Flags.Reserved1);

    /// <summary>Runs until HLT; fails the test if something else ends the run.</summary>
    public void RunToHalt(long steps = 100_000)
    {
        VcpuStop stop;
        do
        {
            stop = Cpu.Run(steps);
        }
        while (stop == VcpuStop.Pause);
        Assert.Equal(VcpuStop.Halted, stop);
    }

    /// <summary>Runs into a handler's HLT and reads what was pushed.</summary>
    public Frame RunToTrap(long steps = 100_000)
    {
        RunToHalt(steps);
        ulong offset = State->Rip - 1 - Handlers;
        Assert.True(offset < 16 * 256, $"halted at {State->Rip - 1:x}, which is no handler");
        return FrameAt((int)(offset / 16), State->Gpr[Gpr.Rsp]);
    }

    public Frame FrameAt(int vector, ulong rsp)
    {
        bool hasError = vector is 8 or (>= 10 and <= 14) or 17;
        ulong at = rsp + (hasError ? 8u : 0);
        return new Frame(
            vector, hasError ? Read(rsp) : 0, Read(at), Read(at + 8), Read(at + 16), Read(at + 24), Read(at + 32));
    }

    /// <summary>Goes back from a handler as IRETQ would, with these flags.</summary>
    public void Resume(Frame frame, ulong? flags = null)
    {
        CpuState* s = State;
        s->Rip = frame.Rip;
        s->Gpr[Gpr.Rsp] = frame.Rsp;
        s->Activity = ActivityState.Running;
        Core.SetRflags(flags ?? frame.Flags);
    }

    public void Send(in IpiMessage message, LocalApic destination) => destination.Accept(message);

    public bool Claims(CpuCore cpu, ulong physical) => _apics.Count > cpu.Id && _apics[cpu.Id].Claims(physical);

    ulong IDeviceMemory.Read(CpuCore cpu, ulong physical, int size) =>
        Claims(cpu, physical) ? _apics[cpu.Id].Read(physical) : ulong.MaxValue;

    void IDeviceMemory.Write(CpuCore cpu, ulong physical, int size, ulong value)
    {
        if (Claims(cpu, physical))
        {
            _apics[cpu.Id].Write(physical, (uint)value);
        }
    }

    uint IPortBus.Read(CpuCore cpu, ushort port, int size) => 0xA5A5_A5A5;

    void IPortBus.Write(CpuCore cpu, ushort port, int size, uint value) => Written.Add((port, size, value));

    public void Dispose()
    {
        foreach (Vcpu cpu in _cpus)
        {
            cpu.Dispose();
        }

        Memory.Dispose();
    }

    /// <summary>Puts a processor into the state described above.</summary>
    public void Enter64(CpuCore core)
    {
        CpuState* s = core.State;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Ne | ControlBits.Cr0Wp | ControlBits.Cr0Pg | ControlBits.Cr0Et;
        s->Cr3 = PageMapLevel4;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt;
        s->Efer = ControlBits.EferLme | ControlBits.EferLma | ControlBits.EferSce;
        s->Cpl = 0;
        s->Cs = new SegmentRegister { Selector = KernelCode, Limit = uint.MaxValue, Attributes = 0xA09B };
        s->Ss = s->Ds = s->Es =
            new SegmentRegister { Selector = KernelData, Limit = uint.MaxValue, Attributes = 0xC093 };
        s->Fs = s->Gs = default;
        s->Ldtr = default;
        s->Tr = new SegmentRegister { Selector = TssSelector, Base = Tss, Limit = 0x67, Attributes = 0x8B };
        s->GdtrBase = Gdt;
        s->GdtrLimit = 0xFF;
        s->IdtrBase = Idt;
        s->IdtrLimit = 0xFFF;
        s->Rip = CodeStart;
        s->Gpr[Gpr.Rsp] = StackTop;
        s->Activity = ActivityState.Running;
        core.TranslationChanged();
    }

    private void BuildTables()
    {
        // 2 MiB pages over the first GiB, the APIC's GiB by one page; user pages all.
        Write(PageMapLevel4, DirectoryPointers | 7);
        Write(DirectoryPointers, Directory | 7);
        Write(DirectoryPointers + 24, (3UL << 30) | 0x87);
        for (ulong i = 0; i < 512; i++)
        {
            Write(Directory + (8 * i), (i << 21) | 0x87);
        }

        ReadOnlySpan<ulong> descriptors =
        [
            0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00CF_9B00_0000_FFFF,
            0x00AF_FB00_0000_FFFF, 0x00CF_F300_0000_FFFF, 0x00CF_FB00_0000_FFFF, 0,
            0x0000_8900_0000_0067 | (Tss << 16), 0,
        ];
        for (int i = 0; i < descriptors.Length; i++)
        {
            Write(Gdt + (ulong)(8 * i), descriptors[i]);
        }

        Write(Tss + 4, KernelStackTop);
        for (int vector = 0; vector < 256; vector++)
        {
            Gate(vector, Handler(vector));
            Bytes(Handler(vector), 0xF4);
        }
    }
}
