using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu;

/// <summary>The four registers that CPUID returns.</summary>
internal struct CpuidAnswer
{
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;

    private const uint BasicLeafMax = 0x16;
    private const uint ExtendedLeafMax = 0x8000_0008;

    // Family 6 model 8Fh and family 19h model 11h: server processors that have about what is simulated.
    private const uint IntelSignature = 0x0008_06F8;
    private const uint AmdSignature = 0x00A1_0F11;

    /// <summary>Steps of virtual time in a second, as CPUID tells: a step is a nanosecond.</summary>
    private const uint StepsPerSecond = 1_000_000_000;

    /// <summary>What a processor answers for EAX = <paramref name="leaf"/>, ECX = <paramref name="subleaf"/>.</summary>
    public static CpuidAnswer For(CpuCore cpu, uint leaf, uint subleaf)
    {
        CpuModel model = cpu.Model;
        bool extended = leaf >= 0x8000_0000;
        bool known = extended ? leaf <= ExtendedLeafMax : leaf <= BasicLeafMax;
        if (!known)
        {
            // Beyond the last leaf Intel answers with the last basic one, AMD with nothing.
            return model.Vendor == CpuVendor.Intel ? For(cpu, BasicLeafMax, subleaf) : default;
        }

        CpuidAnswer answer = extended ? Extended(model, leaf) : Basic(cpu, leaf, subleaf);
        AddFeatures(ref answer, model, leaf, subleaf);
        AddState(ref answer, cpu, leaf);
        return answer;
    }

    private static CpuidAnswer Basic(CpuCore cpu, uint leaf, uint subleaf)
    {
        CpuModel model = cpu.Model;
        uint count = (uint)model.ProcessorCount;
        uint id = (uint)cpu.Id;
        switch (leaf)
        {
            case 0:
                return VendorName(model.Vendor, BasicLeafMax);
            case 1:
                return new CpuidAnswer
                {
                    Eax = model.Vendor == CpuVendor.Intel ? IntelSignature : AmdSignature,
                    Ebx = (id << 24) | (Math.Min(count, 255) << 16) | (8 << 8),

                    // DE, PSE, PAE, MCE, the APIC, MTRRs, MCA, PAT, and, of several processors, HTT.
                    Edx = (1 << 2) | (1 << 3) | (1 << 6) | (1 << 7) | (1 << 9) | (1 << 12) | (1 << 14) | (1 << 16)
                        | (count > 1 ? 1u << 28 : 0),
                };
            case 2 when model.Vendor == CpuVendor.Intel:
                return new CpuidAnswer { Eax = 0x00FE_FF01 };
            case 4 when model.Vendor == CpuVendor.Intel:
                return Cache(subleaf, count);
            case 5:
                return new CpuidAnswer { Eax = MonitoredLine.Bytes, Ebx = MonitoredLine.Bytes, Ecx = 3 };
            case 6:
                // The APIC timer never stops.
                return new CpuidAnswer { Eax = 1 << 2 };
            case 0xB:
                return Topology(subleaf, count, id);
            case 0xD:
                unsafe
                {
                    return XStateComponents.Describe(model, cpu.State->Xcr0, subleaf);
                }

            case 0x15 when model.Vendor == CpuVendor.Intel:
                return new CpuidAnswer { Eax = 1, Ebx = 1, Ecx = StepsPerSecond };
            case 0x16 when model.Vendor == CpuVendor.Intel:
                const uint MegaHertz = StepsPerSecond / 1_000_000;
                return new CpuidAnswer { Eax = MegaHertz, Ebx = MegaHertz, Ecx = 100 };
            default:
                return default;
        }
    }

    private static CpuidAnswer Extended(CpuModel model, uint leaf)
    {
        switch (leaf)
        {
            case 0x8000_0000:
                return model.Vendor == CpuVendor.Amd
                    ? VendorName(CpuVendor.Amd, ExtendedLeafMax)
                    : new CpuidAnswer { Eax = ExtendedLeafMax };
            case 0x8000_0001 when model.Vendor == CpuVendor.Amd:
                return new CpuidAnswer { Eax = AmdSignature };
            case >= 0x8000_0002 and <= 0x8000_0004:
                return Brand(model, (int)(leaf - 0x8000_0002));
            case 0x8000_0006:
                // 1 MiB of second-level cache, 8 ways, lines of 64 bytes.
                return new CpuidAnswer { Ecx = 0x0400_6040 };
            case 0x8000_0007:
                // The time-stamp counter runs at one rate always.
                return new CpuidAnswer { Edx = 1 << 8 };
            case 0x8000_0008:
                return new CpuidAnswer
                {
                    Eax = PageWalker.PhysicalBits | ((model.Has(CpuFeatures.La57) ? 57u : 48u) << 8),
                    Ecx = model.Vendor == CpuVendor.Amd ? (uint)(model.ProcessorCount - 1) & 0xFF : 0,
                };
            default:
                return default;
        }
    }

