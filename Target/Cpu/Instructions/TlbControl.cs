using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// INVLPG, INVPCID, and INVD, WBINVD, WBNOINVD, which have no cache to write back (SDM vol. 2). Translations are
/// dropped altogether, which is always allowed (SDM vol. 3, 4.10.4.1): the software TLB doesn't know what a large page
/// covers.
/// </summary>
internal static unsafe class TlbControl
{
    private const ulong PcidMask = 0xFFF;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Invlpg, &Invlpg);
        table.Add(Mnemonic.Invpcid, &Invpcid);
        table.Add(Mnemonic.Invd, &NothingCached);
        table.Add(Mnemonic.Wbinvd, &NothingCached);
        table.Add(Mnemonic.Wbnoinvd, &NothingCached);
    }

    private static StepStatus Invlpg(CpuCore cpu, DecodedOp* op)
    {
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        cpu.TranslationChanged();
        return StepStatus.Next;
    }

    private static StepStatus Invpcid(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!s->ProtectedMode)
        {
            return cpu.InvalidOpcode();
        }

        if (!Privilege.Supervisor(cpu)
            || !Operands.Address(cpu, op, 16, false, out ulong linear)
            || !cpu.Mmu.Load(linear, Operands.Stack(op), out ulong pcid)
            || !cpu.Mmu.Load(linear + 8, Operands.Stack(op), out ulong address))
        {
            return StepStatus.Fault;
        }

        ulong type = Operands.Is64(op) ? s->Gpr[op->R0] : (uint)s->Gpr[op->R0];
        bool pcidInUse = (s->Cr4 & ControlBits.Cr4Pcide) != 0;
        bool valid = type switch
        {
            0 => (pcid & ~PcidMask) == 0 && (pcidInUse || pcid == 0) && cpu.Mmu.IsCanonical(address),
            1 => (pcid & ~PcidMask) == 0 && (pcidInUse || pcid == 0),
            2 or 3 => true,
            _ => false,
        };
        if (!valid)
        {
            return cpu.GeneralProtection();
        }

        cpu.TranslationChanged();
        return StepStatus.Next;
    }

    private static StepStatus NothingCached(CpuCore cpu, DecodedOp* op) =>
        Privilege.Supervisor(cpu) ? StepStatus.Next : StepStatus.Fault;
}
