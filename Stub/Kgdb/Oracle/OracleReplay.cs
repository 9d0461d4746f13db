using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Plays one transcript against a stage: sends what the recorder sent, acknowledges as it did, and notes every reply, silence and
/// debug register that is not as recorded. After a difference in who stopped, it brings both sides together again and goes on.
/// </summary>
internal sealed class OracleReplay
{
    private const int RecoveriesMax = 8;

    /// <summary>Words of notes after which the recorder's end of the line is closed: what the stub sends is lost.</summary>
    private static readonly string[] Disconnected = ["closed", "disconnect", "nobody", "reopen", "without a client", "no client"];

    private readonly Transcript _transcript;
    private readonly IOracleStage _stage;
    private readonly WireReader _wire = new();
    private readonly ThreadMap _threads = new();
    private readonly RegisterExpectation _registers;
    private readonly ReplyComparer _comparer;
    private readonly TcgReasons _tcg;
    private readonly List<OracleDifference> _differences = [];
    private string _request = "";
    private string _resumedBy = "";
    private uint _stoppedThread;
    private bool _forcedStop;
    private bool _oops;
    private bool _nobodyListens;

    public OracleReplay(Transcript transcript, StageLayout layout, IOracleStage stage)
    {
        _transcript = transcript;
        _stage = stage;
        _registers = new RegisterExpectation(layout);
        _comparer = new ReplyComparer(layout, _threads, _registers);
        _tcg = new TcgReasons(transcript.Header, _registers);
    }

    public IReadOnlyList<OracleDifference> Run()
    {
        new ThreadNameScan(_transcript, _stage).Fill(_threads);
        _stage.Settle();
        foreach (TranscriptEntry entry in _transcript.Entries)
        {
            Play(entry);
            _wire.Feed(_stage.TakeOutput());
        }

        ExpectNothing(new TranscriptEntry(_transcript.Entries.Count + 1, EntryKind.Silence));
        if (_wire.RefusedCount > 0)
        {
            Note(_transcript.Entries.Count + 1, "end", "no further -", $"{_wire.RefusedCount} times -", null);
        }

        return _differences;
    }

    private void Play(TranscriptEntry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Sent:
                Send(entry);
                break;
            case EntryKind.SentRaw:
                LoseOutput();
                _request = FramedPayload(entry.Bytes) ?? _request;
                Pass(entry.Bytes);
                break;
            case EntryKind.Received:
                Expect(entry);
                break;
            case EntryKind.Acknowledged:
                if (!_wire.TakeAcknowledgement(entry.Text == "+"))
                {
                    Note(entry.Line, _request, entry.Text, "none", _tcg.ForAftermath());
                }

                break;
            case EntryKind.Silence:
                ExpectNothing(entry);
                break;
            case EntryKind.ConsoleInput:
                _stage.Type(entry.Text);
                _stage.Settle();
                break;
            case EntryKind.DebugRegisters:
                CompareDebugRegisters(entry);
                break;
            case EntryKind.Events:
                foreach ((string want, string have) in EventComparer.Compare(entry.Events, _stage.TakeControlHistory()))
                {
                    Note(entry.Line, entry.Text, want, have, _tcg.ForDebugRegisters());
                }

                break;
            case EntryKind.Note:
                _nobodyListens |= Array.Exists(Disconnected, word => entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
                break;
            default:
                break;
        }
    }

    private void Send(TranscriptEntry entry)
    {
        string payload = Encoding.Latin1.GetString(entry.Bytes);
        LoseOutput();
        if (_wire.PacketCount > 0)
        {
            ExpectNothing(entry);
        }

        // An acknowledgement that the recorder did not write down is no difference.
        while (_wire.TakeAcknowledgement(positive: true))
        {
        }

        _request = payload;
        if (payload.Length > 0 && payload[0] is 'c' or 's' or 'C' or 'D' or 'k')
        {
            _registers.Resume();
            _resumedBy = payload;
            _forcedStop = false;
        }

        Pass(Frame(RequestTranslation.Apply(payload, _threads)));
    }

