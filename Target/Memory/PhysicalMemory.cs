using System.Runtime.InteropServices;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Memory;

/// <summary>
/// RAM from physical address 0, as copy-on-write 4 KiB pages: a page that was never written takes no memory, and a
/// snapshot shares all pages until one side writes.
/// </summary>
/// <remarks>
/// Processors write through host pointers that they got from <see cref="WritablePage"/>; they may keep one only while the
/// page holds no decoded code and until the next <see cref="ICodeObserver.PagesMoved"/>.
/// </remarks>
internal sealed unsafe class PhysicalMemory : IDisposable
{
    private readonly PageBlocks _blocks = new();
    private readonly List<ICodeObserver> _observers = [];
    private readonly byte* _zeroPage;
    private PhysicalPage* _pages;

    /// <param name="size">Bytes of RAM: a positive multiple of 4096, at most <see cref="SizeMax"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not of that kind.</exception>
    public PhysicalMemory(ulong size)
    {
        if (size == 0 || (size & PhysicalPage.OffsetMask) != 0 || size > SizeMax)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"memory size must be a multiple of 4096 in 4096..{SizeMax}");
        }

        Size = size;
        FrameCount = size >> PhysicalPage.Shift;
        _pages = (PhysicalPage*)NativeMemory.AllocZeroed((nuint)FrameCount, (nuint)sizeof(PhysicalPage));
        _zeroPage = (byte*)NativeMemory.AlignedAlloc(PhysicalPage.Size, PhysicalPage.Size);
        new Span<byte>(_zeroPage, PhysicalPage.Size).Clear();
    }

    /// <summary>64 GiB: what the frame table is sized for at most.</summary>
    public const ulong SizeMax = 64UL << 30;

    /// <summary>Bytes of RAM.</summary>
    public ulong Size { get; }

    public ulong FrameCount { get; }

    /// <summary>Pages that have contents of their own, shared ones counted once.</summary>
    public int PagesInUse => _blocks.InUse;

    public void Attach(ICodeObserver observer) => _observers.Add(observer);

    public bool IsRam(ulong physical) => physical < Size;

    public PhysicalPage* Page(ulong frame) => _pages + frame;

    /// <summary>The contents of a frame for reading: never null; a page never written is a common page of zeroes.</summary>
    public byte* ReadablePage(ulong frame)
    {
        byte* data = _pages[frame].Data;
        return data != null ? data : _zeroPage;
    }

    /// <summary>The contents of a frame for writing, made private first if a snapshot shares them.</summary>
    public byte* WritablePage(ulong frame)
    {
        PhysicalPage* page = _pages + frame;
        if (page->Data == null)
        {
            page->Data = _blocks.Allocate();
            new Span<byte>(page->Data, PhysicalPage.Size).Clear();
            MovedPage();
        }
        else if (PageBlocks.IsShared(page->Data))
        {
            byte* copy = _blocks.Allocate();
            new ReadOnlySpan<byte>(page->Data, PhysicalPage.Size).CopyTo(new Span<byte>(copy, PhysicalPage.Size));
            _blocks.Release(page->Data);
            page->Data = copy;
            MovedPage();
        }

        return page->Data;
    }

    /// <summary>Reads RAM; the range must lie inside it.</summary>
    public void Read(ulong physical, Span<byte> destination)
    {
        CheckRange(physical, destination.Length);
        while (!destination.IsEmpty)
        {
            int offset = (int)(physical & PhysicalPage.OffsetMask);
            int count = Math.Min(destination.Length, PhysicalPage.Size - offset);
            new ReadOnlySpan<byte>(ReadablePage(physical >> PhysicalPage.Shift) + offset, count).CopyTo(destination);
            destination = destination[count..];
            physical += (uint)count;
        }
    }

    /// <summary>Writes RAM; the range must lie inside it. Decoded instructions that it changes are dropped.</summary>
    public void Write(ulong physical, ReadOnlySpan<byte> source)
    {
        CheckRange(physical, source.Length);
        while (!source.IsEmpty)
        {
            int offset = (int)(physical & PhysicalPage.OffsetMask);
            int count = Math.Min(source.Length, PhysicalPage.Size - offset);
            ulong frame = physical >> PhysicalPage.Shift;
            source[..count].CopyTo(new Span<byte>(WritablePage(frame) + offset, count));
            NoteStore(frame, offset, count);
            source = source[count..];
            physical += (uint)count;
        }
    }

    /// <summary>To be called after a store into a page that holds code: drops what was decoded from the changed granules.</summary>
    public void NoteStore(ulong frame, int offset, int length)
    {
        PhysicalPage* page = _pages + frame;
        if ((page->CodeGranules & PhysicalPage.GranuleMask(offset, length)) == 0)
        {
            return;
        }

        page->CodeGranules = 0;
        foreach (ICodeObserver observer in _observers)
        {
            observer.CodeModified(frame);
        }
    }

    /// <summary>Says that instructions were decoded from these bytes, which lie in one page.</summary>
    public void NoteCode(ulong frame, int offset, int length)
    {
        PhysicalPage* page = _pages + frame;
        bool first = page->CodeGranules == 0;
        page->CodeGranules |= PhysicalPage.GranuleMask(offset, length);
        if (first)
        {
            foreach (ICodeObserver observer in _observers)
            {
                observer.FrameHoldsCode(frame);
            }
        }
    }

    /// <summary>Shares every page with a new image.</summary>
    public MemoryImage Capture()
    {
        var image = new MemoryImage(this);
        for (ulong frame = 0; frame < FrameCount; frame++)
        {
            byte* data = _pages[frame].Data;
            if (data != null)
            {
                PageBlocks.Share(data);
                image.Add(frame, data);
            }
        }

        MovedPage();
        return image;
    }

    /// <summary>Makes memory what it was when <paramref name="image"/> was captured; the image stays valid.</summary>
    /// <exception cref="SimulatorBug">The image belongs to another memory.</exception>
    public void Restore(MemoryImage image)
    {
        if (image.Owner != this)
        {
            throw new SimulatorBug("a memory image can only be restored into the memory it was captured from");
        }

        int next = 0;
        for (ulong frame = 0; frame < FrameCount; frame++)
        {
            byte* data = null;
            if (next < image.Count && image[next].Frame == frame)
            {
                data = image[next++].Data;
            }

            PhysicalPage* page = _pages + frame;
            if (page->Data == data)
            {
                continue;
            }

            if (data != null)
            {
                PageBlocks.Share(data);
            }

            if (page->Data != null)
            {
                _blocks.Release(page->Data);
            }

            page->Data = data;
            if (page->CodeGranules != 0)
            {
                NoteStore(frame, 0, PhysicalPage.Size);
            }
        }

        MovedPage();
    }

    /// <summary>Folds the contents into a hash; pages of zeroes do not count, written or not.</summary>
    public void AddTo(ref StableHash hash)
    {
        for (ulong frame = 0; frame < FrameCount; frame++)
        {
            byte* data = _pages[frame].Data;
            if (data == null)
            {
                continue;
            }

            var bytes = new ReadOnlySpan<byte>(data, PhysicalPage.Size);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                hash.Add(frame);
                hash.Add(bytes);
            }
        }
    }

    public void Dispose()
    {
        _blocks.Dispose();
        NativeMemory.AlignedFree(_zeroPage);
        NativeMemory.Free(_pages);
        _pages = null;
    }

    internal void Release(byte* block) => _blocks.Release(block);

    private void MovedPage()
    {
        foreach (ICodeObserver observer in _observers)
        {
            observer.PagesMoved();
        }
    }

    private void CheckRange(ulong physical, int length)
    {
        if (physical > Size || (ulong)length > Size - physical)
        {
            throw new ArgumentOutOfRangeException(nameof(physical), physical, $"not in RAM of {Size} bytes for {length} bytes");
        }
    }
}
