using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>
/// What scenarios of the 2009 interface begin with: its tables on some CPUs, and the breakpoints K1 and K2, whose numbers are those
/// of the test vectors: 4 bytes for writing, 1 byte for reading and writing.
/// </summary>
internal sealed class Stage2630
{
    /// <summary>Where K1 is.</summary>
    public const ulong Address1 = 0xFFFF_8800_0000_1000;

    /// <summary>Where K2 is.</summary>
    public const ulong Address2 = 0xFFFF_8800_0000_2000;

    /// <summary>Where threads watch.</summary>
    public const ulong UserAddress = 0x1000;

    private readonly ulong[] _accessed;

    public Stage2630(World world, int cpus, InterfaceForm form)
        : this(world, new KernelOptions { CpuCount = cpus, HasIpis = cpus > 1 }, form)
    {
    }

    public Stage2630(World world, KernelOptions options, InterfaceForm form)
    {
        Kernel = new KernelModel(world, options);
        Hw = new HwBreakpointInterface(Kernel, form, new InfoValidator());
        _accessed = new ulong[options.CpuCount];
        Calls = new SharedCell<int>[options.CpuCount];
        for (int i = 0; i < Calls.Length; i++)
        {
            Calls[i] = world.Cell($"C{i}.callbacks", 0);
        }
    }

    public KernelModel Kernel { get; }

    public HwBreakpointInterface Hw { get; }

    public BreakpointTables Tables => Hw.Tables;

    /// <summary>How many callbacks each CPU has run.</summary>
    public SharedCell<int>[] Calls { get; }

    /// <summary>K1: write, 4 bytes.</summary>
    public HardwareBreakpoint MakeK1() => Make("K1", new BreakpointInfo(Address1, ArchBreakpoint.Length4, ArchBreakpoint.Write));

    /// <summary>K2: read and write, 1 byte.</summary>
    public HardwareBreakpoint MakeK2() => Make("K2", new BreakpointInfo(Address2, ArchBreakpoint.Length1, ArchBreakpoint.ReadWrite));

    /// <summary>A thread's: write, 4 bytes.</summary>
    public HardwareBreakpoint MakeUser(string name) =>
        Make(name, new BreakpointInfo(UserAddress, ArchBreakpoint.Length4, ArchBreakpoint.Write));

    /// <summary>A breakpoint whose callback takes a while, and notices if it was called for another address.</summary>
    public HardwareBreakpoint Make(string name, BreakpointInfo info) => new(Kernel, name, info) { Triggered = Callback };

    /// <summary>The state in which a kernel breakpoint is registered and loaded everywhere.</summary>
    public void Hold(HardwareBreakpoint bp, int register)
    {
        BreakpointInfo info = bp.Info.Value;
        ulong field = Dr7Encoding.Encode(register, info.LengthCode, info.TypeCode);
        Tables.Position.Commit(Math.Min(register, Tables.Position.Value));
        Tables.Kernel[register].Commit(bp);
        foreach (KernelCpu cpu in Kernel.Cpus)
        {
            Tables.Loaded(cpu.Number)[register].Commit(bp);
            if (cpu.Number == 0 || Tables.Form.HasKdr7PerCpu)
            {
                Tables.Kdr7(cpu.Number).Commit(Tables.Kdr7(cpu.Number).Value | field);
            }

            cpu.DebugRegisters.Set(register, info.Address);
            cpu.DebugRegisters.Set(7, cpu.DebugRegisters.Value(7) | field);
        }
    }

    /// <summary>The state in which a thread has a breakpoint.</summary>
    public void Hold(KernelTask task, HardwareBreakpoint bp, int register)
    {
        BreakpointInfo info = bp.Info.Value;
        ThreadBreakpoints thread = Tables.Thread(task);
        thread.Breakpoints[register].Commit(bp);
        thread.Addresses[register].Commit(info.Address);
        thread.DebugReg7.Commit(thread.DebugReg7.Value | Dr7Encoding.Encode(register, info.LengthCode, info.TypeCode));
        thread.HasBreakpoints.Commit(true);
        Tables.UserCount[register].Commit(Tables.UserCount[register].Value + 1);
    }

    /// <summary>The state in which a register is armed for a thread, whether or not that still has a breakpoint.</summary>
    public void Arm(int cpu, int register, BreakpointInfo info)
    {
        DebugRegisterFile registers = Kernel.Cpus[cpu].DebugRegisters;
        registers.Set(register, info.Address);
        registers.Set(7, registers.Value(7) | Dr7Encoding.Encode(register, info.LengthCode, info.TypeCode));
    }

    /// <summary>Kernel code stores one byte.</summary>
    /// <returns>Whether that was a hit.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> Store(KernelContext c, ulong address)
    {
        _accessed[c.Home.Number] = address;
        c.Line("*p = value;");
        return await Hw.Trap.Access(c, address, 1, true);
    }

    /// <summary>Kernel code stores one byte; a hit must end in a callback.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask StoreSeen(KernelContext c, ulong address)
    {
        int before = Calls[c.Home.Number].Value;
        if (await Store(c, address) && Calls[c.Home.Number].Value == before)
        {
            c.Fail("hit lost", $"{c.Name} hit a breakpoint at {address:x} and nobody was called");
        }
    }

    /// <summary>What DR7 of a CPU says about the kernel's breakpoints, if it agrees with its table.</summary>
    public bool IsLoaded(int cpu, HardwareBreakpoint bp, int register)
    {
        DebugRegisterFile registers = Kernel.Cpus[cpu].DebugRegisters;
        BreakpointInfo info = bp.Info.Value;
        ulong field = Dr7Encoding.Encode(register, info.LengthCode, info.TypeCode);
        return (registers.Value(7) & field) == field && registers.Value(register) == info.Address;
    }

    /// <summary>Whether DR7 of a CPU arms a register; looking takes no step.</summary>
    public bool IsArmed(int cpu, int register) => (Dr7Encoding.Armed(Kernel.Cpus[cpu].DebugRegisters.Value(7)) >> register & 1) != 0;

    /// <summary>DR7 of a CPU as a location, for properties.</summary>
    public SharedLocation Dr7(int cpu) => Kernel.Cpus[cpu].DebugRegisters.Cell(7);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Callback(KernelContext c, HardwareBreakpoint bp, DieArgs args)
    {
        BreakpointInfo info = await bp.Info.Read(c);
        if (_accessed[c.Home.Number] - info.Address >= (ulong)info.Length)
        {
            c.Fail("wrong callback", $"{c.Name} calls {bp.Name} at {info.Address:x} for an access to {_accessed[c.Home.Number]:x}");
        }

        await Calls[c.Home.Number].Write(c, Calls[c.Home.Number].Value + 1);
        await bp.Touch(c, "triggered's last instruction");
    }
}
