using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>A few bytes of memory, each a cell; everything else isn't mapped.</summary>
internal sealed class StageMemory(World world) : KernelMemory
{
    private readonly List<(ulong Address, SharedCell<byte> Cell)> _bytes = [];

    /// <summary>A store of the kernel's to text faults, so text is poked through an alias.</summary>
    public bool TextIsReadOnly { get; set; }

    /// <summary>Writing text waits for text_mutex, as text_poke() does.</summary>
    public bool PokeWaits { get; set; }

    /// <summary>Whether somebody holds text_mutex.</summary>
    public SharedCell<bool> TextMutex { get; } = world.Cell("text_mutex", false);

    /// <summary>Addresses on the kprobe blocklist.</summary>
    public List<ulong> Blocklist { get; } = [];

    /// <summary>Maps a byte; 0x90 is NOP.</summary>
    public SharedCell<byte> Map(ulong address, byte value = 0x90)
    {
        SharedCell<byte> cell = world.Cell($"[{address:x}]", value);
        _bytes.Add((address, cell));
        return cell;
    }

    /// <summary>The cell of a mapped byte, or null.</summary>
    public SharedCell<byte>? Find(ulong address)
    {
        foreach ((ulong candidate, SharedCell<byte> cell) in _bytes)
        {
            if (candidate == address)
            {
                return cell;
            }
        }

        return null;
    }

    public override bool IsBlocklisted(ulong address) => Blocklist.Contains(address);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public override async ValueTask<int> Read(KernelContext c, ulong address) =>
        Find(address) is { } cell ? await cell.Read(c) : (int)Errno.Fault;

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public override async ValueTask<Errno> Write(KernelContext c, ulong address, byte value)
    {
        if (Find(address) is not { } cell || TextIsReadOnly)
        {
            return Errno.Fault;
        }

        await cell.Write(c, value);
        return Errno.None;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public override async ValueTask<Errno> Poke(KernelContext c, ulong address, byte value)
    {
        if (PokeWaits)
        {
            c.Line("mutex_lock(&text_mutex);");
            await TextMutex.WaitUntil(c, static held => !held);
        }

        c.Line("if (mutex_is_locked(&text_mutex)) return -EBUSY;");
        if (await TextMutex.Read(c))
        {
            return Errno.Busy;
        }

        if (Find(address) is not { } cell)
        {
            return Errno.Fault;
        }

        await cell.Write(c, value);
        return Errno.None;
    }
}
