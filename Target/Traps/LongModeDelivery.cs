using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Traps;

/// <summary>Delivery through 16-byte gates in long mode (SDM vol. 3, 6.14).</summary>
internal static unsafe class LongModeDelivery
{
    private const int GateBytes = 16;

    /// <summary>False: the fault met is in <see cref="CpuCore.Pending"/>, and nothing has changed.</summary>
    public static bool Deliver(CpuCore cpu, in PendingEvent current)
    {
        uint external = TrapFrame.External(current);
        if (!ReadGate(cpu, current, out Descriptor gate, out ulong offset)
            || !CodeTarget.ThroughGate(
                cpu, gate.GateSelector, external, true, out SegmentLoad code, out Descriptor target)
            || !CodeTarget.Offset(cpu, code, offset, external))
        {
            return false;
        }

        CpuState* s = cpu.State;
        int cpl = !target.IsConforming && target.Dpl < s->Cpl ? target.Dpl : s->Cpl;
        if (!NewStack(cpu, gate, cpl, external, out ulong pointer)
            || !PushFrame(cpu, current, cpl, external, ref pointer))
        {
            return false;
        }

        if (cpl != s->Cpl)
        {
            s->Ss = DescriptorLoad.Null((ushort)cpl);
        }

        PrivilegeLevel.Enter(cpu, code, cpl);
        s->Gpr[Gpr.Rsp] = pointer;
        s->Rip = offset;
        TrapFrame.EnterFlags(cpu, gate.Type == Descriptor.InterruptGate);
        return true;
    }

    private static bool ReadGate(CpuCore cpu, in PendingEvent current, out Descriptor gate, out ulong offset)
    {
        CpuState* s = cpu.State;
        gate = default;
        offset = 0;
        uint error = TrapFrame.GateError(current);
        uint position = (uint)current.Vector * GateBytes;
        if (position + GateBytes - 1 > s->IdtrLimit)
        {
            cpu.Fault(Vector.GeneralProtection, error);
            return false;
        }

        if (!cpu.Mmu.LoadSystem(s->IdtrBase + position, out UInt128 raw))
        {
            return false;
        }

        gate = new Descriptor((ulong)raw);
        offset = gate.GateOffset | ((ulong)(uint)(raw >> 64) << 32);
        bool known = !gate.IsCodeOrData && gate.Type is Descriptor.InterruptGate or Descriptor.TrapGate;
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

    private static bool NewStack(CpuCore cpu, Descriptor gate, int cpl, uint external, out ulong pointer)
    {
        CpuState* s = cpu.State;
        pointer = s->Gpr[Gpr.Rsp];
        if (gate.GateStackIndex != 0)
        {
            return TaskState.InterruptStack(cpu, gate.GateStackIndex, external, out pointer);
        }

        return cpl == s->Cpl || TaskState.Stack64(cpu, cpl, external, out pointer);
    }

    private static bool PushFrame(CpuCore cpu, in PendingEvent current, int cpl, uint external, ref ulong pointer)
    {
        CpuState* s = cpu.State;
        Span<ulong> frame =
        [
            s->Ss.Selector, s->Gpr[Gpr.Rsp], TrapFrame.PushedFlags(cpu, current),
            s->Cs.Selector, s->Rip, current.ErrorCode,
        ];
        int count = current.HasErrorCode ? 6 : 5;
        ulong top = pointer & ~0xFUL;
        if (!cpu.Mmu.IsCanonical(top - 1) || !cpu.Mmu.IsCanonical(top - (ulong)(8 * count)))
        {
            cpu.Fault(Vector.StackFault, external);
            return false;
        }

        pointer = top - (ulong)(8 * count);

        // Within a page the first push finds every fault; across two, the one that enters the second does.
        bool acrossPages = ((top - 8) ^ pointer) > PhysicalPage.OffsetMask;
        if (acrossPages && !Prepare(cpu, cpl, top - 8, pointer))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            ulong slot = top - (ulong)(8 * (i + 1));
            bool stored = cpl == 3 ? cpu.Mmu.Store(slot, true, frame[i]) : cpu.Mmu.StoreSystem(slot, frame[i]);
            if (!stored)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Prepare(CpuCore cpu, int cpl, ulong first, ulong last)
    {
        for (ulong slot = first; slot >= last; slot -= 8)
        {
            if (!(cpl == 3 ? cpu.Mmu.PrepareStore(slot, 8, true) : cpu.Mmu.PrepareSystemStore(slot, 8)))
            {
                return false;
            }
        }

        return true;
    }
}
