using System.Buffers;
using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Faithful.Kdb;

/// <summary>
/// kdb on the serial line (kdb_local, kdb_read and kgdb_transition_check of kernel/debug/kdb@6.1): plain text, until a packet arrives or
/// somebody types kgdb.
/// </summary>
internal sealed class KdbPrompt(KdbContext context, IBufferWriter<byte> wire)
{
    /// <summary>CMD_BUFLEN.</summary>
    private const int LineMax = 200;

    private readonly List<byte> _line = [];
    private bool _textTyped;

    /// <summary>A packet that ended the prompt; the gdb stub reads it as if it came now.</summary>
    public ReadOnlySpan<byte> Packet => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line);

    /// <summary>kdb takes the master's command loop.</summary>
    /// <param name="signal">5: an int3 or #DB, which are NMIs to kdb; else an oops.</param>
    public void Enter(int signal)
    {
        IKgdbCore core = context.Core;
        ulong place = core.ReadRegister(core.MasterCpu, RegisterNumber.InstructionPointer);
        string reason = signal == 5 ? "due to NonMaskable Interrupt @ 0x" : "Oops: (null)\ndue to oops @ 0x";
        string current = string.Create(
            CultureInfo.InvariantCulture, $"current=0x{KdbContext.TaskAddress(core.Current):x16}, pid {core.Current.Pid}");
        context.Print(string.Create(
            CultureInfo.InvariantCulture, $"\nEntering kdb ({current}) on processor {core.MasterCpu} {reason}{place:x}\n"));
        if (signal != 5)
        {
            KdbCommands.Execute(context, "rd");
        }

        context.Exit = KdbExit.None;
        _textTyped = false;
        Prompt();
    }

    /// <summary>A key.</summary>
    /// <returns>How the prompt ended, if it did.</returns>
    public KdbExit Receive(byte key)
    {
        switch (key)
        {
            case (byte)'\r' or (byte)'\n':
                return EndLine();
            case 8 or 0x7f when _line.Count > 0:
                _line.RemoveAt(_line.Count - 1);
                Write("\b \b");
                return KdbExit.None;
            case < 32 or 0x7f:
                return KdbExit.None;
            default:
                return Add(key);
        }
    }

    private KdbExit Add(byte key)
    {
        if (_line.Count >= LineMax - 2)
        {
            return KdbExit.None;
        }

        _line.Add(key);
        if (_textTyped)
        {
            Write(((char)key).ToString());
            return KdbExit.None;
        }

        if (_line[0] is not ((byte)'+' or (byte)'$'))
        {
            _textTyped = true;
            Write(Text());
            return KdbExit.None;
        }

        return _line.Count > 3 && _line[^3] == '#' ? KdbExit.Debugger : KdbExit.None;
    }

    private KdbExit EndLine()
    {
        string line = Text();
        _line.Clear();
        Write(_textTyped ? "\n" : line + "\n");
        _textTyped = true;
        KdbError error = KdbCommands.Execute(context, line);
        switch (error)
        {
            case KdbError.None:
                break;
            case KdbError.NotFound:
                context.Print($"Unknown kdb command: '{line}'\n");
                break;
            default:
                context.Print(string.Create(CultureInfo.InvariantCulture, $"diag: {(int)error}: {Describe(error)}\n"));
                break;
        }

        if (context.Exit == KdbExit.Debugger)
        {
            context.Print("Entering please attach debugger or use $D#44+ or $3#33\n");
        }

        if (context.Exit == KdbExit.None)
        {
            Prompt();
        }
        else
        {
            Flush();
        }

        return context.Exit;
    }

    private static string Describe(KdbError error) => error switch
    {
        KdbError.ArgumentCount => "Improper argument count, see usage.",
        KdbError.BadInteger => "Illegal numeric value",
        KdbError.NoSymbol => "Cannot resolve symbol",
        KdbError.TooManyBreakpoints => "Too many breakpoints defined",
        KdbError.BadRegister => "Invalid register name",
        KdbError.NoBreakpoint => "Breakpoint number not found",
        KdbError.BadCpu => "Invalid CPU number",
        _ => "Unknown diagnostic",
    };

    private void Prompt()
    {
        _line.Clear();
        context.Print(string.Create(CultureInfo.InvariantCulture, $"[{context.Core.MasterCpu}]kdb> "));
        Flush();
    }

    private string Text() => Encoding.Latin1.GetString(Packet);

    private void Flush()
    {
        foreach (byte[] piece in context.TakeOutput())
        {
            Write(Encoding.Latin1.GetString(piece));
        }
    }

    // The serial driver's polled output puts a carriage return before each line's end.
    private void Write(string text) => wire.Write(Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
}
