using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>A format that memory operands of arithmetic instructions have.</summary>
internal interface IX87MemoryFormat
{
    /// <summary>Loads the operand, exactly as it is; false if that faulted.</summary>
    static abstract unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value);
}

internal readonly struct X87Single : IX87MemoryFormat
{
    public static unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value)
    {
        bool ok = Operands.LoadMemory(cpu, op, out uint bits);
        value = BinaryCodec<Binary32Format>.Unpack(bits, denormalsAreZero: false);
        return ok;
    }
}

internal readonly struct X87Double : IX87MemoryFormat
{
    public static unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value)
    {
        bool ok = Operands.LoadMemory(cpu, op, out ulong bits);
        value = BinaryCodec<Binary64Format>.Unpack(bits, denormalsAreZero: false);
        return ok;
    }
}

internal readonly struct X87Word : IX87MemoryFormat
{
    public static unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value)
    {
        bool ok = Operands.LoadMemory(cpu, op, out short bits);
        value = IntegralRounding.FromInteger(bits);
        return ok;
    }
}

internal readonly struct X87Doubleword : IX87MemoryFormat
{
    public static unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value)
    {
        bool ok = Operands.LoadMemory(cpu, op, out int bits);
        value = IntegralRounding.FromInteger(bits);
        return ok;
    }
}

internal readonly struct X87Quadword : IX87MemoryFormat
{
    public static unsafe bool Load(CpuCore cpu, DecodedOp* op, out Unpacked value)
    {
        bool ok = Operands.LoadMemory(cpu, op, out long bits);
        value = IntegralRounding.FromInteger(bits);
        return ok;
    }
}
