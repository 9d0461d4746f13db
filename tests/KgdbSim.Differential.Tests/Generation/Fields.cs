namespace KgdbSim.Differential.Tests.Generation;

/// <summary>The register numbers and choices that go into an instruction's ModRM, REX or VEX, and opcode.</summary>
internal struct Fields
{
    public bool HasModRm;

    /// <summary>rm is memory.</summary>
    public bool IsMemory;

    /// <summary>It has a vector index.</summary>
    public bool IsVsib;

    /// <summary>16, 32 or 64: of the code, and of offsets in it.</summary>
    public int CodeBits;
    public int AddressBits;
    public int Reg;

    /// <summary>The register in rm, or the base register.</summary>
    public int Rm;

    /// <summary>-1: not used.</summary>
    public int Vvvv;
    public int Is4;
    public int OpcodeRegister;

    /// <summary>How memory is addressed.</summary>
    public AddressForm Form;

    public int Index;

    /// <summary>Outside 64-bit mode there are eight registers of each kind.</summary>
    public void WithoutRex()
    {
        Reg &= 7;
        Rm &= 7;
        Vvvv = Vvvv < 0 ? Vvvv : Vvvv & 7;
        Is4 = Is4 < 0 ? Is4 : Is4 & 7;
        OpcodeRegister = OpcodeRegister < 0 ? OpcodeRegister : OpcodeRegister & 7;
    }

    /// <summary>The R, X and B bits that the registers need.</summary>
    public readonly int RexBits =>
        (HasModRm && Reg >= 8 ? 4 : 0)
        | (IsMemory && Form is AddressForm.BaseIndex or AddressForm.Index && Index >= 8 ? 2 : 0)
        | ((OpcodeRegister >= 0
            ? OpcodeRegister
            : HasModRm && (!IsMemory || Form is AddressForm.Base or AddressForm.BaseIndex) ? Rm : 0) >= 8 ? 1 : 0);
}

/// <summary>The ways to write a memory operand.</summary>
internal enum AddressForm : byte
{
    Base,
    BaseIndex,
    Index,
    Absolute,
    RipRelative,
}
