using System.Runtime.InteropServices;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>Memory for blocks: handed out front to back, given back all at once.</summary>
internal sealed unsafe class BlockArena : IDisposable
{
    private const int ChunkBytes = 2 << 20;
    private const int ChunkCountMax = 16;

    private readonly List<nint> _chunks = [];
    private byte* _next;
    private byte* _end;

    /// <summary>Room for <paramref name="slots"/> times 64 bytes, or null when the arena is full and must be emptied.</summary>
    public void* Reserve(int slots)
    {
        if (_end - _next < slots * sizeof(DecodedOp))
        {
            if (_chunks.Count == ChunkCountMax)
            {
                return null;
            }

            _next = (byte*)NativeMemory.AlignedAlloc(ChunkBytes, 64);
            _end = _next + ChunkBytes;
            _chunks.Add((nint)_next);
        }

        return _next;
    }

    /// <summary>Keeps the first <paramref name="slots"/> of what was reserved last.</summary>
    public void Commit(int slots) => _next += slots * sizeof(DecodedOp);

    /// <summary>Forgets everything; one chunk is kept for what comes.</summary>
    public void Empty()
    {
        if (_chunks.Count == 0)
        {
            return;
        }

        for (int i = 1; i < _chunks.Count; i++)
        {
            NativeMemory.AlignedFree((void*)_chunks[i]);
        }

        _chunks.RemoveRange(1, _chunks.Count - 1);
        _next = (byte*)_chunks[0];
        _end = _next + ChunkBytes;
    }

    public void Dispose()
    {
        foreach (nint chunk in _chunks)
        {
            NativeMemory.AlignedFree((void*)chunk);
        }

        _chunks.Clear();
        _next = _end = null;
    }
}
