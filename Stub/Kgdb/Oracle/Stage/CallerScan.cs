using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// Where the recorded kernel's callers of the stage's functions stood, as far as a recording tells: a client that finishes a function sets a
/// breakpoint behind the call and stops there. Of that code nothing is compared, but it must be reached.
/// </summary>
internal sealed class CallerScan
{
    private readonly StageLayout _layout;
    private readonly Dictionary<ulong, bool> _candidates = [];
    private ulong _place;

    public CallerScan(Transcript transcript, StageLayout layout)
    {
        _layout = layout;
        string request = "";
        foreach (TranscriptEntry entry in transcript.Entries)
        {
            string text = Encoding.Latin1.GetString(entry.Bytes);
            switch (entry.Kind)
            {
                case EntryKind.Sent:
                    request = text;
                    Sent(text.Split(','));
                    break;
                case EntryKind.Received when request is "g" && HexText.TryBytes(text, out byte[] image)
                    && image.Length == RegisterNumber.ImageBytes:
                    Arrived(RegisterExpectation.Value(image, RegisterNumber.InstructionPointer));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Behind the call of a function of the stage; null if nothing is known.</summary>
    public ulong? OfFunctions { get; private set; }

    /// <summary>Behind the call of kgdb_breakpoint.</summary>
    public ulong? OfBreakpoint { get; private set; }

    private bool IsInBreakpoint => _place - _layout.KgdbBreakpoint < StageLayout.FunctionSize;

    private void Sent(string[] parts)
    {
        if (parts.Length >= 2 && parts[0] is "Z0" or "Z1"
            && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            && address >= StageMap.Text && address + StageCode.JumpBytes < _layout.DataStart && !_layout.IsTaken(address, StageCode.JumpBytes)
            && (IsInBreakpoint || _layout.TryLocate(_place, out _, out _)))
        {
            _candidates[address] = IsInBreakpoint;
        }
    }

    private void Arrived(ulong place)
    {
        ulong address = _candidates.ContainsKey(place) ? place : place - 1;
        if (_candidates.TryGetValue(address, out bool fromBreakpoint))
        {
            OfBreakpoint = fromBreakpoint ? OfBreakpoint ?? address : OfBreakpoint;
            OfFunctions = fromBreakpoint ? OfFunctions : OfFunctions ?? address;
        }

        _place = place;
    }
}
