using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// Both directions of <c>qSupported</c>: lists of <c>name+</c>, <c>name-</c> and <c>name=value</c>, separated by
/// <c>;</c>.
/// </summary>
public static class FeatureList
{
    /// <summary>What a stub can announce that no single packet stands for.</summary>
    private static readonly string[] BeyondPackets =
    [
        StubFeature.Multiprocess,
        StubFeature.SoftwareBreak,
        StubFeature.HardwareBreak,
        StubFeature.NoResumed,
        StubFeature.ErrorMessage,
    ];

    /// <summary>Writes the stub's list: the packet size, then everything the catalogue's packets contribute and
    /// <paramref name="offers"/> confirms.</summary>
    /// <param name="reply">Where to.</param>
    /// <param name="packetSize">The longest payload accepted, in bytes.</param>
    /// <param name="offers">Whether the stub has the feature of that name, one of <see cref="StubFeature"/>.</param>
    public static void Write(ReplyWriter reply, int packetSize, Func<string, bool> offers)
    {
        WriteName(reply, StubFeature.PacketSize);
        reply.Write((byte)'=');
        reply.WriteNumber((ulong)packetSize);
        foreach (PacketRow row in PacketCatalog.Rows)
        {
            foreach (string name in row.Info.Features)
            {
                WriteIfOffered(reply, name, offers);
            }
        }

        foreach (string name in BeyondPackets)
        {
            WriteIfOffered(reply, name, offers);
        }
    }

    internal static GdbFeatures Parse(ReadOnlySpan<byte> list)
    {
        var features = GdbFeatures.None;
        var reader = new PayloadReader(list);
        while (!reader.IsAtEnd)
        {
            features |= ParseOne(reader.TakeUntil((byte)';'));
        }

        return features;
    }

    private static GdbFeatures ParseOne(ReadOnlySpan<byte> feature)
    {
        if (feature.StartsWith("xmlRegisters="u8))
        {
            return GdbFeatures.XmlRegisters;
        }

        return feature switch
        {
            _ when feature.SequenceEqual("multiprocess+"u8) => GdbFeatures.Multiprocess,
            _ when feature.SequenceEqual("swbreak+"u8) => GdbFeatures.SoftwareBreak,
            _ when feature.SequenceEqual("hwbreak+"u8) => GdbFeatures.HardwareBreak,
            _ when feature.SequenceEqual("no-resumed+"u8) => GdbFeatures.NoResumed,
            _ when feature.SequenceEqual("error-message+"u8) => GdbFeatures.ErrorMessage,
            _ when feature.SequenceEqual("vContSupported+"u8) => GdbFeatures.VContSupported,
            _ when feature.SequenceEqual("QThreadEvents+"u8) => GdbFeatures.ThreadEvents,
            _ => GdbFeatures.None,
        };
    }

    private static void WriteIfOffered(ReplyWriter reply, string name, Func<string, bool> offers)
    {
        if (offers(name))
        {
            reply.Write((byte)';');
            WriteName(reply, name);
            reply.Write((byte)'+');
        }
    }

    private static void WriteName(ReplyWriter reply, string name)
    {
        int written = Encoding.ASCII.GetBytes(name, reply.GetSpan(name.Length));
        reply.Advance(written);
    }
}
