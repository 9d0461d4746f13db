namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>hex_to_bin and hex_asc of the kernel: -1 for what is no digit, lower case out.</summary>
internal static class HexText
{
    public static byte Digit(int value) => (byte)"0123456789abcdef"[value & 15];

    public static int Value(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };
}
