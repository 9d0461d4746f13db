using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Privilege checks that many system instructions share.</summary>
internal static unsafe class Privilege
{
    /// <summary>The processor runs at CPL 0; otherwise #GP(0) is recorded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Supervisor(CpuCore cpu)
    {
        if (cpu.State->Cpl == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    /// <summary>SGDT, SIDT, SLDT, STR and SMSW: with CR4.UMIP only at CPL 0, else #GP(0) (SDM vol. 3, 2.5).</summary>
    public static bool UserModeInstruction(CpuCore cpu)
    {
        if (cpu.State->Cpl == 0 || (cpu.State->Cr4 & ControlBits.Cr4Umip) == 0)
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    /// <summary>CPL is not above IOPL; real mode always passes.</summary>
    public static bool InputOutput(CpuState* s) => s->Cpl <= (int)((s->SystemFlags & Flags.Iopl) >> 12);
}
