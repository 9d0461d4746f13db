using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// Code of the recorded kernel around the stage, as far as a recording tells of it: addresses of breakpoints, and where the callers of the
/// stage's functions stood. A client that finishes a function sets a breakpoint behind the call and stops there, in the same thread. Of that
/// code nothing is compared, but it must be reached.
/// </summary>
internal sealed class CallerScan
{
    private readonly StageLayout _layout;
    private readonly SortedSet<ulong> _foreign = [];
    private readonly Dictionary<ulong, (bool FromBreakpoint, string Thread)> _candidates = [];
    private ulong _place;
    private string _thread = "";

    public CallerScan(Transcript transcript, StageLayout layout)
    {
        _layout = layout;
        string request = "";
        foreach (TranscriptEntry entry in transcript.Entries)
        {
            string text = Encoding.Latin1.GetString(entry.Bytes);
            if (entry.Kind == EntryKind.Sent)
            {
                request = text;
                Sent(text.Split(','));
            }
            else if (entry.Kind == EntryKind.Received)
            {
                Received(request, text);
            }
        }
    }

    /// <summary>Addresses in the kernel's text, none of the stage's own, that had a breakpoint.</summary>
    public IReadOnlyCollection<ulong> Foreign => _foreign;

    /// <summary>Behind the call of a function of the stage; null if nothing is known.</summary>
    public ulong? OfFunctions { get; private set; }

    /// <summary>Behind the call of kgdb_breakpoint.</summary>
    public ulong? OfBreakpoint { get; private set; }

    private bool IsInBreakpoint => _place - _layout.KgdbBreakpoint < StageLayout.FunctionSize;

    private void Sent(string[] parts)
    {
        if (parts.Length < 2 || parts[0] is not ("Z0" or "Z1")
            || !ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            || address < StageMap.Text || address >= _layout.DataStart - StageCode.JumpBytes || _layout.IsTaken(address, StageCode.JumpBytes))
        {
            return;
        }

        // What stands there is a jump, which must not lie in another.
        if (_foreign.GetViewBetween(address - StageCode.JumpBytes + 1, address + StageCode.JumpBytes - 1).Count == 0)
        {
            _foreign.Add(address);
        }

        if (IsInBreakpoint || _layout.TryLocate(_place, out _, out _))
        {
            _candidates[address] = (IsInBreakpoint, _thread);
        }
    }

    private void Received(string request, string text)
    {
        if (ReplyComparer.IsStop(text))
        {
            _thread = text.Split(':')[^1].TrimEnd(';');
        }
        else if (request.StartsWith("qC", StringComparison.Ordinal) && text.StartsWith("QC", StringComparison.Ordinal))
        {
            _thread = text[2..];
        }
        else if (request == "g" && HexText.TryBytes(text, out byte[] image) && image.Length == RegisterNumber.ImageBytes)
        {
            Arrived(RegisterExpectation.Value(image, RegisterNumber.InstructionPointer));
        }
    }

    private void Arrived(ulong place)
    {
        ulong address = _candidates.ContainsKey(place) ? place : place - 1;
        if (_candidates.TryGetValue(address, out (bool FromBreakpoint, string Thread) found) && found.Thread == _thread && _foreign.Contains(address))
        {
            OfBreakpoint = found.FromBreakpoint ? OfBreakpoint ?? address : OfBreakpoint;
            OfFunctions = found.FromBreakpoint ? OfFunctions : OfFunctions ?? address;
        }

        _place = place;
    }
}
