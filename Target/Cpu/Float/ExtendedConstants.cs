namespace KgdbSim.Target.Cpu.Float;

/// <summary>The numbers of FLDPI and its kin and of the transcendental functions, truncated to 128 bits.</summary>
internal static class ExtendedConstants
{
    /// <summary>pi.</summary>
    public static WideFloat Pi => Make(1, 0xC90FDAA22168C234, 0xC4C6628B80DC1CD1);

    /// <summary>pi / 2.</summary>
    public static WideFloat HalfPi => Pi with { Exponent = 0 };

    /// <summary>log2(10).</summary>
    public static WideFloat Log2Of10 => Make(1, 0xD49A784BCD1B8AFE, 0x492BF6FF4DAFDB4C);

    /// <summary>log2(e).</summary>
    public static WideFloat Log2OfE => Make(0, 0xB8AA3B295C17F0BB, 0xBE87FED0691D3E88);

    /// <summary>log10(2).</summary>
    public static WideFloat Log10Of2 => Make(-2, 0x9A209A84FBCFF798, 0x8F8959AC0B7C9178);

    /// <summary>ln(2).</summary>
    public static WideFloat LnOf2 => Make(-1, 0xB17217F7D1CF79AB, 0xC9E3B39803F2F6AF);

    /// <summary>arctan(eighths / 8), eighths from 0 to 8.</summary>
    public static WideFloat Arctangent(int eighths) => eighths switch
    {
        0 => default,
        1 => Make(-4, 0xFEADD4D5617B6E32, 0xC897989F3E888EF7),
        2 => Make(-3, 0xFADBAFC96406EB15, 0x6DC79EF5F7A217E5),
        3 => Make(-2, 0xB7B0CA0F26F78473, 0x8AA32122DCFE4483),
        4 => Make(-2, 0xED63382B0DDA7B45, 0x6FE445ECBC3A8D03),
        5 => Make(-1, 0x8F005D5EF7F59F9B, 0x5C835E1665C43747),
        6 => Make(-1, 0xA4BC7D1934F70924, 0x19A87F2A457DAC9E),
        7 => Make(-1, 0xB8053E2BC2319E73, 0xCB2DA55210A4443D),
        _ => Pi with { Exponent = -1 },
    };

    /// <summary>A constant as FLDPI and its kin load it: rounded by the mode, without exceptions.</summary>
    public static Float80 Load(WideFloat constant, RoundingMode rounding)
    {
        FloatStatus status = new() { Rounding = rounding, Masked = FloatExceptions.All };
        return Float80.Pack(Rounder.Round<FullExtendedFormat>(constant.ToInexact(), ref status));
    }

    private static WideFloat Make(int exponent, ulong high, ulong low) => new(false, exponent, new UInt128(high, low));
}
