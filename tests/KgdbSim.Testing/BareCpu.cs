using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Testing;

/// <summary>
/// One processor in 64-bit mode, CPL 0, its first 512 GiB mapped onto themselves by 1 GiB pages, without devices or
/// traps: for tests of instructions, translation and decoded code.
/// </summary>
internal sealed unsafe class BareCpu : IDisposable
{
    public const ulong CodeStart = 0x10_0000;
    public const ulong DataStart = 0x20_0000;
    public const ulong StackTop = 0x30_0000;
    public const ulong PageMapLevel4 = 0x1000;
    public const ulong DirectoryPointers = 0x2000;

    public BareCpu(ulong memory = 64 << 20)
    {
        Memory = new PhysicalMemory(memory);
        Core = new CpuCore(0, Memory, new NoPorts(), new NoDevices(), CpuModel.Default, new InstructionTable());
        Write(PageMapLevel4, DirectoryPointers | 7);
        for (ulong i = 0; i < 512; i++)
        {
            Write(DirectoryPointers + (8 * i), (i << 30) | 0x87);
        }

        CpuState* s = Core.State;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Ne | ControlBits.Cr0Wp | ControlBits.Cr0Pg;
        s->Cr3 = PageMapLevel4;
        s->Cr4 = ControlBits.Cr4Pae | ControlBits.Cr4OsFxsr | ControlBits.Cr4OsXmmExcpt;
        s->Efer = ControlBits.EferLme | ControlBits.EferLma;
        s->Cs = new SegmentRegister { Selector = 8, Limit = uint.MaxValue, Attributes = 0xA09B };
        s->Ss = s->Ds = s->Es = new SegmentRegister { Selector = 16, Limit = uint.MaxValue, Attributes = 0xC093 };
        s->Rip = CodeStart;
        s->Gpr[4] = StackTop;
        Core.TranslationChanged();
    }

    public PhysicalMemory Memory { get; }

    public CpuCore Core { get; }

    public ulong this[int register]
    {
        get => Core.State->Gpr[register];
        set => Core.State->Gpr[register] = value;
    }

    public ulong Rip
    {
        get => Core.State->Rip;
        set => Core.State->Rip = value;
    }

    /// <summary>Assembles at <see cref="CodeStart"/> and puts RIP there; ends with HLT.</summary>
    public BareCpu Load(Action<Assembler> code)
    {
        var assembler = new Assembler(64);
        code(assembler);
        assembler.hlt();
        var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), CodeStart);
        Memory.Write(CodeStart, stream.ToArray());
        Rip = CodeStart;
        return this;
    }

    public BareCpu LoadBytes(ulong address, params byte[] bytes)
    {
        Memory.Write(address, bytes);
        return this;
    }

    public void Write(ulong physical, ulong value) => Memory.Write(physical, BitConverter.GetBytes(value));

    public ulong Read(ulong physical)
    {
        Span<byte> bytes = stackalloc byte[8];
        Memory.Read(physical, bytes);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>Runs threaded until something other than an instruction boundary ends it, at most so many instructions.</summary>
    public RunExit Run(long instructions = 1_000_000)
    {
        Core.Left = instructions;
        RunExit exit;
        do
        {
            exit = Interpreter.Run(Core);
        }
        while (exit is RunExit.Boundary && Core.Left > 0);
        return exit;
    }

    /// <summary>The same, one instruction at a time through the general forms.</summary>
    public RunExit RunStepped(long instructions = 1_000_000)
    {
        Core.Left = instructions;
        RunExit exit = RunExit.TurnOver;
        while (Core.Left > 0)
        {
            exit = Interpreter.One(Core);
            if (exit is not RunExit.Boundary)
            {
                return exit;
            }
        }

        return RunExit.TurnOver;
    }

    public void Dispose()
    {
        Core.Dispose();
        Memory.Dispose();
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
