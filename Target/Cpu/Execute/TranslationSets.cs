using System.Runtime.InteropServices;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Keeps what the software TLB knows for the privileges that a processor does not have at the moment: one set each for
/// supervisor and user mode, with RFLAGS.AC and without. The TLB itself holds the present one's entries only, so that an
/// access need not ask; a change of privilege carries over those in use.
/// </summary>
internal sealed unsafe class TranslationSets : IDisposable
{
    private const int SetCount = 4;
    private const int LiveWords = Tlb.EntryCount / 64;
    private const int SetBytes = Tlb.Bytes + (LiveWords * 8);

    private readonly TlbEntry* _active;
    private readonly ulong* _live;
    private readonly byte* _kept;
    private int _current;

    /// <param name="active">The TLB in use, empty or not.</param>
    public TranslationSets(TlbEntry* active)
    {
        _active = active;
        _kept = (byte*)NativeMemory.AllocZeroed(SetBytes, SetCount);
        for (int i = 0; i < SetCount; i++)
        {
            Tlb.Flush(Set(i));
        }

        // The place of the present set's own list is free: its entries are in the TLB.
        _live = (ulong*)NativeMemory.AllocZeroed(LiveWords, 8);
        Tlb.Flush(active);
    }

    /// <summary>Number of the set for a privilege.</summary>
    /// <param name="checksAlignment">User mode, and alignment checks are on.</param>
    /// <param name="overridesSmap">Supervisor mode with SMAP, and RFLAGS.AC suspends it.</param>
    public static int Number(bool user, bool checksAlignment, bool overridesSmap) =>
        user ? checksAlignment ? 3 : 2 : overridesSmap ? 1 : 0;

    /// <summary>
    /// The entries of supervisor mode that AC does not give leave to reach user pages: what a system structure's access goes
    /// by, whatever the present privilege.
    /// </summary>
    public TlbEntry* Supervisor => SupervisorIsPresent ? _active : Set(0);

    /// <summary>Those are the entries of the present privilege.</summary>
    public bool SupervisorIsPresent => _current == 0;

    /// <summary>An entry of the TLB has been filled for this address.</summary>
    public void Note(ulong linear)
    {
        int index = (int)(linear >> PhysicalPage.Shift) & (Tlb.EntryCount - 1);
        _live[index >> 6] |= 1UL << index;
    }

    /// <summary>Puts a set's entries into the TLB, and keeps those that were there.</summary>
    public void Switch(int number)
    {
        if (number == _current)
        {
            return;
        }

        Move(_active, _live, Set(_current), Live(_current));
        Move(Set(number), Live(number), _active, _live);
        _current = number;
    }

    /// <summary>Forgets everything, and goes on with this set.</summary>
    public void Flush(int number)
    {
        Flush();
        _current = number;
    }

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        Tlb.Flush(_active);
        new Span<ulong>(_live, LiveWords).Clear();
        for (int i = 0; i < SetCount; i++)
        {
            Move(Set(i), Live(i), null, null);
        }
    }

    /// <summary>Forgets which pages may be written without further ado.</summary>
    public void FlushWrites()
    {
        Tlb.FlushWrites(_active);
        for (int i = 0; i < SetCount; i++)
        {
            if (new ReadOnlySpan<ulong>(Live(i), LiveWords).ContainsAnyExcept(0UL))
            {
                Tlb.FlushWrites(Set(i));
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_kept);
        NativeMemory.Free(_live);
    }

    private TlbEntry* Set(int number) => (TlbEntry*)(_kept + (number * SetBytes));

    private ulong* Live(int number) => (ulong*)(_kept + (number * SetBytes) + Tlb.Bytes);

    /// <summary>Moves the entries in use; without a destination they are only removed.</summary>
    private static void Move(TlbEntry* from, ulong* live, TlbEntry* to, ulong* liveThere)
    {
        for (int word = 0; word < LiveWords; word++)
        {
            ulong bits = live[word];
            live[word] = 0;
            if (to != null)
            {
                liveThere[word] = bits;
            }

            for (; bits != 0; bits &= bits - 1)
            {
                int index = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (to != null)
                {
                    Tlb.Copy(from, to, index);
                }

                from[index].ReadTag = from[index].WriteTag = Tlb.None;
            }
        }
    }
}
