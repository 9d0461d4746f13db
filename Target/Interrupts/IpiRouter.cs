namespace KgdbSim.Target.Interrupts;

/// <summary>Who gets what a write of the interrupt command register sends (SDM vol. 3, 11.6).</summary>
internal static class IpiRouter
{
    private const uint Broadcast8 = 0xFF;

    /// <summary>Sends the command in the ICR of <paramref name="sender"/>.</summary>
    public static void Send(LocalApic sender, IInterruptFabric fabric, ulong command)
    {
        var message = new IpiMessage(
            sender.Processor,
            (DeliveryMode)((command >> 8) & 7),
            (byte)command,
            Level: (command & (1 << 15)) != 0);
        bool assert = (command & (1 << 14)) != 0;
        if (message.Mode == DeliveryMode.Init && message.Level && !assert)
        {
            // INIT de-assert only synchronised arbitration IDs once; no processor takes it today.
            return;
        }

        var shorthand = (int)(command >> 18) & 3;
        if (message.Mode == DeliveryMode.LowestPriority && shorthand == 0)
        {
            LocalApic? lowest = Lowest(sender, fabric, command);
            if (lowest != null)
            {
                fabric.Send(message with { Mode = DeliveryMode.Fixed }, lowest);
            }

            return;
        }

        for (int i = 0; i < fabric.Apics.Count; i++)
        {
            LocalApic candidate = fabric.Apics[i];
            if (Addresses(sender, candidate, shorthand, command))
            {
                fabric.Send(message, candidate);
            }
        }
    }

    private static bool Addresses(LocalApic sender, LocalApic candidate, int shorthand, ulong command) =>
        shorthand switch
        {
            0 => Matches(sender, candidate, command),
            1 => candidate == sender,
            2 => true,
            _ => candidate != sender,
        };

    private static bool Matches(LocalApic sender, LocalApic candidate, ulong command)
    {
        bool logical = (command & (1 << 11)) != 0;
        bool wide = sender.X2Apic;
        uint destination = wide ? (uint)(command >> 32) : (uint)(command >> 56);
        bool broadcast = destination == (wide ? uint.MaxValue : Broadcast8);
        return broadcast || (logical ? candidate.MatchesLogical(destination) : candidate.PhysicalId == destination);
    }

    /// <summary>
    /// Of the processors addressed, the one with the lowest processor priority; of several the lowest-numbered.
    /// </summary>
    private static LocalApic? Lowest(LocalApic sender, IInterruptFabric fabric, ulong command)
    {
        LocalApic? lowest = null;
        for (int i = 0; i < fabric.Apics.Count; i++)
        {
            LocalApic candidate = fabric.Apics[i];
            if (candidate.Accepts && Matches(sender, candidate, command)
                && (lowest == null || candidate.ProcessorPriority < lowest.ProcessorPriority))
            {
                lowest = candidate;
            }
        }

        return lowest;
    }
}
