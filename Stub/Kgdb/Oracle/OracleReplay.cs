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
    private static readonly string[] Disconnected =
        ["closed", "disconnect", "reconnect", "nobody", "reopen", "hang up", "not connected", "without a client", "no client"];

    private readonly Transcript _transcript;
    private readonly IOracleStage _stage;
    private readonly WireReader _wire;
    private readonly ThreadMap _threads = new();
    private readonly RegisterExpectation _registers;
    private readonly ReplyComparer _comparer;
    private readonly TcgReasons _tcg;
    private readonly PassingWorkers _workers;
    private readonly List<OracleDifference> _differences = [];
    private readonly CommandOutput _output = new();
    private readonly PlainTextComparer _plain;
    private int _position;
    private int _restarts;
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
        _workers = new PassingWorkers(transcript, layout, stage, _threads);
        _plain = new PlainTextComparer(transcript.Header.HasKdb);
        _wire = new WireReader(transcript.Header.HasKdb);
    }

    private bool IsStopPending => _wire.PeekPacket() is { } packet && IsStop(Encoding.Latin1.GetString(packet));

    public IReadOnlyList<OracleDifference> Run()
    {
        new ThreadNameScan(_transcript, _stage).Fill(_threads);
        _stage.Settle();
        while (_position < _transcript.Entries.Count)
        {
            TranscriptEntry entry = _transcript.Entries[_position++];
            Play(entry);
            _wire.Feed(_stage.TakeOutput());
            if (entry.NotCompared is { } members)
            {
                Note(entry.Line, entry.Text, members, "not looked at", "the format says nothing about these members");
            }
        }

        int end = _transcript.Entries.Count == 0 ? 1 : _transcript.Entries[^1].Line;
        ExpectNothing(new TranscriptEntry(end, EntryKind.Silence));
        ComparePlainText(end);
        if (_wire.RefusedCount > 0)
        {
            Note(end, "end", "no further -", $"{_wire.RefusedCount} times -", null);
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
                ComparePlainText(entry.Line);
                _nobodyListens |= IsStopPending && entry.Bytes is [(byte)'+', ..];
                LoseOutput();
                _request = FramedPayload(entry.Bytes) ?? _request;
                Pass(entry.Bytes);
                break;
            case EntryKind.Received when !(_transcript.Header.HasKdb && WireReader.IsKdbText(entry.Bytes)):
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
                Type(entry);
                break;
            case EntryKind.Unknown:
                Note(entry.Line, "the line itself", "something that can be played", entry.Text, null);
                break;
            case EntryKind.PlainText:
                _plain.Recorded(entry.Bytes);
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
                if (SerialBreak.BytesFor(entry, _transcript.Entries.Skip(_position)) is { Length: > 0 } bytes)
                {
                    Pass(bytes);
                }

                _nobodyListens |= Array.Exists(Disconnected, word => entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
                break;
            default:
                break;
        }
    }

    private void Type(TranscriptEntry entry)
    {
        if (_stage.Type(entry.Text) is { } complaint)
        {
            Note(entry.Line, entry.Text, "a command of the stage", complaint, null);
        }

        _stage.Settle();
    }

    private void Send(TranscriptEntry entry)
    {
        string payload = Encoding.Latin1.GetString(entry.Bytes);
        ComparePlainText(entry.Line);

        // The recorded kernel has stopped too, for it answers; that it said so nobody heard.
        _nobodyListens |= IsStopPending && _position < _transcript.Entries.Count && _transcript.Entries[_position] switch
        {
            { Kind: EntryKind.Acknowledged } refusal => refusal.Text == "-",
            { Kind: EntryKind.Received } answer => !IsStop(Encoding.Latin1.GetString(answer.Bytes)),
            _ => false,
        };
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
        _output.Begin(payload);
        if (payload.Length > 0 && payload[0] is 'c' or 's' or 'C' or 'D' or 'k')
        {
            _registers.Resume();
            _resumedBy = payload;
            _forcedStop = false;
        }

        new UnknownThreads(_stage, _threads).Consider(
            payload, _position < _transcript.Entries.Count ? _transcript.Entries[_position] : null);
        byte[] frame = Frame(RequestTranslation.Apply(payload, _threads));
        int refused = _wire.RefusedCount;
        Pass(frame);

        // The stub waited for an acknowledgement and refused this one instead. A recorder that didn't write that down sent it again.
        bool written = _position < _transcript.Entries.Count && _transcript.Entries[_position] is { Kind: EntryKind.Acknowledged, Text: "-" };
        if (!written && _wire.PacketCount == 0 && _wire.RefusedCount > refused)
        {
            _wire.TakeAcknowledgement(positive: false);
            Pass(frame);
        }
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
        if (IsLogText(recorded))
        {
            _output.WasRecorded = true;
            if (_wire.PeekPacket() is not [(byte)'O', not (byte)'K', ..])
            {
                // The kernel's log, which ours does not repeat line by line.
                return;
            }

            _output.Came = true;
        }
        else if (_output.IsOpen)
        {
            CompareOutput(entry);
        }

        if (_wire.PacketCount == 0 && IsStop(recorded) && _workers.Send(_position, ThreadOf(recorded)))
        {
            Pass([]);
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
            _oops = !recorded.StartsWith("T05", StringComparison.Ordinal);
        }

        Learn(recorded);
        if (entry.IsAcknowledged)
        {
            Pass("+"u8);
        }
    }

    /// <summary>How many pieces a command's output comes in is a matter of its contents; whether there is any is not.</summary>
    private void CompareOutput(TranscriptEntry entry)
    {
        while (_wire.PeekPacket() is [(byte)'O', not (byte)'K', ..])
        {
            _wire.NextPacket();
            _output.Came = true;
            Pass("+"u8);
        }

        if (_output.End() is var (recorded, came))
        {
            Note(entry.Line, _request, recorded, came, null);
        }
    }

    private void ComparePlainText(int line)
    {
        foreach ((string recorded, string ours) in _plain.Compare(_wire.TakeText()))
        {
            Note(line, "text on the line", recorded, ours, null);
        }
    }

    private string? ReasonFor(string recorded, string ours)
    {
        bool afterStep = _resumedBy.StartsWith('s');
        if (!HexText.TryBytes(recorded, out byte[] image) || !HexText.TryBytes(ours, out byte[] other) || image.Length != other.Length)
        {
            return _tcg.ForAftermath();
        }

        if (_request is ['p', '1', '1'] && image.Length == 4)
        {
            return _tcg.ForFlags(BitConverter.ToUInt32(image), BitConverter.ToUInt32(other), _oops);
        }

        if (_request is ['g'] && image.Length == RegisterNumber.ImageBytes)
        {
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
            _workers.RemovedAll();
        }

        if (recorded != "OK")
        {
            return;
        }

        switch (_request)
        {
            case ['Z' or 'z', _, ',', ..]:
                _tcg.Accepted(_request);
                _workers.Accepted(_request);
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
        foreach ((string want, string have) in DebugRegisterComparer.Compare(entry.Dumps, _stage))
        {
            same = false;
            Note(entry.Line, entry.Text, want, have, _tcg.ForDebugRegisters());
        }

        if (same)
        {
            _tcg.Converged();
        }
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _stage.Send(bytes);
        _stage.Settle();
        _wire.Feed(_stage.TakeOutput());
        if (_restarts != _stage.RestartCount)
        {
            BeginBoot();
        }
    }

    /// <summary>The guest was restarted: its threads are others, whatever their ids.</summary>
    private void BeginBoot()
    {
        _restarts = _stage.RestartCount;
        _threads.Forget();
        new ThreadNameScan(_transcript, _stage).Fill(_threads);
    }

    private void Note(int line, string context, string expected, string actual, string? reason) =>
        _differences.Add(new OracleDifference(line, context, expected, actual, reason));

    private static bool IsStop(string reply) => ReplyComparer.IsStop(reply);

    private static bool IsLogText(string reply) =>
        reply is ['O', not 'K', ..] && !reply.StartsWith(ReplyComparer.SignalMessagePrefix, StringComparison.Ordinal);

    private static uint ThreadOf(string stop) =>
        uint.TryParse(stop.Split(':')[^1].TrimEnd(';'), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint id) ? id : 0;

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
