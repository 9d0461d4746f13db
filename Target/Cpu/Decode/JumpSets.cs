using System.Runtime.InteropServices;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>
/// Keeps what the jump cache knows for user mode while the processor is in supervisor mode, and the other way round: a
/// target that one may fetch from, the other may not. The cache itself holds the present mode's entries only; a change
/// carries over those in use.
/// </summary>
internal sealed unsafe class JumpSets : IDisposable
{
    private const int LiveWords = JumpCache.EntryCount / 64;

    private readonly CpuState* _state;
    private readonly JumpEntry* _kept;
    private readonly ulong* _live;
    private readonly ulong* _keptLive;
    private bool _user;

    public JumpSets(CpuState* state)
    {
        _state = state;
        _kept = (JumpEntry*)NativeMemory.AllocZeroed(JumpCache.EntryCount, (nuint)sizeof(JumpEntry));
        _live = (ulong*)NativeMemory.AllocZeroed(2 * LiveWords, 8);
        _keptLive = _live + LiveWords;
        Flush(false);
    }

    /// <summary>Remembers where the block at an address is, for the present mode.</summary>
    public void Remember(ulong rip, DecodedOp* first)
    {
        int index = JumpCache.Index(rip);
        JumpEntry* entry = CpuCore.JumpsOf(_state) + index;
        entry->Rip = rip;
        entry->First = first;
        _live[index >> 6] |= 1UL << index;
    }

    /// <summary>A block is dropped: neither mode finds it any more.</summary>
    public void Forget(ulong rip, DecodedOp* first)
    {
        int index = JumpCache.Index(rip);
        Forget(CpuCore.JumpsOf(_state) + index, rip, first);
        Forget(_kept + index, rip, first);
    }

    /// <summary>Goes on with the entries of user or supervisor mode, and keeps those that were in use.</summary>
    public void Switch(bool user)
    {
        if (user == _user)
        {
            return;
        }

        _user = user;
        JumpEntry* jumps = CpuCore.JumpsOf(_state);
        for (int word = 0; word < LiveWords; word++)
        {
            ulong now = _live[word];
            ulong then = _keptLive[word];
            _live[word] = then;
            _keptLive[word] = now;
            for (ulong bits = now | then; bits != 0; bits &= bits - 1)
            {
                // One that is in use on one side only has an empty entry opposite.
                int index = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                (jumps[index], _kept[index]) = (_kept[index], jumps[index]);
            }
        }
    }

    /// <summary>Forgets everything, and goes on in this mode.</summary>
    public void Flush(bool user)
    {
        _user = user;
        Flush();
    }

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        Clear(CpuCore.JumpsOf(_state), _live);
        Clear(_kept, _keptLive);
        JumpCache.MarkEmpty(CpuCore.JumpsOf(_state));
        JumpCache.MarkEmpty(_kept);
    }

    public void Dispose()
    {
        NativeMemory.Free(_kept);
        NativeMemory.Free(_live);
    }

    private static void Forget(JumpEntry* entry, ulong rip, DecodedOp* first)
    {
        if (entry->First == first)
        {
            entry->Rip = ~rip;
        }
    }

    private static void Clear(JumpEntry* entries, ulong* live)
    {
        for (int word = 0; word < LiveWords; word++)
        {
            for (ulong bits = live[word]; bits != 0; bits &= bits - 1)
            {
                entries[(word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits)] = default;
            }

            live[word] = 0;
        }
    }
}
