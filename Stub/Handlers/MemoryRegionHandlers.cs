using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Handlers;

/// <summary>The address space of the selected CPU, region by region: <c>qMemoryRegionInfo</c>.</summary>
internal sealed class MemoryRegionHandlers(SessionContext context)
{
    public Answer Find(in MemoryRegionInfo packet, ReplyWriter reply)
    {
        if (context.Target.FindRegion(context.Selection.Cpu, packet.Address) is not { } region)
        {
            reply.WriteError(ErrorNumber.BadAddress, "this machine has no memory to ask about"u8);
            return Answer.Now;
        }

        // lldb adds the two and takes 0 for the end of a gap to mean that the next region is the first one, for ever
        // (IRMemoryMap::FindSpace): a gap up to the end of all is told without its last byte.
        bool endless = region.Rights == LinearRights.None && region.Start + region.Length == 0;
        reply.Write("start:"u8);
        reply.WriteNumber(region.Start);
        reply.Write(";size:"u8);
        reply.WriteNumber(endless ? region.Length - 1 : region.Length);
        reply.Write((byte)';');
        if (region.Rights == LinearRights.None)
        {
            return Answer.Now;
        }

        reply.Write("permissions:"u8);
        WriteRight(region, LinearRights.Read, (byte)'r', reply);
        WriteRight(region, LinearRights.Write, (byte)'w', reply);
        WriteRight(region, LinearRights.Execute, (byte)'x', reply);
        reply.Write((byte)';');
        if (NameOf(region.Physical) is { } name)
        {
            reply.Write("name:"u8);
            reply.WriteHex(Encoding.UTF8.GetBytes(name));
            reply.Write((byte)';');
        }

        return Answer.Now;
    }

    private static void WriteRight(in LinearRegion region, LinearRights right, byte letter, ReplyWriter reply)
    {
        if ((region.Rights & right) != 0)
        {
            reply.Write(letter);
        }
    }

    private string? NameOf(ulong physical)
    {
        foreach (PhysicalRegion region in context.Target.MemoryMap?.Regions ?? [])
        {
            if (physical - region.Start < region.Length)
            {
                return region.Name;
            }
        }

        return null;
    }
}
