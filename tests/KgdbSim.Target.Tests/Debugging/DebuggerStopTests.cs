using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Debugging;

/// <summary>A debugger beside the machine: its breakpoints, watches and steps.</summary>
public sealed unsafe class DebuggerStopTests : IDisposable
{
    private const ulong Start = TrapMachine.CodeStart;
    private const ulong Data = TrapMachine.DataStart;

    private readonly TrapMachine _machine = new();
    private readonly DebuggerPoints _points = new();

    public DebuggerStopTests() => _machine.Core.Debug.Attach(_points);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_breakpoint_stops_before_its_instruction_and_is_passed_on_request()
    {
        _machine.Load(a =>
        {
            a.inc(eax);
            a.inc(eax);
        });
        _points.InsertBreakpoint(Start + 2);
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Run(100));
        Assert.Equal((Start + 2, 1UL), (_machine.State->Rip, _machine.State->Gpr[Gpr.Rax]));
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Run(100));
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(100, RunOptions.PassBreakpoint));
        Assert.Equal(2UL, _machine.State->Gpr[Gpr.Rax]);
    }

    [Fact]
    public void A_breakpoint_stops_a_single_step_too()
    {
        _machine.Load(a => a.nop());
        _points.InsertBreakpoint(Start);
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Step());
        Assert.Equal(VcpuStop.TurnOver, _machine.Cpu.Step(RunOptions.PassBreakpoint));
        Assert.Equal(Start + 1, _machine.State->Rip);
    }

    [Fact]
    public void The_guest_s_own_breakpoint_comes_behind_the_debugger_s()
    {
        _machine.Load(a => a.nop());
        _machine.State->Dr[0] = Start;
        _machine.State->Dr7 = 0x402;
        _machine.Core.Debug.RegistersChanged();
        _points.InsertBreakpoint(Start);
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Run(100));
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(100, RunOptions.PassBreakpoint));
        Assert.Equal(TrapMachine.Handler(1) + 1, _machine.State->Rip);
        Assert.Equal(0UL, _machine.FrameAt(1, _machine.State->Gpr[Gpr.Rsp]).Flags & Flags.Rf);
    }

    [Fact]
    public void RF_does_not_hide_the_debugger_s_breakpoints()
    {
        _machine.Load(a => a.nop());
        _machine.SetFlags(Flags.Rf);
        _points.InsertBreakpoint(Start);
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Run(100));
    }

    [Fact]
    public void A_watch_stops_behind_the_instruction_and_names_the_byte()
    {
        _machine.Load(a =>
        {
            a.mov(__qword_ptr[Data], rcx);
            a.nop();
        });
        var range = new WatchRange(Data + 3, Data + 4, WatchKind.Write);
        _points.InsertWatch(range);
        Assert.Equal(VcpuStop.DebuggerWatch, _machine.Cpu.Run(100));
        Assert.Equal(Start + 8, _machine.State->Rip);
        Assert.Equal(new WatchHit(true, Data + 3, range), _machine.Core.Debug.DebuggerHit);
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(100));
    }

    [Fact]
    public void A_watch_and_the_guest_s_own_one_are_both_reported_each_in_its_way()
    {
        _machine.Load(a => a.mov(__byte_ptr[Data], cl));
        _machine.State->Dr[0] = Data;
        _machine.State->Dr7 = 0x1_0402;
        _machine.Core.Debug.RegistersChanged();
        _points.InsertWatch(new WatchRange(Data, Data, WatchKind.Access));
        Assert.Equal(VcpuStop.DebuggerWatch, _machine.Cpu.Run(100));
        Assert.Equal(1, _machine.RunToTrap().Vector);
        Assert.Equal(Dr6Bits.Fixed | 1, _machine.State->Dr6);
    }

    [Fact]
    public void A_step_is_one_instruction_one_iteration_or_one_delivery()
    {
        _machine.Load(a =>
        {
            a.rep.stosb();
            a.ud2();
        });
        CpuState* s = _machine.State;
        s->Gpr[Gpr.Rcx] = 2;
        s->Gpr[Gpr.Rdi] = Data;
        _machine.Cpu.Step();
        Assert.Equal((Start, 1UL), (s->Rip, s->Gpr[Gpr.Rcx]));
        _machine.Cpu.Step();
        Assert.Equal((Start + 2, 0UL), (s->Rip, s->Gpr[Gpr.Rcx]));
        _machine.Cpu.Step();
        Assert.Equal(TrapMachine.Handler(6), s->Rip);
    }

    [Fact]
    public void A_breakpoint_in_the_middle_of_a_repeated_instruction_is_behind_it()
    {
        _machine.Load(a => a.rep.stosb());
        _machine.State->Gpr[Gpr.Rcx] = 3;
        _machine.State->Gpr[Gpr.Rdi] = Data;
        _points.InsertBreakpoint(Start);
        Assert.Equal(VcpuStop.DebuggerBreakpoint, _machine.Cpu.Step());
        Assert.Equal(VcpuStop.TurnOver, _machine.Cpu.Step(RunOptions.PassBreakpoint));
        Assert.Equal(2UL, _machine.State->Gpr[Gpr.Rcx]);
        Assert.Equal(VcpuStop.TurnOver, _machine.Cpu.Step());
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(100));
    }

    [Fact]
    public void Interrupts_wait_when_the_debugger_wants_to_step_through()
    {
        _machine.Load(a =>
        {
            a.nop();
            a.nop();
        });
        _machine.SetFlags(Flags.If);
        _machine.Apic.Accept(new IpiMessage(0, DeliveryMode.Fixed, 0x50, false));
        _machine.Cpu.Step(RunOptions.HoldInterrupts);
        Assert.Equal(Start + 1, _machine.State->Rip);
        _machine.Cpu.Step();
        Assert.Equal(TrapMachine.Handler(0x50), _machine.State->Rip);
    }

    [Fact]
    public void Steps_are_counted_exactly_however_a_run_is_cut()
    {
        static TrapMachine Looping()
        {
            TrapMachine machine = new TrapMachine().Load(a =>
            {
                Iced.Intel.Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.add(rbx, rax);
                a.inc(rax);
                a.mov(__qword_ptr[Data], rbx);
                a.dec(rcx);
                a.jne(loop);
            });
            machine.State->Gpr[Gpr.Rcx] = 1000;
            return machine;
        }

        using TrapMachine whole = Looping();
        whole.Cpu.Run(3333);
        using TrapMachine cut = Looping();
        for (int done = 0; done < 3333;)
        {
            int part = Math.Min(1 + (done % 7), 3333 - done);
            cut.Cpu.Run(part);
            done += part;
        }

        using TrapMachine stepped = Looping();
        for (int i = 0; i < 3333; i++)
        {
            stepped.Cpu.Step();
        }

        Assert.Equal(3333UL, whole.Cpu.Now);
        foreach (TrapMachine other in (TrapMachine[])[cut, stepped])
        {
            Assert.Equal(3333UL, other.Cpu.Now);
            Assert.Equal(whole.State->Rip, other.State->Rip);
            Assert.Equal(whole.State->Gpr[Gpr.Rbx], other.State->Gpr[Gpr.Rbx]);
            Assert.Equal(whole.State->Rflags, other.State->Rflags);
        }
    }

    [Fact]
    public void A_request_to_stop_ends_the_run_at_the_next_boundary()
    {
        _machine.Load(a => a.nop());
        _machine.Cpu.StopRequested = true;
        Assert.Equal(VcpuStop.MachineStop, _machine.Cpu.Run(100));
        Assert.Equal(Start, _machine.State->Rip);
        _machine.Cpu.StopRequested = false;
        Assert.Equal(VcpuStop.Halted, _machine.Cpu.Run(100));
    }

    [Fact]
    public void PAUSE_gives_the_turn_back()
    {
        _machine.Load(a => a.pause());
        Assert.Equal(VcpuStop.Pause, _machine.Cpu.Run(100));
        Assert.Equal((Start + 2, 1UL), (_machine.State->Rip, _machine.Cpu.Now));
    }
}
