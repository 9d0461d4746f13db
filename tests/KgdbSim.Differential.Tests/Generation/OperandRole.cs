using Iced.Intel;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Where in the encoding an operand is.</summary>
internal enum OperandRole : byte
{
    /// <summary>Nowhere: fixed by the opcode.</summary>
    Implicit,

    /// <summary>The reg field of ModRM.</summary>
    Reg,

    /// <summary>The rm field, a register or memory.</summary>
    RegOrMemory,

    /// <summary>The rm field, a register.</summary>
    Rm,

    /// <summary>The rm field, memory.</summary>
    Memory,

    /// <summary>The rm field, memory with a vector index.</summary>
    Vsib,

    /// <summary>The low bits of the opcode.</summary>
    Opcode,

    /// <summary>The vvvv field of a VEX prefix.</summary>
    Vvvv,

    /// <summary>The high half of an immediate byte.</summary>
    Is4,

    /// <summary>Immediates of so many bytes.</summary>
    Immediate1,
    Immediate2,
    Immediate4,
    Immediate8,

    /// <summary>Branch displacements of so many bytes.</summary>
    Relative1,
    Relative2,
    Relative4,

    /// <summary>An absolute address.</summary>
    Offset,

    /// <summary>Far pointers with offsets of so many bytes.</summary>
    Far2,
    Far4,

    /// <summary>Of no encoding that is generated.</summary>
    Other,
}

/// <summary>Iced's operand kinds by their place, which their names tell.</summary>
internal static class OperandRoles
{
    private static readonly OperandRole[] Table = Build();

    public static OperandRole Of(OpCodeOperandKind kind) => Table[(int)kind];

    private static OperandRole[] Build()
    {
        OpCodeOperandKind[] kinds = Enum.GetValues<OpCodeOperandKind>();
        var table = new OperandRole[kinds.Length];
        foreach (OpCodeOperandKind kind in kinds)
        {
            table[(int)kind] = FromName(kind.ToString());
        }

        return table;
    }

    private static OperandRole FromName(string name) => name switch
    {
        "imm8_const_1" => OperandRole.Implicit,
        "imm4_m2z" => OperandRole.Other,
        "mem_offs" => OperandRole.Offset,
        "imm64" => OperandRole.Immediate8,
        "imm16" => OperandRole.Immediate2,
        _ when name.StartsWith("imm8", StringComparison.Ordinal) => OperandRole.Immediate1,
        _ when name.StartsWith("imm32", StringComparison.Ordinal) => OperandRole.Immediate4,
        "br16_1" or "br32_1" or "br64_1" => OperandRole.Relative1,
        "br16_2" => OperandRole.Relative2,
        "br32_4" or "br64_4" => OperandRole.Relative4,
        "farbr2_2" => OperandRole.Far2,
        "farbr4_2" => OperandRole.Far4,
        _ when name.StartsWith("xbegin", StringComparison.Ordinal)
            || name.Contains("_mpx", StringComparison.Ordinal) || name.Contains("mib", StringComparison.Ordinal)
            || name.StartsWith("tmm", StringComparison.Ordinal) || name.StartsWith("sibmem", StringComparison.Ordinal)
            || name.StartsWith("bnd", StringComparison.Ordinal) => OperandRole.Other,
        _ when name.StartsWith("mem_vsib", StringComparison.Ordinal) => OperandRole.Vsib,
        _ when name.StartsWith("mem", StringComparison.Ordinal) => OperandRole.Memory,
        _ when name.EndsWith("_or_mem", StringComparison.Ordinal) => OperandRole.RegOrMemory,
        _ when name.EndsWith("_reg", StringComparison.Ordinal) || name.EndsWith("_reg_mem", StringComparison.Ordinal) =>
            OperandRole.Reg,
        _ when name.EndsWith("_rm", StringComparison.Ordinal) => OperandRole.Rm,
        _ when name.EndsWith("_opcode", StringComparison.Ordinal) => OperandRole.Opcode,
        _ when name.EndsWith("_vvvv", StringComparison.Ordinal) => OperandRole.Vvvv,
        _ when name.EndsWith("_is4", StringComparison.Ordinal) => OperandRole.Is4,
        _ => OperandRole.Implicit,
    };
}
