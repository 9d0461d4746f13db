using System.Buffers.Binary;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// gdb_regs of kernel/debug/gdbstub.c@6.1. The registers that have no source keep what was there: the remains of the last P or G.
/// </summary>
internal sealed class RegisterImage
{
    /// <summary>sizeof(gdb_regs).</summary>
    public const int Size = 160;

    // gs lies behind the end; what stands there is nobody's and stays 0.
    private readonly byte[] _bytes = new byte[Size + 4];

    public Span<byte> Bytes => _bytes;

    /// <summary>pt_regs_to_gdb_regs.</summary>
    public void Load(IKgdbCore core, int cpu)
    {
        for (int register = 0; register < RegisterNumber.StoredCount; register++)
        {
            Put(register, core.ReadRegister(cpu, register));
        }
    }

    /// <summary>gdb_regs_to_pt_regs; the stack pointer is not written.</summary>
    public void Store(IKgdbCore core)
    {
        for (int register = 0; register < RegisterNumber.StoredCount; register++)
        {
            Store(core, register, RegisterNumber.Offset(register));
        }
    }

    /// <summary>dbg_set_reg from the bytes at an offset.</summary>
    public void Store(IKgdbCore core, int register, int offset)
    {
        if (register is < 0 or >= RegisterNumber.StoredCount or RegisterNumber.StackPointer)
        {
            return;
        }

        core.WriteRegister(register, RegisterNumber.Size(register) == 8
            ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(offset))
            : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset)));
    }

    /// <summary>
    /// sleeping_thread_to_gdb_regs: eflags, cs and ss are meant to be set too, but their 32-bit index points into r8 and r9, which are
    /// cleared afterwards. So these, ds and es show what the register read before left.
    /// </summary>
    public void LoadSleeping(IKgdbTask task)
    {
        _bytes.AsSpan(0, RegisterNumber.Offset(RegisterNumber.Flags)).Clear();
        Put(RegisterNumber.FramePointer, task.SavedFramePointer);
        Put(RegisterNumber.StackPointer, task.SavedStackPointer);
    }

    private void Put(int register, ulong value)
    {
        Span<byte> place = _bytes.AsSpan(RegisterNumber.Offset(register));
        if (RegisterNumber.Size(register) == 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)value);
        }
    }
}
