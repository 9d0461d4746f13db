using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Traps;

/// <summary>Delivery through the vector table of real mode: three 16-bit pushes, no error code, no check but the
/// limits (SDM vol. 3, 21.1.4).</summary>
internal static unsafe class RealModeDelivery
{
    public static bool Deliver(CpuCore cpu, in PendingEvent current)
    {
        CpuState* s = cpu.State;
        uint position = (uint)current.Vector * 4;
        if (position + 3 > s->IdtrLimit)
        {
            cpu.GeneralProtection();
            return false;
        }

        if (!cpu.Mmu.LoadSystem(s->IdtrBase + position, out uint pointer))
        {
            return false;
        }

        var frame = new InnerStack(cpu, s->Ss, (uint)s->Gpr[Gpr.Rsp], 2, user: false);
        if (!frame.Prepare(3, errorCode: 0))
        {
            return false;
        }

        frame.Push((uint)TrapFrame.PushedFlags(cpu, current));
        frame.Push(s->Cs.Selector);
        frame.Push((uint)s->Rip);
        SegmentRegister code = DescriptorLoad.RealMode(s->Cs, (ushort)(pointer >> 16));
        PrivilegeLevel.EnterReal(cpu, code);
        StackAccess.SetPointer(s, false, frame.Pointer);
        s->Rip = pointer & 0xFFFF;
        cpu.SetSystemFlags(s->SystemFlags & ~(Flags.Tf | Flags.If | Flags.Ac | Flags.Rf));
        return true;
    }
}
