using System.Runtime.InteropServices;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>
/// The decoded blocks of one processor, found by RIP, physical page and mode, linked where direct branches join them
/// within a page, and dropped when their page changes.
/// </summary>
internal sealed unsafe class BlockCache : IDisposable
{
    private const int BucketBits = 12;

    private readonly CpuCore _cpu;
    private readonly BlockBuilder _builder;
    private readonly BlockArena _arena = new();
    private readonly BlockHeader** _buckets;
    private readonly BlockHeader* _breakpoint;
    private readonly Dictionary<ulong, nint> _byFrame = [];
    private readonly List<nint> _crossing = [];

    public BlockCache(CpuCore cpu, InstructionTable instructions)
    {
        _cpu = cpu;
        _builder = new BlockBuilder(cpu, instructions);
        _buckets = (BlockHeader**)NativeMemory.AllocZeroed(1 << BucketBits, (nuint)sizeof(BlockHeader*));
        _breakpoint = (BlockHeader*)NativeMemory.AllocZeroed(3, (nuint)sizeof(DecodedOp));
    }

    /// <summary>A direct branch that is to be linked to the block looked up next.</summary>
    public DecodedOp* LinkFrom;

    /// <summary>
    /// The block at CS:RIP, decoded if need be and remembered for jumps; null if the fetch faults, the fault being in
    /// <see cref="CpuCore.Pending"/>.
    /// </summary>
    /// <param name="single">One instruction only, breakpoints disregarded.</param>
    public DecodedOp* Lookup(bool single)
    {
        CpuState* s = _cpu.State;
        BlockMode mode = (single ? BlockMode.Single : 0)
            | (s->Is64Bit ? BlockMode.Bits64 : s->Cs.Big ? BlockMode.Bits32 : BlockMode.Bits16);
        ulong cr2 = s->Cr2;
        ulong physical = 0;
        if (!Linear(s, mode, out ulong linear) || !_cpu.Mmu.TranslateFetch(linear, out physical))
        {
            LinkFrom = null;
            if (single || !_builder.BreaksAt(linear))
            {
                return null;
            }

            // A breakpoint comes before the faults of fetching what it stands on (SDM vol. 3, table 6-2).
            s->Cr2 = cr2;
            return _builder.BreakpointOnly(_breakpoint, s->Rip);
        }

        ulong page = physical & ~PhysicalPage.OffsetMask;
        BlockHeader* block = Find(s->Rip, page, mode);
        if (block == null || !WithinLimit(s, block) || !SecondPageStands(block, linear))
        {
            block = Decode(linear, physical, mode);
            if (block == null)
            {
                LinkFrom = null;
                return null;
            }
        }

        DecodedOp* first = BlockHeader.First(block);
        if (!single)
        {
            _cpu.Jumps.Remember(s->Rip, first);
            Link(LinkFrom, block);
        }

        LinkFrom = null;
        return first;
    }

    /// <summary>Drops every block decoded from a frame; tells whether there was one.</summary>
    public bool InvalidateFrame(ulong frame)
    {
        bool any = false;
        if (_byFrame.Remove(frame, out nint head))
        {
            any = true;
            for (var block = (BlockHeader*)head; block != null; block = block->NextInFrame)
            {
                Unhook(block);
            }
        }

        for (int i = _crossing.Count - 1; i >= 0; i--)
        {
            var block = (BlockHeader*)_crossing[i];
            if (block->SecondPhysical >> PhysicalPage.Shift == frame)
            {
                Unhook(block);
                _crossing.RemoveAt(i);
                any = true;
            }
        }

        return any;
    }

    /// <summary>An execution breakpoint came to or went from a linear address: blocks that run over it are dropped.</summary>
    public void BreakpointChanged(ulong linear)
    {
        ulong rip = _cpu.State->Is64Bit ? linear : linear - _cpu.State->Cs.Base;
        for (int i = 0; i < 1 << BucketBits; i++)
        {
            BlockHeader** hook = &_buckets[i];
            while (*hook != null)
            {
                BlockHeader* block = *hook;
                if (rip - block->Rip < block->Bytes)
                {
                    Unhook(block);
                }
                else
                {
                    hook = &block->NextInBucket;
                }
            }
        }

        _cpu.Attention = true;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        new Span<nint>(_buckets, 1 << BucketBits).Clear();
        _byFrame.Clear();
        _crossing.Clear();
        _arena.Empty();
        _cpu.Jumps.Flush();
        LinkFrom = null;
        _cpu.Attention = true;
    }

