using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// Functions of the recorded kernel that breakpoints are tried on: the kprobe blocklist, as far as it was recorded, by the addresses of
/// that build and by the names that a transcript writes beside its packets.
/// </summary>
internal sealed class KernelSymbols
{
    private static readonly (string Name, ulong Address)[] Blocked =
    [
        ("exc_int3", 0xffff_ffff_812d_39c0), ("asm_exc_int3", 0xffff_ffff_8140_0ac0), ("exc_debug", 0xffff_ffff_812d_3bb0),
        ("asm_exc_debug", 0xffff_ffff_8140_0b30), ("exc_nmi", 0xffff_ffff_812d_4480), ("do_int3", 0xffff_ffff_8101_f760),
        ("notify_die", 0xffff_ffff_8106_9690), ("atomic_notifier_call_chain", 0xffff_ffff_8106_9490),
        ("kgdb_handle_exception", 0xffff_ffff_810c_7230), ("kgdb_cpu_enter", 0xffff_ffff_810c_6890),
        ("kgdb_arch_set_breakpoint", 0xffff_ffff_8103_c930), ("memcpy", 0xffff_ffff_812d_5220),
        ("__memcpy", 0xffff_ffff_812d_5220), ("poke_int3_handler", 0xffff_ffff_812d_4610),
        ("kprobe_int3_handler", 0xffff_ffff_8103_a6f0), ("error_entry", 0xffff_ffff_8140_0f30),
        ("restore_regs_and_return_to_kernel", 0xffff_ffff_8140_0e32), ("asm_exc_page_fault", 0xffff_ffff_8140_0b00),
    ];

    /// <summary>Setting a breakpoint runs it, and it is not on the blocklist: a panic in the debugger.</summary>
    private const string Fatal = "text_poke_kgdb";

    /// <summary>Where kgdb_breakpoint is in the build that the addresses are of.</summary>
    private const ulong KgdbBreakpointOfBuild = 0xffff_ffff_810c_6500;

    private static readonly char[] Separators = [' ', ':', ',', ';', '(', ')', '+', '.'];

    private readonly HashSet<ulong> _blocked;
    private readonly HashSet<ulong> _fatal = [];

    public KernelSymbols(Transcript transcript, StageLayout layout)
    {
        _blocked = layout.KgdbBreakpoint == KgdbBreakpointOfBuild ? [.. Blocked.Select(b => b.Address)] : [];
        string before = "";
        foreach (TranscriptEntry entry in transcript.Entries)
        {
            string[] parts = Encoding.Latin1.GetString(entry.Bytes).Split(',');
            if (entry.Kind == EntryKind.Sent && parts.Length >= 2 && parts[0] is "Z0" or "z0"
                && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
            {
                // What is written beside the packet, else in the note right before it.
                Learn(entry.Text.Length > 0 ? entry.Text : before, address);
            }

            before = entry.Kind == EntryKind.Note ? entry.Text : "";
        }
    }

    /// <summary>within_kprobe_blacklist.</summary>
    public bool IsBlocked(ulong address) => _blocked.Contains(address);

    public bool IsFatal(ulong address) => _fatal.Contains(address);

    private void Learn(string note, ulong address)
    {
        foreach (string word in note.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == Fatal)
            {
                _fatal.Add(address);
            }
            else if (word.StartsWith("asm_exc_", StringComparison.Ordinal) || Array.Exists(Blocked, b => b.Name == word))
            {
                _blocked.Add(address);
            }
        }
    }
}
