using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>AES, PCLMULQDQ and CRC32 against published values.</summary>
public sealed class CryptographyTests
{
    [Fact]
    public void Aes_encrypts_the_example_of_fips_197()
    {
        // FIPS 197, appendix B; the key schedule is that of appendix A.1, made here with AESKEYGENASSIST.
        Vector128<byte> key = Hex("2b7e151628aed2a6abf7158809cf4f3c");
        Vector128<byte>[] keys = Schedule(key);
        Assert.Equal(Hex("d014f9a8c9ee2589e13f0cc8b6630ca6"), keys[10]);
        Vector128<byte> state = Hex("3243f6a8885a308d313198a2e0370734") ^ keys[0];
        for (int round = 1; round < 10; round++)
        {
            Assert.Equal(AesEncrypt.Apply(state, keys[round]), AesEncrypt.Portable(state, keys[round]));
            state = AesEncrypt.Portable(state, keys[round]);
        }

        Assert.Equal(Hex("3925841d02dc09fbdc118597196a0b32"), AesEncryptLast.Portable(state, keys[10]));
        Assert.Equal(Hex("3925841d02dc09fbdc118597196a0b32"), AesEncryptLast.Apply(state, keys[10]));
    }

    [Fact]
    public void Aes_decrypts_the_example_of_fips_197()
    {
        Vector128<byte>[] keys = Schedule(Hex("2b7e151628aed2a6abf7158809cf4f3c"));
        Vector128<byte> state = Hex("3925841d02dc09fbdc118597196a0b32") ^ keys[10];
        for (int round = 9; round > 0; round--)
        {
            Vector128<byte> roundKey = AesInverseMixColumns.Apply(keys[round]);
            Assert.Equal(AesDecrypt.Apply(state, roundKey), AesDecrypt.Portable(state, roundKey));
            state = AesDecrypt.Portable(state, roundKey);
        }

        Assert.Equal(Hex("3243f6a8885a308d313198a2e0370734"), AesDecryptLast.Portable(state, keys[0]));
        Assert.Equal(Hex("3243f6a8885a308d313198a2e0370734"), AesDecryptLast.Apply(state, keys[0]));
    }

    [Theory]
    [InlineData(0x00, "1d4d84c85c3440c0929633d5d36f0451")]
    [InlineData(0x10, "1bd17c8d556ab5a17fa540ac2a281315")]
    [InlineData(0x01, "1a2bf6db3a30862fbabf262df4b7d5c9")]
    [InlineData(0x11, "1d1e1f2c592e7c45d66ee03e410fd4ed")]
    public void Carryless_products_are_those_of_intels_white_paper(byte control, string product)
    {
        // S. Gueron and M. Kounavis, "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM
        // Mode", figure 5 and following; numbers are written there with the highest byte first.
        Vector128<byte> a = Reversed("7b5b54657374566563746f725d53475d");
        Vector128<byte> b = Reversed("48692853686179295b477565726f6e5d");
        Assert.Equal(Reversed(product), CarrylessMultiply.Apply(a, b, control));
        ulong left = a.AsUInt64()[control & 1], right = b.AsUInt64()[control >> 4];
        Assert.Equal(Reversed(product), CarrylessMultiply.Portable(left, right));
    }

    [Fact]
    public void Crc32_has_the_check_value_of_crc_32c()
    {
        // RFC 3720, appendix B.4 and the catalogue's "123456789".
        uint crc = uint.MaxValue;
        foreach (byte digit in "123456789"u8)
        {
            crc = Crc32Accumulate.Byte(crc, digit);
        }

        Assert.Equal(0xE3069283u, ~crc);
        Assert.Equal(0x8A9136AAu, ~Crc32Accumulate.Quadword(Crc32Accumulate.Quadword(
            Crc32Accumulate.Quadword(Crc32Accumulate.Quadword(uint.MaxValue, 0), 0), 0), 0));
    }

    [Fact]
    public void Crc32_is_the_same_in_every_width()
    {
        ulong data = 0x0123_4567_89AB_CDEF;
        uint bytes = 0x1234;
        for (int i = 0; i < 8; i++)
        {
            bytes = Crc32Accumulate.Byte(bytes, (byte)(data >> (8 * i)));
        }

        uint words = 0x1234;
        for (int i = 0; i < 4; i++)
        {
            words = Crc32Accumulate.Word(words, (ushort)(data >> (16 * i)));
        }

        uint doublewords = Crc32Accumulate.Doubleword(0x1234, (uint)data);
        doublewords = Crc32Accumulate.Doubleword(doublewords, (uint)(data >> 32));
        Assert.Equal(bytes, words);
        Assert.Equal(bytes, doublewords);
        Assert.Equal(bytes, Crc32Accumulate.Quadword(0x1234, data));
    }

    private static Vector128<byte>[] Schedule(Vector128<byte> key)
    {
        byte[] constants = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36];
        var keys = new List<Vector128<byte>> { key };
        foreach (byte constant in constants)
        {
            Vector128<uint> previous = keys[^1].AsUInt32();
            uint word = previous[0] ^ AesKeyGenerationAssist.Apply(keys[^1], constant).AsUInt32()[3];
            uint second = word ^ previous[1];
            uint third = second ^ previous[2];
            keys.Add(Vector128.Create(word, second, third, third ^ previous[3]).AsByte());
        }

        return [.. keys];
    }

    private static Vector128<byte> Hex(string text) => Vector128.Create(Convert.FromHexString(text));

    private static Vector128<byte> Reversed(string text) =>
        Vector128.Create([.. Convert.FromHexString(text).Reverse()]);
}
