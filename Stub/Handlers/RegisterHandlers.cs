using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Registers of the selected thread: <c>g G p P</c>.</summary>
internal sealed class RegisterHandlers
{
    private const int RegisterSizeMax = 64;

    private readonly ThreadRegisters _values;
    private readonly RegisterSet _registers;
    private readonly int _generalCount;
    private readonly byte[] _wanted;
    private readonly byte[] _former;

    public RegisterHandlers(SessionContext context)
    {
        _values = new ThreadRegisters(context.Target, context.Selection);
        _registers = context.Target.Registers;

        // System registers come last and are fetched one by one when somebody asks: gdb reads all others at every stop.
        _generalCount = _registers.All.Length - _registers.InFeature(X64System.Name).Length;
        _wanted = new byte[_registers.Size];
        _former = new byte[_registers.Size];
    }

    public Answer ReadAll(ReplyWriter reply)
    {
        Span<byte> value = stackalloc byte[RegisterSizeMax];
        for (int number = 0; number < _generalCount; number++)
        {
            WriteValue(number, value, reply);
        }

        return Answer.Now;
    }

    public Answer Read(in ReadRegister packet, ReplyWriter reply)
    {
        if (!Exists(packet.Number, reply))
        {
            return Answer.Now;
        }

        Span<byte> value = stackalloc byte[RegisterSizeMax];
        WriteValue(packet.Number, value, reply);
        return Answer.Now;
    }

    public Answer Write(in WriteRegister packet, ReplyWriter reply)
    {
        if (!Exists(packet.Number, reply) || !HasSize(packet.Value.Length, _registers.All[packet.Number].Size, reply))
        {
            return Answer.Now;
        }

        Span<byte> value = _wanted.AsSpan(0, packet.Value.Length);
        packet.Value.CopyTo(value);
        Tell(_values.Write(packet.Number, value), reply);
        return Answer.Now;
    }

    /// <summary>All or none: if the machine refuses one value, those before it are put back.</summary>
    public Answer WriteAll(in WriteRegisters packet, ReplyWriter reply)
    {
        RegisterDescription last = _registers.All[_generalCount - 1];
        if (!HasSize(packet.Values.Length, last.Offset + last.Size, reply))
        {
            return Answer.Now;
        }

        packet.Values.CopyTo(_wanted);
        for (int number = 0; number < _generalCount; number++)
        {
            RegisterDescription register = _registers.All[number];
            _values.Read(number, _former.AsSpan(register.Offset, register.Size));
            RegisterWriteResult result = _values.Write(number, _wanted.AsSpan(register.Offset, register.Size));
            if (result != RegisterWriteResult.Done)
            {
                PutBack(number);
                Tell(result, reply);
                return Answer.Now;
            }
        }

        reply.WriteOk();
        return Answer.Now;
    }

    private void PutBack(int end)
    {
        for (int number = 0; number < end; number++)
        {
            RegisterDescription register = _registers.All[number];
            _values.Write(number, _former.AsSpan(register.Offset, register.Size));
        }
    }

    private void WriteValue(int number, Span<byte> value, ReplyWriter reply)
    {
        int size = _values.Read(number, value);
        if (size == 0)
        {
            reply.WriteUnavailable(_registers.All[number].Size);
        }
        else
        {
            reply.WriteHex(value[..size]);
        }
    }

    private bool Exists(int number, ReplyWriter reply)
    {
        if (number < _registers.All.Length)
        {
            return true;
        }

        Tell(RegisterWriteResult.NoSuchRegister, reply);
        return false;
    }

    private static bool HasSize(int given, int expected, ReplyWriter reply)
    {
        if (given == expected)
        {
            return true;
        }

        Tell(RegisterWriteResult.WrongSize, reply);
        return false;
    }

    private static void Tell(RegisterWriteResult result, ReplyWriter reply)
    {
        switch (result)
        {
            case RegisterWriteResult.Done:
                reply.WriteOk();
                break;
            case RegisterWriteResult.NoSuchRegister:
                reply.WriteError(ErrorNumber.Invalid, "there is no such register"u8);
                break;
            case RegisterWriteResult.WrongSize:
                reply.WriteError(ErrorNumber.Invalid, "the value is not of the register's size"u8);
                break;
            case RegisterWriteResult.NotAvailable:
                reply.WriteError(ErrorNumber.NotFound, "the thread is on no CPU, and its registers are not known"u8);
                break;
            default:
                reply.WriteError(ErrorNumber.Invalid, "the register cannot hold this value"u8);
                break;
        }
    }
}
