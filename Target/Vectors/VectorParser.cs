using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KgdbSim.Target.Vectors;

/// <summary>Parses one line of a vector file into a <see cref="VectorRecord"/> without building a document.</summary>
internal sealed class VectorParser
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _nameLookup;
    private uint _gprSeen;
    private uint _xmmSeen;
    private bool _memorySeen;
    private bool _mxcsrSeen;
    private bool _x87Seen;

    public VectorParser() => _nameLookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="FormatException">A number is malformed, or too many bytes.</exception>
    /// <exception cref="InvalidOperationException">A value is of the wrong kind.</exception>
    public void Parse(ReadOnlySpan<byte> line, VectorRecord record)
    {
        Clear(record);
        var json = new Utf8JsonReader(line);
        json.Read();
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("o"u8))
            {
                json.Read();
                Outcome(ref json, record);
            }
            else
            {
                Property(ref json, record);
            }
        }

        Complete(record);
    }

    private void Clear(VectorRecord record)
    {
        record.Tag = null;
        record.Family = VectorFamily.Integer;
        record.CodeLength = record.MemoryLength = 0;
        record.HasException = record.NextFetch = false;
        record.UndefinedFlags = record.UndefinedGpr = record.UndefinedStatus = 0;
        _gprSeen = _xmmSeen = 0;
        _memorySeen = _mxcsrSeen = _x87Seen = false;
    }

    private void Property(ref Utf8JsonReader json, VectorRecord record)
    {
        VectorState before = record.Before;
        if (json.ValueTextEquals("id"u8))
        {
            json.Read();
            record.Id = json.GetInt64();
        }
        else if (json.ValueTextEquals("n"u8))
        {
            record.Name = Intern(ref json);
        }
        else if (json.ValueTextEquals("tag"u8))
        {
            record.Tag = Intern(ref json);
        }
        else if (json.ValueTextEquals("b"u8))
        {
            json.Read();
            record.CodeLength = Bytes(json.ValueSpan, record.Code);
        }
        else if (json.ValueTextEquals("rip"u8))
        {
            before.Rip = Hex(ref json);
        }
        else if (json.ValueTextEquals("fl"u8))
        {
            before.Flags = Hex(ref json);
        }
        else if (json.ValueTextEquals("r"u8))
        {
            Registers(ref json, before.Gpr);
        }
        else if (json.ValueTextEquals("m"u8))
        {
            json.Read();
            record.MemoryAddress = Hex(ref json);
            json.Read();
            record.MemoryLength = Bytes(json.ValueSpan, before.Memory);
            json.Read();
        }
        else
        {
            RarerProperty(ref json, record);
        }
    }

    private static void RarerProperty(ref Utf8JsonReader json, VectorRecord record)
    {
        if (json.ValueTextEquals("x"u8))
        {
            record.Family = VectorFamily.Sse;
            json.Read();
            for (int i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
            {
                Xmm(json.ValueSpan, record.Before.Xmm, i);
            }
        }
        else if (json.ValueTextEquals("mx"u8))
        {
            record.Before.Mxcsr = (uint)Hex(ref json);
        }
        else if (json.ValueTextEquals("fp"u8))
        {
            record.Family = VectorFamily.X87;
            json.Read();
            X87(ref json, record.Before.X87);
        }
        else if (json.ValueTextEquals("u"u8))
        {
            json.Read();
            Undefined(ref json, record);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private void Outcome(ref Utf8JsonReader json, VectorRecord record)
    {
        VectorState after = record.After;
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("rip"u8))
            {
                after.Rip = Hex(ref json);
            }
            else if (json.ValueTextEquals("fl"u8))
            {
                after.Flags = Hex(ref json);
            }
            else if (json.ValueTextEquals("r"u8))
            {
                json.Read();
                while (NextProperty(ref json))
                {
                    int index = Index(json.ValueSpan);
                    after.Gpr[index] = Hex(ref json);
                    _gprSeen |= 1u << index;
                }
            }
            else if (json.ValueTextEquals("m"u8))
            {
                json.Read();
                Bytes(json.ValueSpan, after.Memory);
                _memorySeen = true;
            }
            else if (json.ValueTextEquals("exc"u8))
            {
                json.Read();
                ExceptionOutcome(ref json, record);
            }
            else
            {
                RarerOutcome(ref json, after);
            }
        }
    }

    private void RarerOutcome(ref Utf8JsonReader json, VectorState after)
    {
        if (json.ValueTextEquals("x"u8))
        {
            json.Read();
            while (NextProperty(ref json))
            {
                int index = Index(json.ValueSpan);
                json.Read();
                Xmm(json.ValueSpan, after.Xmm, index);
                _xmmSeen |= 1u << index;
            }
        }
        else if (json.ValueTextEquals("mx"u8))
        {
            after.Mxcsr = (uint)Hex(ref json);
            _mxcsrSeen = true;
        }
        else if (json.ValueTextEquals("fp"u8))
        {
            json.Read();
            X87(ref json, after.X87);
            _x87Seen = true;
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private static void ExceptionOutcome(ref Utf8JsonReader json, VectorRecord record)
    {
        record.HasException = true;
        record.ErrorCode = 0;
        record.Cr2 = 0;
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("v"u8))
            {
                json.Read();
                record.ExceptionVector = json.GetInt32();
            }
            else if (json.ValueTextEquals("e"u8))
            {
                json.Read();
                record.ErrorCode = json.GetUInt32();
            }
            else if (json.ValueTextEquals("cr2"u8))
            {
                record.Cr2 = Hex(ref json);
            }
            else if (json.ValueTextEquals("next"u8))
            {
                json.Read();
                record.NextFetch = json.GetBoolean();
            }
        }
    }

    private static void Undefined(ref Utf8JsonReader json, VectorRecord record)
    {
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("fl"u8))
            {
                record.UndefinedFlags = Hex(ref json);
            }
            else if (json.ValueTextEquals("r"u8))
            {
                record.UndefinedGpr = (uint)Hex(ref json);
            }
            else if (json.ValueTextEquals("sw"u8))
            {
                record.UndefinedStatus = (ushort)Hex(ref json);
            }
        }
    }

    private static void X87(ref Utf8JsonReader json, VectorX87 state)
    {
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("cw"u8))
            {
                state.Control = (ushort)Hex(ref json);
            }
            else if (json.ValueTextEquals("sw"u8))
            {
                state.Status = (ushort)Hex(ref json);
            }
            else if (json.ValueTextEquals("tw"u8))
            {
                state.Tags = (byte)Hex(ref json);
            }
            else
            {
                json.Read();
                for (int i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
                {
                    X87Register(json.ValueSpan, state, i);
                }
            }
        }
    }

    private static void X87Register(ReadOnlySpan<byte> text, VectorX87 state, int index)
    {
        Span<byte> raw = stackalloc byte[10];
        Bytes(text, raw);
        state.Significand[index] = BinaryPrimitives.ReadUInt64LittleEndian(raw);
        state.SignExponent[index] = BinaryPrimitives.ReadUInt16LittleEndian(raw[8..]);
    }

    /// <summary>Fills in what the outcome does not mention: it is as before.</summary>
    private void Complete(VectorRecord record)
    {
        VectorState before = record.Before;
        VectorState after = record.After;
        for (int i = 0; i < 16; i++)
        {
            if ((_gprSeen & (1u << i)) == 0)
            {
                after.Gpr[i] = before.Gpr[i];
            }
        }

        if (!_memorySeen)
        {
            before.Memory.AsSpan(0, record.MemoryLength).CopyTo(after.Memory);
        }

        for (int i = 0; record.Family == VectorFamily.Sse && i < 16; i++)
        {
            if ((_xmmSeen & (1u << i)) == 0)
            {
                after.Xmm[2 * i] = before.Xmm[2 * i];
                after.Xmm[2 * i + 1] = before.Xmm[2 * i + 1];
            }
        }

        if (!_mxcsrSeen)
        {
            after.Mxcsr = before.Mxcsr;
        }

        if (!_x87Seen)
        {
            after.X87.CopyFrom(before.X87);
        }
    }

    private string Intern(ref Utf8JsonReader json)
    {
        json.Read();
        Span<char> text = stackalloc char[json.ValueSpan.Length];
        int length = json.CopyString(text);
        if (!_nameLookup.TryGetValue(text[..length], out string? name))
        {
            name = new string(text[..length]);
            _names.Add(name, name);
        }

        return name;
    }

    private static bool NextProperty(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName;

    private static void Registers(ref Utf8JsonReader json, ulong[] gpr)
    {
        json.Read();
        for (int i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
        {
            gpr[i] = Number(json.ValueSpan);
        }
    }

    private static ulong Hex(ref Utf8JsonReader json)
    {
        json.Read();
        return Number(json.ValueSpan);
    }

    private static ulong Number(ReadOnlySpan<byte> text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Index(ReadOnlySpan<byte> text)
    {
        int index = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return index < 16 ? index : throw new FormatException($"no register {index}");
    }

    private static void Xmm(ReadOnlySpan<byte> text, ulong[] xmm, int index)
    {
        Span<byte> raw = stackalloc byte[16];
        Bytes(text, raw);
        xmm[2 * index] = BinaryPrimitives.ReadUInt64LittleEndian(raw);
        xmm[2 * index + 1] = BinaryPrimitives.ReadUInt64LittleEndian(raw[8..]);
    }

    private static int Bytes(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        System.Buffers.OperationStatus status = Convert.FromHexString(text, destination, out _, out int written);
        return status == System.Buffers.OperationStatus.Done
            ? written
            : throw new FormatException($"bad bytes '{Encoding.UTF8.GetString(text)}': {status}");
    }
}
