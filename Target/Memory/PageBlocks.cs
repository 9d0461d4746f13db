using System.Runtime.InteropServices;

namespace KgdbSim.Target.Memory;

/// <summary>
/// Reference-counted 4 KiB blocks, carved from 1 MiB slabs aligned to their size: the count of a block is found from its
/// address alone, so that sharing a page costs one increment.
/// </summary>
internal sealed unsafe class PageBlocks : IDisposable
{
    private const int SlabSize = 1 << 20;
    private const int BlocksPerSlab = SlabSize / PhysicalPage.Size;

    private readonly List<nint> _slabs = [];
    private byte* _free;

    /// <summary>Blocks handed out and not yet released to zero.</summary>
    public int InUse { get; private set; }

    /// <summary>A block with count 1 and undefined contents.</summary>
    public byte* Allocate()
    {
        if (_free == null)
        {
            AddSlab();
        }

        byte* block = _free;
        _free = *(byte**)block;
        *Count(block) = 1;
        InUse++;
        return block;
    }

    public static void Share(byte* block) => (*Count(block))++;

    public static bool IsShared(byte* block) => *Count(block) > 1;

    public void Release(byte* block)
    {
        if (--*Count(block) == 0)
        {
            *(byte**)block = _free;
            _free = block;
            InUse--;
        }
    }

    public void Dispose()
    {
        foreach (nint slab in _slabs)
        {
            NativeMemory.AlignedFree((void*)slab);
        }

        _slabs.Clear();
        _free = null;
    }

    private static uint* Count(byte* block)
    {
        byte* slab = (byte*)((nuint)block & ~(nuint)(SlabSize - 1));
        return (uint*)slab + ((block - slab) >> PhysicalPage.Shift);
    }

    private void AddSlab()
    {
        byte* slab = (byte*)NativeMemory.AlignedAlloc(SlabSize, SlabSize);
        _slabs.Add((nint)slab);

        // Block 0 holds the counts.
        for (int i = BlocksPerSlab - 1; i >= 1; i--)
        {
            byte* block = slab + (i * PhysicalPage.Size);
            *(byte**)block = _free;
            _free = block;
        }
    }
}
