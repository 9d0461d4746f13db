using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE (SDM vol. 2): #UD unless CR4.FSGSBASE is set.</summary>
internal static unsafe class SegmentBase
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Rdfsbase, null, null, &ReadFs<uint>, &ReadFs<ulong>);
        table.Add(Mnemonic.Rdgsbase, null, null, &ReadGs<uint>, &ReadGs<ulong>);
        table.Add(Mnemonic.Wrfsbase, null, null, &WriteFs<uint>, &WriteFs<ulong>);
        table.Add(Mnemonic.Wrgsbase, null, null, &WriteGs<uint>, &WriteGs<ulong>);
    }

    private static StepStatus ReadFs<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Read<T>(cpu, op, &cpu.State->Fs);

    private static StepStatus ReadGs<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Read<T>(cpu, op, &cpu.State->Gs);

    private static StepStatus WriteFs<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Write<T>(cpu, op, &cpu.State->Fs);

    private static StepStatus WriteGs<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T> => Write<T>(cpu, op, &cpu.State->Gs);

    private static StepStatus Read<T>(CpuCore cpu, DecodedOp* op, SegmentRegister* segment)
        where T : unmanaged, IBinaryInteger<T>
    {
        if ((cpu.State->Cr4 & ControlBits.Cr4FsGsBase) == 0)
        {
            return cpu.InvalidOpcode();
        }

        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(segment->Base));
        return StepStatus.Next;
    }

    private static StepStatus Write<T>(CpuCore cpu, DecodedOp* op, SegmentRegister* segment)
        where T : unmanaged, IBinaryInteger<T>
    {
        if ((cpu.State->Cr4 & ControlBits.Cr4FsGsBase) == 0)
        {
            return cpu.InvalidOpcode();
        }

        ulong value = ulong.CreateTruncating(Gpr.Read<T>(cpu.State, op->R0));
        if (!cpu.Mmu.IsCanonical(value))
        {
            return cpu.GeneralProtection();
        }

        segment->Base = value;
        return StepStatus.Next;
    }
}
