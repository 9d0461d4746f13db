using KgdbSim.Target.Cpu.Debugging;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// The model-specific registers (SDM vol. 4): which there are, what they read as, which values they refuse. False
/// always means #GP(0), and that nothing has changed.
/// </summary>
internal static unsafe class ModelSpecific
{
    private const ulong MemoryTypeEnable = 0xC07;
    private const ulong FastStrings = 1;

    public static bool Read(CpuCore cpu, uint number, out ulong value)
    {
        if (IInterruptController.Owns(number))
        {
            value = 0;
            return cpu.InterruptController?.ReadMsr(number, out value) ?? false;
        }

        CpuState* s = cpu.State;
        ulong? read = number switch
        {
            MsrNumber.Tsc => cpu.Now + s->TscOffset,
            MsrNumber.TscAdjust => s->TscOffset,
            MsrNumber.PlatformId or MsrNumber.MicrocodeRevision or MsrNumber.MtrrCap => 0,
            MsrNumber.MachineCheckCap or MsrNumber.MachineCheckStatus => 0,

            // Locked, and with it no VMX.
            MsrNumber.FeatureControl => 1,
            MsrNumber.SysenterCs => s->SysenterCs,
            MsrNumber.SysenterEsp => s->SysenterEsp,
            MsrNumber.SysenterEip => s->SysenterEip,
            MsrNumber.MiscEnable => s->MiscEnable,
            MsrNumber.DebugCtl => s->DebugCtl,
            MsrNumber.Pat => s->Pat,
            MsrNumber.MtrrDefType => s->MtrrDefType,
            _ => ReadExtended(cpu, number),
        };
        value = read.GetValueOrDefault();
        return read.HasValue;
    }

    public static bool Write(CpuCore cpu, uint number, ulong value)
    {
        if (IInterruptController.Owns(number))
        {
            return cpu.InterruptController?.WriteMsr(number, value) ?? false;
        }

        CpuState* s = cpu.State;
        switch (number)
        {
            case MsrNumber.Tsc:
                return SetTscOffset(cpu, value - cpu.Now);
            case MsrNumber.TscAdjust:
                return SetTscOffset(cpu, value);
            case MsrNumber.MicrocodeRevision or MsrNumber.MachineCheckStatus:
                return true;
            case MsrNumber.SysenterCs:
                s->SysenterCs = (uint)value;
                return true;
            case MsrNumber.SysenterEsp:
                return SetAddress(cpu, value, ref s->SysenterEsp);
            case MsrNumber.SysenterEip:
                return SetAddress(cpu, value, ref s->SysenterEip);
            case MsrNumber.MiscEnable:
                s->MiscEnable = value | FastStrings;
                return true;
            case MsrNumber.DebugCtl:
                // LBR is kept and has no effect: how many branch records there are depends on the model, CPUID tells of
                // none (no architectural LBRs, no PDCM), and their registers are #GP (SDM vol. 3, 18.4, 19.1).
                return Set(value, DebugCtlBits.Lbr | DebugCtlBits.Btf, ref s->DebugCtl);
            case MsrNumber.Pat:
                return SetPat(s, value);
            case MsrNumber.MtrrDefType:
                return Set(value, MemoryTypeEnable, ref s->MtrrDefType);
            default:
                return WriteExtended(cpu, number, value);
        }
    }

    private static ulong? ReadExtended(CpuCore cpu, uint number)
    {
        CpuState* s = cpu.State;
        return number switch
        {
            MsrNumber.Efer => s->Efer,
            MsrNumber.Star => s->Star,
            MsrNumber.LStar => s->LStar,
            MsrNumber.CStar => s->CStar,
            MsrNumber.SFMask => s->SFMask,
            MsrNumber.FsBase => s->Fs.Base,
            MsrNumber.GsBase => s->Gs.Base,
            MsrNumber.KernelGsBase => s->KernelGsBase,
            MsrNumber.TscAux => s->TscAux,
            _ when IsAmdIgnored(cpu, number) => 0,
            _ => null,
        };
    }

    private static bool WriteExtended(CpuCore cpu, uint number, ulong value)
    {
        CpuState* s = cpu.State;
        switch (number)
        {
            case MsrNumber.Efer:
                return SetEfer(cpu, value);
            case MsrNumber.Star:
                s->Star = value;
                return true;
            case MsrNumber.LStar:
                return SetAddress(cpu, value, ref s->LStar);
            case MsrNumber.CStar:
                return SetAddress(cpu, value, ref s->CStar);
            case MsrNumber.SFMask:
                s->SFMask = (uint)value;
                return true;
            case MsrNumber.FsBase:
                return SetAddress(cpu, value, ref s->Fs.Base);
            case MsrNumber.GsBase:
                return SetAddress(cpu, value, ref s->Gs.Base);
            case MsrNumber.KernelGsBase:
                return SetAddress(cpu, value, ref s->KernelGsBase);
            case MsrNumber.TscAux:
                return Set(value, uint.MaxValue, ref s->TscAux);
            default:
                return IsAmdIgnored(cpu, number);
        }
    }

    /// <summary>LMA is not written; LME does not change while paging is on (SDM vol. 3, 10.8.5).</summary>
    private static bool SetEfer(CpuCore cpu, ulong value)
    {
        CpuState* s = cpu.State;
        const ulong Known = ControlBits.EferSce | ControlBits.EferLme | ControlBits.EferLma | ControlBits.EferNxe;
        bool paging = (s->Cr0 & ControlBits.Cr0Pg) != 0;
        if ((value & ~Known) != 0 || (paging && ((value ^ s->Efer) & ControlBits.EferLme) != 0))
        {
            return false;
        }

        s->Efer = (value & ~ControlBits.EferLma) | (s->Efer & ControlBits.EferLma);
        cpu.TranslationChanged();
        return true;
    }

    private static bool SetTscOffset(CpuCore cpu, ulong value)
    {
        cpu.State->TscOffset = value;
        cpu.InterruptController?.TimeStampChanged();
        return true;
    }

    private static bool SetPat(CpuState* s, ulong value)
    {
        for (int i = 0; i < 64; i += 8)
        {
            // UC, WC, WT, WP, WB, UC-: 2, 3 and the rest are reserved.
            if ((byte)(value >> i) is not (0 or 1 or 4 or 5 or 6 or 7))
            {
                return false;
            }
        }

        s->Pat = value;
        return true;
    }

    private static bool SetAddress(CpuCore cpu, ulong value, ref ulong register)
    {
        if (!cpu.Mmu.IsCanonical(value))
        {
            return false;
        }

        register = value;
        return true;
    }

    private static bool Set(ulong value, ulong defined, ref ulong register)
    {
        if ((value & ~defined) != 0)
        {
            return false;
        }

        register = value;
        return true;
    }

    private static bool IsAmdIgnored(CpuCore cpu, uint number) =>
        cpu.Model.Vendor == CpuVendor.Amd
        && number is (>= MsrNumber.AmdPerformanceFirst and <= MsrNumber.AmdPerformanceLast)
            or MsrNumber.AmdSysCfg or MsrNumber.AmdHwcr;
}
