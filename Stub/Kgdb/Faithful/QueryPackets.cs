using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful.Kdb;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// <c>q</c> packets of kernel/debug/gdbstub.c@6.1: only the second character chooses, and names are compared in the buffer, not in the
/// packet.
/// </summary>
internal static class QueryPackets
{
    /// <summary>KGDB_MAX_THREAD_QUERY: tasks in one reply.</summary>
    public const int ThreadsPerReply = 17;

    /// <summary>TASK_COMM_LEN.</summary>
    private const int NameBytes = 16;

    public static void Answer(StubContext context)
    {
        ReadOnlySpan<byte> input = context.Buffers.Input;
        switch (input[1])
        {
            case (byte)'f' or (byte)'s' when input[2..].StartsWith("ThreadInfo"u8):
                ListThreads(context, first: input[1] == 'f');
                break;
            case (byte)'C':
                context.Buffers.Append("QC"u8);
                ThreadReference.Append(
                    context.Buffers, ThreadReference.Visible(context.Core.Current.Pid, context.Core.MasterCpu));
                break;
            case (byte)'T' when input[1..].StartsWith("ThreadExtraInfo,"u8):
                Describe(context);
                break;
            case (byte)'R' when context.HasKdb && input.StartsWith("qRcmd,"u8):
                Command(context);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// A command for kdb. What it prints goes out before the reply; whether it failed nobody looks at. Characters that are no digits count
    /// as -1, as everywhere.
    /// </summary>
    private static void Command(StubContext context)
    {
        RemcomBuffers buffers = context.Buffers;
        int start = "qRcmd,".Length;
        int length = buffers.Input[start..].IndexOf((byte)0);
        if (length % 2 != 0)
        {
            buffers.Append("E01"u8);
            return;
        }

        string line = Encoding.Latin1.GetString(buffers.UnpackHex(start, length / 2));
        int end = line.IndexOf('\0', StringComparison.Ordinal);
        context.Kdb.Exit = KdbExit.None;
        KdbCommands.Execute(context.Kdb, end < 0 ? line : line[..end]);
        buffers.Append("OK"u8);
    }

    /// <summary>The shadow threads of the CPUs come with the first reply and are not counted; after the last task comes an empty one.</summary>
    private static void ListThreads(StubContext context, bool first)
    {
        RemcomBuffers buffers = context.Buffers;
        buffers.Append((byte)'m');
        int position = 0;
        if (first)
        {
            for (int cpu = 0; cpu < context.Core.CpuLimit; cpu++)
            {
                if (context.Core.IsOnline(cpu))
                {
                    context.ThreadsNamed = 0;
                    ThreadReference.Append(buffers, ThreadReference.Shadow(cpu));
                    buffers.Append((byte)',');
                    position++;
                }
            }
        }

        foreach (IKgdbTask task in context.Core.Tasks)
        {
            if (position++ < context.ThreadsNamed)
            {
                continue;
            }

            ThreadReference.Append(buffers, task.Pid);
            buffers.Append((byte)',');
            context.ThreadsNamed++;
            if (context.ThreadsNamed % ThreadsPerReply == 0)
            {
                break;
            }
        }

        buffers.DropLast();
    }

    private static void Describe(StubContext context)
    {
        RemcomBuffers buffers = context.Buffers;
        new PacketCursor(buffers.Input, 17).ReadNumber(out ulong number);
        if (ThreadReference.Find(context.Core, number) is not { } task)
        {
            buffers.Error(KgdbErrno.Invalid);
            return;
        }

        if ((int)number > 0)
        {
            for (int i = 0; i < NameBytes; i++)
            {
                buffers.AppendHex(i < Math.Min(task.Name.Length, NameBytes - 1) ? task.Name[i] : (byte)0);
            }

            return;
        }

        // The number itself is printed, not the task that was found for it: 0 gives -2.
        foreach (char character in "shadowCPU" + ThreadReference.Shadow((int)number).ToString(CultureInfo.InvariantCulture))
        {
            buffers.AppendHex((byte)character);
        }
    }
}