    public void Dispose()
    {
        _arena.Dispose();
        NativeMemory.Free(_buckets);
        NativeMemory.Free(_breakpoint);
    }

    private bool Linear(CpuState* s, BlockMode mode, out ulong linear)
    {
        linear = s->Rip;
        if ((mode & BlockMode.Bits64) != 0)
        {
            return true;
        }

        linear = (uint)(s->Cs.Base + s->Rip);
        if (s->Rip <= s->Cs.Limit)
        {
            return true;
        }

        _cpu.GeneralProtection();
        return false;
    }

    private static uint Bucket(ulong rip, ulong page, BlockMode mode)
    {
        ulong hash = (rip ^ (page << 20) ^ (page >> 7) ^ ((ulong)mode << 40)) * 0x9E37_79B9_7F4A_7C15;
        return (uint)(hash >> (64 - BucketBits));
    }

    private BlockHeader* Find(ulong rip, ulong page, BlockMode mode)
    {
        BlockHeader* block = _buckets[Bucket(rip, page, mode)];
        while (block != null && (block->Rip != rip || block->Physical != page || block->Mode != mode))
        {
            block = block->NextInBucket;
        }

        return block;
    }

    /// <summary>The segment that the block was decoded in may have had a higher limit.</summary>
    private bool WithinLimit(CpuState* s, BlockHeader* block)
    {
        if ((block->Mode & BlockMode.Bits64) != 0 || block->Rip + block->Bytes - 1 <= s->Cs.Limit)
        {
            return true;
        }

        Unhook(block);
        _crossing.Remove((nint)block);
        return false;
    }

    private bool SecondPageStands(BlockHeader* block, ulong linear)
    {
        if (block->SecondPhysical == BlockHeader.NoSecondPage)
        {
            return true;
        }

        if (_cpu.Mmu.TranslateFetch((linear | PhysicalPage.OffsetMask) + 1, out ulong physical)
            && physical == block->SecondPhysical)
        {
            return true;
        }

        Unhook(block);
        _crossing.Remove((nint)block);
        return false;
    }

    private static void Link(DecodedOp* from, BlockHeader* block)
    {
        if (from == null || from->Link != null || ((from->Rip ^ block->Rip) & ~PhysicalPage.OffsetMask) != 0)
        {
            return;
        }

        // A direct branch has no displacement: the field chains the branches that lead to one block, to be unlinked with it.
        from->Link = BlockHeader.First(block);
        from->Disp = (ulong)block->Incoming;
        block->Incoming = from;
    }

    private void Unhook(BlockHeader* block)
    {
        for (DecodedOp* from = block->Incoming; from != null; from = (DecodedOp*)from->Disp)
        {
            from->Link = null;
        }

        block->Incoming = null;
        BlockHeader** hook = &_buckets[Bucket(block->Rip, block->Physical, block->Mode)];
        while (*hook != null && *hook != block)
        {
            hook = &(*hook)->NextInBucket;
        }

        if (*hook == block)
        {
            *hook = block->NextInBucket;
        }

        _cpu.Jumps.Forget(block->Rip, BlockHeader.First(block));
    }

    private BlockHeader* Decode(ulong linear, ulong physical, BlockMode mode)
    {
        var block = (BlockHeader*)_arena.Reserve(BlockBuilder.SlotsMax);
        if (block == null)
        {
            Clear();
            block = (BlockHeader*)_arena.Reserve(BlockBuilder.SlotsMax);
        }

        *block = new BlockHeader
        {
            Rip = _cpu.State->Rip,
            Physical = physical & ~PhysicalPage.OffsetMask,
            SecondPhysical = BlockHeader.NoSecondPage,
            Mode = mode,
        };
        if (!_builder.Build(block, linear, physical))
        {
            return null;
        }

        _arena.Commit((int)block->Count + 2);
        BlockHeader** bucket = &_buckets[Bucket(block->Rip, block->Physical, mode)];
        block->NextInBucket = *bucket;
        *bucket = block;
        ref nint head = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFrame, physical >> PhysicalPage.Shift, out _);
        block->NextInFrame = (BlockHeader*)head;
        head = (nint)block;
        if (block->SecondPhysical != BlockHeader.NoSecondPage)
        {
            _crossing.Add((nint)block);
        }

        return block;
    }
}
