using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// The places where QEMU's TCG is not hardware, and the Bochs recordings of the same scenarios or the manual say so: a difference there
/// is right. Rules, not files: they look at what is armed and at what was asked.
/// </summary>
internal sealed class TcgReasons(TranscriptHeader header, RegisterExpectation registers)
{
    public const string UnalignedWatch = "TCG watches the exact bytes of an unaligned watchpoint; hardware masks its address by its length";

    public const string DoubleDebug = "TCG delivers TF and a watchpoint of one instruction as two #DBs, the second on the first one's stack: "
        + "its frame is lost, and the CPU with it";

    public const string ResumeFlag = "TCG leaves RF in the eflags that an int3 pushes, so an execution breakpoint there does not hit again";

    public const string FaultResumeFlag = "TCG pushes no RF for a fault; processors do (SDM vol. 3, 18.3.1.1)";

    private readonly List<(ulong Address, ulong Length)> _watches = [];
    private bool _resumeFlagLeft;
    private bool _frameLost;
    private string? _diverged;
    private string? _registersDiverged;

    /// <summary>The recorded kernel accepted a Z or z packet.</summary>
    public void Accepted(string request)
    {
        var cursor = new PacketCursor([.. Encoding.Latin1.GetBytes(request), 0, 0], 3);
        if (request[1] is < '1' or > '4' || cursor.ReadNumber(out ulong address) == 0)
        {
            return;
        }

        if (request[0] == 'z')
        {
            int index = _watches.FindIndex(w => w.Address == address);
            if (index >= 0)
            {
                _watches.RemoveAt(index);
            }
        }
        else if (cursor.Take(',') && cursor.ReadNumber(out ulong length) > 0)
        {
            _watches.Add((address, request[1] == '1' ? 1 : (uint)length));
        }
    }

    public void RemovedAll() => _watches.Clear();

    /// <summary>Register images differ.</summary>
    /// <param name="afterStep">Whether the stop came from an s packet.</param>
    public string? ForImage(string recorded, string ours, bool afterStep)
    {
        if (!header.IsTcg)
        {
            return null;
        }

        if (recorded.Length == ours.Length && HexText.TryBytes(recorded, out byte[] image) && image.Length == RegisterNumber.ImageBytes)
        {
            ulong place = RegisterExpectation.Value(image, RegisterNumber.InstructionPointer);
            if (afterStep && _watches.Count > 0 && !registers.IsKnownPlace(place))
            {
                _frameLost = true;
            }
        }

        return _frameLost ? DoubleDebug : null;
    }

    /// <summary>Two eflags values, or images that are the same but for RF.</summary>
    /// <param name="afterFault">The stop is an oops.</param>
    public string? ForFlags(ulong recorded, ulong ours, bool afterFault)
    {
        if (!header.IsTcg || (recorded ^ ours) != 0x10000)
        {
            return _frameLost ? DoubleDebug : null;
        }

        if (afterFault)
        {
            return FaultResumeFlag;
        }

        _resumeFlagLeft = true;
        return ResumeFlag;
    }

    /// <summary>One side stopped where the other did not.</summary>
    public string? ForStop()
    {
        if (!header.IsTcg)
        {
            return null;
        }

        bool unaligned = _watches.Exists(w => w.Length != 0 && w.Address % w.Length != 0);
        _diverged = _frameLost ? DoubleDebug : unaligned ? UnalignedWatch : _resumeFlagLeft ? ResumeFlag : null;
        _registersDiverged = _diverged;
        return _diverged;
    }

    /// <summary>A packet while one side is where the other is not.</summary>
    public string? ForAftermath() => _frameLost ? DoubleDebug : _diverged;

    /// <summary>Debug registers: a stop by another way leaves another DR7 behind.</summary>
    public string? ForDebugRegisters() => _frameLost ? DoubleDebug : _registersDiverged;

    /// <summary>Both sides have stopped for the same reason again.</summary>
    public void StoppedAlike() => _diverged = null;

    /// <summary>Both sides show the same debug registers again.</summary>
    public void Converged() => _registersDiverged = null;
}
