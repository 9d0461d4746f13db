using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SYSENTER and SYSEXIT (SDM vol. 2); AMD has them in legacy mode only.</summary>
internal static unsafe class FastSystemCall
{
    private const ushort Code64 = 0xA09B;
    private const ushort Code32 = 0xC09B;
    private const ushort Data = 0xC093;
    private const ushort User = 0x60;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Sysenter, &Enter);
        table.Add(Code.Sysexitd, &Exit32);
        table.Add(Code.Sysexitq, &Exit64);
    }

    private static StepStatus Enter(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        bool longMode = (s->Efer & ControlBits.EferLma) != 0;
        if (longMode && cpu.Model.Vendor == CpuVendor.Amd)
        {
            return cpu.InvalidOpcode();
        }

        var selector = (ushort)(s->SysenterCs & 0xFFFC);
        if (!s->ProtectedMode || selector == 0)
        {
            return cpu.GeneralProtection();
        }

        PrivilegeLevel.Enter(cpu, Flat(selector, longMode ? Code64 : Code32), 0);
        s->Ss = Flat((ushort)(selector + 8), Data);
        s->Gpr[Gpr.Rsp] = longMode ? s->SysenterEsp : (uint)s->SysenterEsp;
        s->Rip = longMode ? s->SysenterEip : (uint)s->SysenterEip;
        cpu.SetSystemFlags(s->SystemFlags & ~(Flags.If | Flags.Vm | Flags.Rf));
        return StepStatus.Branch;
    }

    private static StepStatus Exit64(CpuCore cpu, DecodedOp* op) => Exit(cpu, to64: true);

    private static StepStatus Exit32(CpuCore cpu, DecodedOp* op) => Exit(cpu, to64: false);

    private static StepStatus Exit(CpuCore cpu, bool to64)
    {
        CpuState* s = cpu.State;
        if (!s->ProtectedMode || s->Cpl != 0)
        {
            return cpu.GeneralProtection();
        }

        bool longMode = (s->Efer & ControlBits.EferLma) != 0;
        if (longMode && cpu.Model.Vendor == CpuVendor.Amd)
        {
            return cpu.InvalidOpcode();
        }

        var selector = (ushort)(s->SysenterCs & 0xFFFC);
        ulong rip = to64 ? s->Gpr[Gpr.Rdx] : (uint)s->Gpr[Gpr.Rdx];
        ulong rsp = to64 ? s->Gpr[Gpr.Rcx] : (uint)s->Gpr[Gpr.Rcx];
        if (selector == 0
            || (to64 && (!cpu.Mmu.IsCanonical(rip) || !cpu.Mmu.IsCanonical(rsp))))
        {
            return cpu.GeneralProtection();
        }

        int code = selector + (to64 ? 32 : 16);
        PrivilegeLevel.Enter(cpu, Flat((ushort)code, (ushort)((to64 ? Code64 : Code32) | User)), 3);
        s->Ss = Flat((ushort)((code + 8) | 3), Data | User);
        s->Gpr[Gpr.Rsp] = rsp;
        s->Rip = rip;
        return StepStatus.Branch;
    }

    private static SegmentRegister Flat(ushort selector, ushort attributes) =>
        new() { Selector = selector, Limit = uint.MaxValue, Attributes = attributes };
}
