using System.Buffers.Binary;

namespace KgdbSim.Target.Loading;

/// <summary>The structures that 32-bit boot protocols hand to a guest, as bytes.</summary>
internal static class BootInformation
{
    /// <summary>hvm_start_info version 0 with nothing but its magic (Xen public header hvm/start_info.h).</summary>
    public static byte[] Pvh()
    {
        byte[] info = new byte[56];
        BinaryPrimitives.WriteUInt32LittleEndian(info, 0x336E_C578);
        return info;
    }

    /// <summary>Multiboot information with the memory fields (Multiboot 0.6.96, 3.3): KiB below 640 KiB and above 1 MiB.</summary>
    public static byte[] Multiboot(ulong memorySize)
    {
        byte[] info = new byte[120];
        BinaryPrimitives.WriteUInt32LittleEndian(info, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(4), 640);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(8), (uint)Math.Min((memorySize - (1 << 20)) >> 10, uint.MaxValue));
        return info;
    }
}
