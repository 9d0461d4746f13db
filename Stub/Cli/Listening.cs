using KgdbSim.Stub.Transport;

namespace KgdbSim.Cli;

/// <summary>Listening for debuggers, the same for all commands that can be connected to.</summary>
internal static class Listening
{
    /// <summary>Reads the value of <c>--listen</c>.</summary>
    /// <exception cref="UsageException">It is no address, or another host's reach was not asked for.</exception>
    public static ListenAddress Parse(string text, bool allowRemote)
    {
        ListenAddress address = ListenAddress.Parse(text, out string complaint)
            ?? throw new UsageException($"--listen {text}: {complaint}");
        if (address.IsRemote && !allowRemote)
        {
            throw new UsageException(
                $"--listen {text} lets other hosts control the guest; if that is meant, add --allow-remote");
        }

        return address;
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="UsageException">It cannot be listened there.</exception>
    public static IConnectionSource Open(ListenAddress address, out string where)
    {
        try
        {
            if (address.Kind == ListenKind.Stdio)
            {
                where = "stdio";
                return new SingleConnection(StdioConnection.Open());
            }

            GdbListener listener = GdbListener.Bind(address);
            where = listener.Address;
            return new Reception(listener);
        }
        catch (ListenException refused)
        {
            throw new UsageException(refused.Message);
        }
    }

    /// <summary>The line that scripts wait for: from now on a debugger can connect, and a signal ends the program well.</summary>
    public static void Announce(string where, TextWriter output)
    {
        output.WriteLine($"listening on {where}");
        output.Flush();
    }
}
