using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>Fused multiply-add rows.</summary>
internal static unsafe class AvxFmaRows
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Vfmadd132ps, &AvxFma<FusedMultiplyAdd, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfmadd132pd, &AvxFma<FusedMultiplyAdd, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfmadd132ss, &AvxFma<FusedMultiplyAdd, FmaOrder132>.ScalarSingle);
        table.Add(Mnemonic.Vfmadd132sd, &AvxFma<FusedMultiplyAdd, FmaOrder132>.ScalarDouble);
        table.Add(Mnemonic.Vfmadd213ps, &AvxFma<FusedMultiplyAdd, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfmadd213pd, &AvxFma<FusedMultiplyAdd, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfmadd213ss, &AvxFma<FusedMultiplyAdd, FmaOrder213>.ScalarSingle);
        table.Add(Mnemonic.Vfmadd213sd, &AvxFma<FusedMultiplyAdd, FmaOrder213>.ScalarDouble);
        table.Add(Mnemonic.Vfmadd231ps, &AvxFma<FusedMultiplyAdd, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfmadd231pd, &AvxFma<FusedMultiplyAdd, FmaOrder231>.PackedDouble);
        table.Add(Mnemonic.Vfmadd231ss, &AvxFma<FusedMultiplyAdd, FmaOrder231>.ScalarSingle);
        table.Add(Mnemonic.Vfmadd231sd, &AvxFma<FusedMultiplyAdd, FmaOrder231>.ScalarDouble);
        table.Add(Mnemonic.Vfmsub132ps, &AvxFma<FusedMultiplySubtract, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfmsub132pd, &AvxFma<FusedMultiplySubtract, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfmsub132ss, &AvxFma<FusedMultiplySubtract, FmaOrder132>.ScalarSingle);
        table.Add(Mnemonic.Vfmsub132sd, &AvxFma<FusedMultiplySubtract, FmaOrder132>.ScalarDouble);
        table.Add(Mnemonic.Vfmsub213ps, &AvxFma<FusedMultiplySubtract, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfmsub213pd, &AvxFma<FusedMultiplySubtract, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfmsub213ss, &AvxFma<FusedMultiplySubtract, FmaOrder213>.ScalarSingle);
        table.Add(Mnemonic.Vfmsub213sd, &AvxFma<FusedMultiplySubtract, FmaOrder213>.ScalarDouble);
        table.Add(Mnemonic.Vfmsub231ps, &AvxFma<FusedMultiplySubtract, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfmsub231pd, &AvxFma<FusedMultiplySubtract, FmaOrder231>.PackedDouble);
        table.Add(Mnemonic.Vfmsub231ss, &AvxFma<FusedMultiplySubtract, FmaOrder231>.ScalarSingle);
        table.Add(Mnemonic.Vfmsub231sd, &AvxFma<FusedMultiplySubtract, FmaOrder231>.ScalarDouble);
        table.Add(Mnemonic.Vfnmadd132ps, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfnmadd132pd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfnmadd132ss, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder132>.ScalarSingle);
        table.Add(Mnemonic.Vfnmadd132sd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder132>.ScalarDouble);
        table.Add(Mnemonic.Vfnmadd213ps, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfnmadd213pd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfnmadd213ss, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder213>.ScalarSingle);
        table.Add(Mnemonic.Vfnmadd213sd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder213>.ScalarDouble);
        table.Add(Mnemonic.Vfnmadd231ps, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfnmadd231pd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder231>.PackedDouble);
        table.Add(Mnemonic.Vfnmadd231ss, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder231>.ScalarSingle);
        table.Add(Mnemonic.Vfnmadd231sd, &AvxFma<FusedNegativeMultiplyAdd, FmaOrder231>.ScalarDouble);
        table.Add(Mnemonic.Vfnmsub132ps, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfnmsub132pd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfnmsub132ss, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder132>.ScalarSingle);
        table.Add(Mnemonic.Vfnmsub132sd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder132>.ScalarDouble);
        table.Add(Mnemonic.Vfnmsub213ps, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfnmsub213pd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfnmsub213ss, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder213>.ScalarSingle);
        table.Add(Mnemonic.Vfnmsub213sd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder213>.ScalarDouble);
        table.Add(Mnemonic.Vfnmsub231ps, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfnmsub231pd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder231>.PackedDouble);
        table.Add(Mnemonic.Vfnmsub231ss, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder231>.ScalarSingle);
        table.Add(Mnemonic.Vfnmsub231sd, &AvxFma<FusedNegativeMultiplySubtract, FmaOrder231>.ScalarDouble);
        table.Add(Mnemonic.Vfmaddsub132ps, &AvxFma<FusedMultiplyAddSubtract, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfmaddsub132pd, &AvxFma<FusedMultiplyAddSubtract, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfmaddsub213ps, &AvxFma<FusedMultiplyAddSubtract, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfmaddsub213pd, &AvxFma<FusedMultiplyAddSubtract, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfmaddsub231ps, &AvxFma<FusedMultiplyAddSubtract, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfmaddsub231pd, &AvxFma<FusedMultiplyAddSubtract, FmaOrder231>.PackedDouble);
        table.Add(Mnemonic.Vfmsubadd132ps, &AvxFma<FusedMultiplySubtractAdd, FmaOrder132>.PackedSingle);
        table.Add(Mnemonic.Vfmsubadd132pd, &AvxFma<FusedMultiplySubtractAdd, FmaOrder132>.PackedDouble);
        table.Add(Mnemonic.Vfmsubadd213ps, &AvxFma<FusedMultiplySubtractAdd, FmaOrder213>.PackedSingle);
        table.Add(Mnemonic.Vfmsubadd213pd, &AvxFma<FusedMultiplySubtractAdd, FmaOrder213>.PackedDouble);
        table.Add(Mnemonic.Vfmsubadd231ps, &AvxFma<FusedMultiplySubtractAdd, FmaOrder231>.PackedSingle);
        table.Add(Mnemonic.Vfmsubadd231pd, &AvxFma<FusedMultiplySubtractAdd, FmaOrder231>.PackedDouble);
    }
}
