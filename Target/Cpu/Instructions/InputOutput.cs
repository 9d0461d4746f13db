using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>IN and OUT (SDM vol. 2, vol. 1, 19.5).</summary>
internal static unsafe class InputOutput
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.In, &In);
        table.Add(Mnemonic.Out, &Out);
    }

    /// <summary>The ports may be used at this privilege level; otherwise a fault is recorded.</summary>
    public static bool Allowed(CpuCore cpu, ushort port, int size)
    {
        CpuState* s = cpu.State;
        return !s->ProtectedMode || Privilege.InputOutput(s) || TaskState.AllowsPorts(cpu, port, size);
    }

    private static StepStatus In(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        int size = Size(op->K0);
        ushort port = op->K1 == OperandKind.Immediate ? (byte)op->Imm : (ushort)s->Gpr[Gpr.Rdx];
        if (!Allowed(cpu, port, size))
        {
            return StepStatus.Fault;
        }

        uint value = cpu.Ports.Read(cpu, port, size);
        cpu.Debug.PortAccess(port, size);
        switch (size)
        {
            case 1:
                Gpr.Write(s, Gpr.Rax, (byte)value);
                break;
            case 2:
                Gpr.Write(s, Gpr.Rax, (ushort)value);
                break;
            default:
                Gpr.Write(s, Gpr.Rax, value);
                break;
        }

        return StepStatus.Next;
    }

    private static StepStatus Out(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        int size = Size(op->K1);
        ushort port = op->K0 == OperandKind.Immediate ? (byte)op->Imm : (ushort)s->Gpr[Gpr.Rdx];
        if (!Allowed(cpu, port, size))
        {
            return StepStatus.Fault;
        }

        ulong mask = (1UL << (8 * size)) - 1;
        cpu.Ports.Write(cpu, port, size, (uint)(s->Gpr[Gpr.Rax] & mask));
        cpu.Debug.PortAccess(port, size);
        return StepStatus.Next;
    }

    private static int Size(OperandKind accumulator) => accumulator switch
    {
        OperandKind.Gpr8 => 1,
        OperandKind.Gpr16 => 2,
        _ => 4,
    };
}