    private void LoseOutput()
    {
        while (_nobodyListens && _wire.NextPacket() is not null)
        {
        }

        _nobodyListens = false;
    }

    private void Expect(TranscriptEntry entry)
    {
        _nobodyListens = false;
        string recorded = Encoding.Latin1.GetString(entry.Bytes);
        if (IsLogText(recorded) && _wire.PeekPacket() is not [(byte)'O', not (byte)'K', ..])
        {
            // The kernel's log, which ours does not repeat line by line.
            return;
        }

        if (_wire.NextPacket() is not { } packet)
        {
            ExpectMissing(entry, recorded);
            return;
        }

        string ours = Encoding.Latin1.GetString(packet);
        bool stop = IsStop(recorded);
        string? complaint = _comparer.Compare(stop ? "" : _request, recorded, ours);
        if (complaint is not null && !(_forcedStop && _request is ['g', ..] or ['p', ..]))
        {
            // Of a register image, the registers that differ say more than the image.
            string actual = ours.Length > RegisterNumber.ImageBytes ? complaint : $"{ours} ({complaint})";
            Note(entry.Line, _request, recorded, actual, ReasonFor(recorded, ours));
        }

        if (stop)
        {
            if (complaint is null)
            {
                _tcg.StoppedAlike();
            }

            _stoppedThread = ThreadOf(recorded);
            _oops = recorded.StartsWith("T0b", StringComparison.Ordinal);
        }

        Learn(recorded);
        if (entry.IsAcknowledged)
        {
            Pass("+"u8);
        }
    }

    private string? ReasonFor(string recorded, string ours)
    {
        bool afterStep = _resumedBy.StartsWith('s');
        if (_request is ['p', '1', '1'] && recorded.Length == 8 && ours.Length == 8)
        {
            return _tcg.ForFlags(
                BitConverter.ToUInt32(Convert.FromHexString(recorded)), BitConverter.ToUInt32(Convert.FromHexString(ours)), _oops);
        }

        if (_request is ['g'] && recorded.Length == ours.Length && recorded.Length == RegisterNumber.ImageBytes * 2)
        {
            byte[] image = Convert.FromHexString(recorded);
            byte[] other = Convert.FromHexString(ours);
            int flags = RegisterNumber.Offset(RegisterNumber.Flags);
            string? reason = _tcg.ForFlags(
                RegisterExpectation.Value(image, RegisterNumber.Flags), RegisterExpectation.Value(other, RegisterNumber.Flags), _oops);
            other.AsSpan(flags, 4).CopyTo(image.AsSpan(flags));
            bool nothingElse = _registers.CompareImages(Convert.ToHexStringLower(image), ours) is null;
            return nothingElse && reason is not null ? reason : _tcg.ForImage(recorded, ours, afterStep);
        }

        return _tcg.ForAftermath();
    }

