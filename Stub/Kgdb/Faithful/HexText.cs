namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>hex_to_bin and hex_asc of the kernel: -1 for what is no digit, lower case out.</summary>
internal static class HexText
{
    public static byte Digit(int value) => (byte)"0123456789abcdef"[value & 15];

    /// <summary>Bytes of a text of digits; false if it is something else.</summary>
    public static bool TryBytes(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    public static int Value(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };
}
