using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>INS and OUTS, one iteration a step when repeated (SDM vol. 2).</summary>
internal static unsafe class StringInputOutput
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Insb_m8_DX, &Ins<byte>);
        table.Add(Code.Insw_m16_DX, &Ins<ushort>);
        table.Add(Code.Insd_m32_DX, &Ins<uint>);
        table.Add(Code.Outsb_DX_m8, &Outs<byte>);
        table.Add(Code.Outsw_DX_m16, &Outs<ushort>);
        table.Add(Code.Outsd_DX_m32, &Outs<uint>);
    }

    private static StepStatus Ins<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        var port = (ushort)s->Gpr[Gpr.Rdx];
        if (!InputOutput.Allowed(cpu, port, sizeof(T)))
        {
            return StepStatus.Fault;
        }

        // Permission comes first, even for no iteration at all.
        if (Finished(s, op))
        {
            return StepStatus.Next;
        }

        ulong offset = s->Gpr[Gpr.Rdi] & Mask(op);
        if (!Segmentation.Linear(cpu, SegmentIndex.Es, offset, sizeof(T), true, Operands.Is64(op), out ulong linear)
            || !cpu.Mmu.PrepareStore(linear, sizeof(T), false))
        {
            return StepStatus.Fault;
        }

        T value = T.CreateTruncating(cpu.Ports.Read(cpu, port, sizeof(T)));
        cpu.Mmu.Store(linear, false, value);
        cpu.Debug.PortAccess(port, sizeof(T));
        return Advance(cpu, op, Gpr.Rdi, sizeof(T));
    }

    private static StepStatus Outs<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        var port = (ushort)s->Gpr[Gpr.Rdx];
        if (!InputOutput.Allowed(cpu, port, sizeof(T)))
        {
            return StepStatus.Fault;
        }

        if (Finished(s, op))
        {
            return StepStatus.Next;
        }

        ulong linear = s->Gpr[Gpr.Rsi] & Mask(op);
        if ((op->Segment != SegmentIndex.Flat
                && !Segmentation.Linear(cpu, op->Segment, linear, sizeof(T), false, Operands.Is64(op), out linear))
            || !cpu.Mmu.Load(linear, Operands.Stack(op), out T value))
        {
            return StepStatus.Fault;
        }

        cpu.Ports.Write(cpu, port, sizeof(T), uint.CreateTruncating(value));
        cpu.Debug.PortAccess(port, sizeof(T));
        return Advance(cpu, op, Gpr.Rsi, sizeof(T));
    }

    private static bool Repeated(DecodedOp* op) => (op->Prefixes & (OpPrefixes.Rep | OpPrefixes.RepNe)) != 0;

    private static ulong Mask(DecodedOp* op) => op->AddressWidth switch
    {
        1 => ushort.MaxValue,
        2 => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    private static bool Finished(CpuState* s, DecodedOp* op) => Repeated(op) && (s->Gpr[Gpr.Rcx] & Mask(op)) == 0;

    private static StepStatus Advance(CpuCore cpu, DecodedOp* op, int index, int size)
    {
        CpuState* s = cpu.State;
        long step = (s->SystemFlags & Flags.Df) != 0 ? -size : size;
        Add(s, op, index, step);
        if (!Repeated(op))
        {
            return StepStatus.Next;
        }

        Add(s, op, Gpr.Rcx, -1);
        return Finished(s, op) ? StepStatus.Next : StepStatus.Repeat;
    }

    private static void Add(CpuState* s, DecodedOp* op, int register, long amount)
    {
        ulong value = s->Gpr[register] + (ulong)amount;
        switch (op->AddressWidth)
        {
            case 1:
                Gpr.Write(s, register, (ushort)value);
                break;
            case 2:
                Gpr.Write(s, register, (uint)value);
                break;
            default:
                s->Gpr[register] = value;
                break;
        }
    }
}