    private static void AddFeatures(ref CpuidAnswer answer, CpuModel model, uint leaf, uint subleaf)
    {
        foreach (CpuidFeatureBit row in CpuidFeatureBits.All)
        {
            if (row.Leaf != leaf || (leaf is 7 or 0xD && row.Subleaf != subleaf) || !model.Has(row.Feature))
            {
                continue;
            }

            uint bit = 1u << row.Bit;
            switch (row.Register)
            {
                case CpuidRegister.Eax:
                    answer.Eax |= bit;
                    break;
                case CpuidRegister.Ebx:
                    answer.Ebx |= bit;
                    break;
                case CpuidRegister.Ecx:
                    answer.Ecx |= bit;
                    break;
                case CpuidRegister.Edx:
                    answer.Edx |= bit;
                    break;
            }
        }
    }

    /// <summary>
    /// What depends on the state: OSXSAVE and the APIC's being on, SYSCALL's not being there outside 64-bit mode.
    /// </summary>
    private static unsafe void AddState(ref CpuidAnswer answer, CpuCore cpu, uint leaf)
    {
        CpuState* s = cpu.State;
        const uint SyscallBit = 1u << 11;
        const uint ApicBit = 1u << 9;
        const ulong ApicEnabled = 1 << 11;
        if (leaf == 1)
        {
            answer.Ecx |= (s->Cr4 & ControlBits.Cr4OsXsave) != 0 ? 1u << 27 : 0;
            answer.Edx &= (s->ApicBase & ApicEnabled) != 0 ? uint.MaxValue : ~ApicBit;
        }
        else if (leaf == 0x8000_0001)
        {
            if (cpu.Model.Vendor == CpuVendor.Intel && !s->Is64Bit)
            {
                answer.Edx &= ~SyscallBit;
            }

            if (cpu.Model.Vendor == CpuVendor.Amd)
            {
                // AMD repeats what leaf 1 says in EDX, those bits apart that are its own.
                const uint Repeated = 0x0183_F3FF;
                answer.Edx |= For(cpu, 1, 0).Edx & Repeated;
            }
        }
    }

    private static CpuidAnswer VendorName(CpuVendor vendor, uint leafMax)
    {
        ReadOnlySpan<byte> name = vendor == CpuVendor.Intel ? "GenuineIntel"u8 : "AuthenticAMD"u8;
        return new CpuidAnswer
        {
            Eax = leafMax,
            Ebx = BinaryPrimitives.ReadUInt32LittleEndian(name),
            Edx = BinaryPrimitives.ReadUInt32LittleEndian(name[4..]),
            Ecx = BinaryPrimitives.ReadUInt32LittleEndian(name[8..]),
        };
    }

    private static CpuidAnswer Brand(CpuModel model, int part)
    {
        Span<byte> text = stackalloc byte[48];
        text.Clear();
        Encoding.ASCII.GetBytes($"KgdbSim {model.Name}", text);
        Span<byte> piece = text.Slice(part * 16, 16);
        return new CpuidAnswer
        {
            Eax = BinaryPrimitives.ReadUInt32LittleEndian(piece),
            Ebx = BinaryPrimitives.ReadUInt32LittleEndian(piece[4..]),
            Ecx = BinaryPrimitives.ReadUInt32LittleEndian(piece[8..]),
            Edx = BinaryPrimitives.ReadUInt32LittleEndian(piece[12..]),
        };
    }

    /// <summary>First-level data and instruction caches of 32 KiB, a second level of 1 MiB.</summary>
    private static CpuidAnswer Cache(uint subleaf, uint count)
    {
        uint cores = (RoundUp(count) - 1) << 26;
        const uint EightWaysOf64 = (7u << 22) | 63;
        return subleaf switch
        {
            0 => new CpuidAnswer { Eax = cores | (1 << 5) | 1, Ebx = EightWaysOf64, Ecx = 63 },
            1 => new CpuidAnswer { Eax = cores | (1 << 5) | 2, Ebx = EightWaysOf64, Ecx = 63 },
            2 => new CpuidAnswer { Eax = cores | (2 << 5) | 3, Ebx = EightWaysOf64, Ecx = 2047 },
            _ => default,
        };
    }

    /// <summary>One thread a core, all cores in one package.</summary>
    private static CpuidAnswer Topology(uint subleaf, uint count, uint id)
    {
        const uint ThreadLevel = 1;
        const uint CoreLevel = 2;
        return subleaf switch
        {
            0 => new CpuidAnswer { Eax = 0, Ebx = 1, Ecx = ThreadLevel << 8, Edx = id },
            1 => new CpuidAnswer
            {
                Eax = (uint)BitOperations.Log2(RoundUp(count)), Ebx = count, Ecx = 1 | (CoreLevel << 8), Edx = id,
            },
            _ => new CpuidAnswer { Ecx = subleaf & 0xFF, Edx = id },
        };
    }

    private static uint RoundUp(uint count) => BitOperations.RoundUpToPowerOf2(Math.Max(count, 1));
}
