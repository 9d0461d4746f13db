using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Traps;

/// <summary>
/// Delivery through 8-byte gates, 16 or 32 bits wide, in protected mode outside long mode (SDM vol. 3, 6.12). A task
/// gate is refused like an unknown one: there are no task switches.
/// </summary>
internal static unsafe class ProtectedModeDelivery
{
    private const int GateBytes = 8;

    /// <summary>False: the fault met is in <see cref="CpuCore.Pending"/>, and nothing has changed.</summary>
    public static bool Deliver(CpuCore cpu, in PendingEvent current)
    {
        uint external = TrapFrame.External(current);
        if (!ReadGate(cpu, current, out Descriptor gate)
            || !CodeTarget.ThroughGate(
                cpu, gate.GateSelector, external, false, out SegmentLoad code, out Descriptor target))
        {
            return false;
        }

        CpuState* s = cpu.State;
        bool wide = (gate.Type & 8) != 0;
        ulong offset = wide ? gate.GateOffset : gate.GateOffset & 0xFFFF;
        int cpl = !target.IsConforming && target.Dpl < s->Cpl ? target.Dpl : s->Cpl;
        var stack = new SegmentLoad(s->Ss);
        var pointer = (uint)s->Gpr[Gpr.Rsp];
        if ((cpl != s->Cpl && !NewStack(cpu, cpl, external, out stack, out pointer))
            || !CodeTarget.Offset(cpu, code, offset, external)
            || !PushFrame(cpu, current, stack, cpl, wide ? 4 : 2, external, ref pointer))
        {
            return false;
        }

        PrivilegeLevel.Enter(cpu, code, cpl);
        DescriptorLoad.Commit(cpu, SegmentIndex.Ss, stack);
        StackAccess.SetPointer(s, false, pointer);
        s->Rip = offset;
        TrapFrame.EnterFlags(cpu, (gate.Type & 1) == 0);
        return true;
    }

    private static bool ReadGate(CpuCore cpu, in PendingEvent current, out Descriptor gate)
    {
        CpuState* s = cpu.State;
        gate = default;
        uint error = TrapFrame.GateError(current);
        uint position = (uint)current.Vector * GateBytes;
        if (position + GateBytes - 1 > s->IdtrLimit)
        {
            cpu.Fault(Vector.GeneralProtection, error);
            return false;
        }

        if (!cpu.Mmu.LoadSystem(s->IdtrBase + position, out ulong raw))
        {
            return false;
        }

        gate = new Descriptor(raw);
        bool known = !gate.IsCodeOrData && gate.Type is Descriptor.InterruptGate or Descriptor.TrapGate
            or Descriptor.InterruptGate16 or Descriptor.TrapGate16;
        if (!known || (current.Source == EventSource.Software && gate.Dpl < s->Cpl))
        {
            cpu.Fault(Vector.GeneralProtection, error);
            return false;
        }

        if (gate.Present)
        {
            return true;
        }

        cpu.Fault(Vector.SegmentNotPresent, error);
        return false;
    }

    private static bool NewStack(CpuCore cpu, int cpl, uint external, out SegmentLoad stack, out uint pointer)
    {
        stack = default;
        return TaskState.StackLegacy(cpu, cpl, external, out ushort selector, out pointer)
            && DescriptorLoad.CheckStack(cpu, selector, cpl, Vector.InvalidTss, external, false, out stack);
    }

    private static bool PushFrame(
        CpuCore cpu, in PendingEvent current, SegmentLoad stack, int cpl, int width, uint external, ref uint pointer)
    {
        CpuState* s = cpu.State;
        bool inward = cpl != s->Cpl;
        uint error = (inward ? DescriptorTables.ErrorCode(stack.Register.Selector) : 0) | external;
        var frame = new InnerStack(cpu, stack.Register, pointer, width, user: cpl == 3);
        if (!frame.Prepare((inward ? 5 : 3) + (current.HasErrorCode ? 1 : 0), error))
        {
            return false;
        }

        if (inward)
        {
            frame.Push(s->Ss.Selector);
            frame.Push((uint)s->Gpr[Gpr.Rsp]);
        }

        frame.Push((uint)TrapFrame.PushedFlags(cpu, current));
        frame.Push(s->Cs.Selector);
        frame.Push((uint)s->Rip);
        if (current.HasErrorCode)
        {
            frame.Push(current.ErrorCode);
        }

        pointer = frame.Pointer;
        return true;
    }
}
