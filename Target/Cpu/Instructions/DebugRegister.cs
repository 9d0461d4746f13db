using Iced.Intel;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MOV to and from DR0-DR7 (SDM vol. 2, "MOV—Move to/from Debug Registers", vol. 3, 18.2).</summary>
internal static unsafe class DebugRegister
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Mov_r32_dr, &Read);
        table.Add(Code.Mov_r64_dr, &Read);
        table.Add(Code.Mov_dr_r32, &Write);
        table.Add(Code.Mov_dr_r64, &Write);
    }

    private static StepStatus Read(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Accessible(cpu, op->R1, out int number))
        {
            return StepStatus.Fault;
        }

        ulong value = cpu.GuestDebugRegisters is { } own ? own.Read(number) : number switch
        {
            6 => s->Dr6,
            7 => s->Dr7,
            _ => s->Dr[number],
        };
        s->Gpr[op->R0] = Operands.Is64(op) ? value : (uint)value;
        return StepStatus.Next;
    }

    private static StepStatus Write(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Accessible(cpu, op->R0, out int number))
        {
            return StepStatus.Fault;
        }

        ulong value = Operands.Is64(op) ? s->Gpr[op->R1] : (uint)s->Gpr[op->R1];
        if (number >= 6 && value >> 32 != 0)
        {
            return cpu.GeneralProtection();
        }

        if (cpu.GuestDebugRegisters is { } own)
        {
            own.Write(number, value);
            return StepStatus.Next;
        }

        switch (number)
        {
            case 6:
                s->Dr6 = (value & Dr6Bits.Writable) | Dr6Bits.Fixed;
                return StepStatus.Next;
            case 7:
                s->Dr7 = (value & Dr7Bits.Writable) | Dr7Bits.Fixed;
                break;
            default:
                s->Dr[number] = value;
                break;
        }

        cpu.Debug.RegistersChanged();
        return StepStatus.Next;
    }

    /// <summary>
    /// The checks in the order of the manual: no such register, privilege, general detect. DR4 and DR5 are DR6 and DR7
    /// while CR4.DE is clear.
    /// </summary>
    private static bool Accessible(CpuCore cpu, byte encoded, out int number)
    {
        CpuState* s = cpu.State;
        number = encoded is 4 or 5 ? encoded + 2 : encoded;
        if (encoded > 7 || (number != encoded && (s->Cr4 & ControlBits.Cr4De) != 0))
        {
            cpu.InvalidOpcode();
            return false;
        }

        if (!Privilege.Supervisor(cpu))
        {
            return false;
        }

        ulong dr7 = cpu.GuestDebugRegisters?.Read(7) ?? s->Dr7;
        if ((dr7 & Dr7Bits.Gd) == 0)
        {
            return true;
        }

        s->Dr6 = (s->Dr6 & ~Dr6Bits.Breakpoints) | Dr6Bits.GeneralDetect;
        cpu.Fault(Vector.Debug);
        return false;
    }
}