    /// <summary>What an accepted packet means for later comparisons.</summary>
    private void Learn(string recorded)
    {
        if (_request is ['q', 'C', ..] && recorded.StartsWith("QC", StringComparison.Ordinal))
        {
            uint.TryParse(recorded[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _stoppedThread);
        }

        if (_request is ['?', ..] or ['D', ..])
        {
            _tcg.RemovedAll();
        }

        if (recorded != "OK")
        {
            return;
        }

        switch (_request)
        {
            case ['Z' or 'z', _, ',', ..]:
                _tcg.Accepted(_request);
                break;
            case ['G', ..]:
                _registers.WrittenAll();
                break;
            case ['P', ..]:
                new PacketCursor([.. Encoding.Latin1.GetBytes(_request), 0], 1).ReadNumber(out ulong register);
                _registers.Written((int)register);
                break;
            case ['H', 'g', ..]:
                new PacketCursor([.. Encoding.Latin1.GetBytes(_request), 0], 2).ReadNumber(out ulong thread);
                _registers.OtherThread = thread is not (0 or ulong.MaxValue) && (uint)thread != _stoppedThread;
                break;
            default:
                break;
        }
    }

    private void ExpectMissing(TranscriptEntry entry, string recorded)
    {
        bool stop = IsStop(recorded);
        string? reason = stop ? _tcg.ForStop() : _tcg.ForAftermath();
        Note(entry.Line, _request, recorded, "silence", reason);
        if (!stop)
        {
            return;
        }

        // The recording is stopped from here on, so must we be.
        _forcedStop = true;
        _stage.Type("sysrq 0 g");
        _stage.Settle();
        _wire.Feed(_stage.TakeOutput());
        if (_wire.NextPacket() is not null)
        {
            Pass("+"u8);
        }
    }

    private void ExpectNothing(TranscriptEntry entry)
    {
        for (int i = 0; i < RecoveriesMax && _wire.NextPacket() is { } packet; i++)
        {
            string ours = Encoding.Latin1.GetString(packet);
            bool stop = IsStop(ours);
            if (_nobodyListens)
            {
                continue;
            }

            Note(entry.Line, _request, "silence", ours, stop ? _tcg.ForStop() : _tcg.ForAftermath());
            Pass("+"u8);
            if (stop)
            {
                // The recording runs on, so must we.
                Pass(Frame("c"));
                Pass("+"u8);
            }
        }
    }

    private void CompareDebugRegisters(TranscriptEntry entry)
    {
        bool same = true;
        foreach (DebugRegisterDump recorded in entry.Dumps)
        {
            if (recorded.Cpu >= _stage.CpuCount)
            {
                continue;
            }

            DebugRegisterDump ours = _stage.DebugRegisters(recorded.Cpu);
            string want = Describe(recorded, recorded.Control);
            string have = Describe(ours, recorded.Control);
            if (want != have)
            {
                same = false;
                Note(entry.Line, entry.Text, want, have, _tcg.ForDebugRegisters());
            }
        }

        if (same)
        {
            _tcg.Converged();
        }
    }

    /// <summary>DR6, DR7 and each DRn that is armed.</summary>
    private static string Describe(DebugRegisterDump dump, ulong armedBy)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"cpu{dump.Cpu} dr6={dump.Status:x} dr7={dump.Control:x}");
        for (int n = 0; n < dump.Addresses.Count; n++)
        {
            if (((armedBy >> (2 * n)) & 3) != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" dr{n}={dump.Addresses[n]:x}");
            }
        }

        return text.ToString();
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _stage.Send(bytes);
        _stage.Settle();
        _wire.Feed(_stage.TakeOutput());
    }

    private void Note(int line, string context, string expected, string actual, string? reason) =>
        _differences.Add(new OracleDifference(line, context, expected, actual, reason));

    private static bool IsStop(string reply) => reply is ['T', _, _, 't', ..];

    private static bool IsLogText(string reply) =>
        reply is ['O', not 'K', ..] && !reply.StartsWith(ReplyComparer.SignalMessagePrefix, StringComparison.Ordinal);

    private static uint ThreadOf(string stop) =>
        uint.TryParse(stop["T05thread:".Length..].TrimEnd(';'), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint id) ? id : 0;

    /// <summary>The payload of the last frame among raw bytes: what its reply will answer.</summary>
    private static string? FramedPayload(byte[] raw)
    {
        string text = Encoding.Latin1.GetString(raw);
        int end = text.LastIndexOf('#');
        int start = end < 0 ? -1 : text.LastIndexOf('$', end);
        return start < 0 ? null : text[(start + 1)..end];
    }

    private static byte[] Frame(string payload)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(payload);
        int sum = bytes.Sum(b => b) & 0xff;
        return [(byte)'$', .. bytes, (byte)'#', HexText.Digit(sum >> 4), HexText.Digit(sum)];
    }
}
