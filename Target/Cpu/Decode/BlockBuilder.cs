using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Threaded;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>
/// Decodes one block: instructions up to an unconditional branch, the page's end, a breakpoint, or the limit. A
/// conditional branch is a side exit. Behind the last instruction stands one that goes on to the next block.
/// </summary>
internal sealed unsafe class BlockBuilder
{
    /// <summary>Most instructions in a block.</summary>
    public const int CountMax = 64;

    /// <summary>Slots that a block can need: header, instructions, and the way on.</summary>
    public const int SlotsMax = CountMax + 2;

    private readonly CpuCore _cpu;
    private readonly InstructionDecoder _decoder;
    private readonly Code[] _codes = new Code[CountMax];

    public BlockBuilder(CpuCore cpu, InstructionTable instructions)
    {
        _cpu = cpu;
        _decoder = new InstructionDecoder(instructions, cpu.Model);
    }

    /// <summary>Fills the block at <paramref name="block"/>, whose place and mode are set; false if fetching its first instruction faults.</summary>
    public bool Build(BlockHeader* block, ulong linear, ulong physical)
    {
        DecodedOp* ops = BlockHeader.First(block);
        int count = _cpu.Memory.IsRam(physical) && !_cpu.Devices.Claims(_cpu, physical)
            ? Run(block, ops, linear, physical)
            : NoMemory(block, ops);
        if (count == 0)
        {
            return false;
        }

        block->Count = count;
        block->Bytes = (ushort)(ops[count - 1].NextRip - block->Rip);
        for (int i = 0; i < count; i++)
        {
            ops[i].Remaining = (byte)(count - i);
        }

        ops[count] = new DecodedOp { Rip = ops[count - 1].NextRip, Handler = &ThreadedBranch.FallThrough };
        return true;
    }

    /// <summary>A block of nothing but the report that a breakpoint stands at <paramref name="rip"/>.</summary>
    public DecodedOp* BreakpointOnly(BlockHeader* block, ulong rip)
    {
        DecodedOp* op = BlockHeader.First(block);
        block->Count = BreakpointAt(op, rip);
        op->Remaining = 1;
        return op;
    }

    /// <summary>A block must end before a linear address: a breakpoint stands there, or may come back.</summary>
    public bool BreaksAt(ulong linear) => _cpu.Debug.SplitsAt(linear);

    private int Run(BlockHeader* block, DecodedOp* ops, ulong linear, ulong physical)
    {
        bool single = (block->Mode & BlockMode.Single) != 0;
        int limit = single ? 1 : CountMax;
        ulong frame = physical >> PhysicalPage.Shift;
        byte* page = _cpu.Memory.ReadablePage(frame);
        int start = (int)(physical & PhysicalPage.OffsetMask);
        int offset = start;
        int count = 0;
        ulong last = (block->Mode & BlockMode.Bits64) != 0 ? ulong.MaxValue : _cpu.State->Cs.Limit;
        var flow = FlowControl.Next;
        while (count < limit && offset < PhysicalPage.Size && flow is FlowControl.Next or FlowControl.ConditionalBranch)
        {
            ulong rip = block->Rip + (ulong)(offset - start);
            if (!single && BreaksAt(linear + (ulong)(offset - start)))
            {
                count = count != 0 ? count : BreakpointAt(ops, rip);
                break;
            }

            DecodedOp* op = ops + count;
            DecodeResult result = _decoder.Decode(page + offset, PhysicalPage.Size - offset, rip, block->Mode, op, out flow);
            if (result is DecodeResult.NeedMoreBytes or DecodeResult.TooLong)
            {
                // Such an instruction is a block of its own.
                if (count != 0 || (result == DecodeResult.NeedMoreBytes && !Across(block, op, linear, page, offset, last, out result)))
                {
                    break;
                }
            }

            if (result != DecodeResult.TooLong && rip + op->Length - 1 > last)
            {
                if (count == 0)
                {
                    _cpu.GeneralProtection();
                }

                break;
            }

            Choose(op, result);
            _codes[count] = result == DecodeResult.Ok ? _decoder.Code : Code.INVALID;
            flow = result == DecodeResult.Ok ? flow : FlowControl.Exception;
            count++;
            offset += op->Length;
        }

        ThreadedFusion.Apply(ops, _codes.AsSpan(0, count));
        _cpu.Memory.NoteCode(frame, start, Math.Max(1, Math.Min(offset, PhysicalPage.Size) - start));
        return count;
    }

    private void Choose(DecodedOp* op, DecodeResult result)
    {
        if (result == DecodeResult.TooLong)
        {
            op->Execute = &TooLong;
            op->Length = InstructionDecoder.LengthMax;
        }

        op->Handler = result == DecodeResult.Ok ? ThreadedSelector.Select(op, _decoder.Code) : &ThreadedCode.General;
    }

    /// <summary>
    /// Decodes an instruction whose tail is in the next page; false if that page faults, or lies beyond the segment's last byte.
    /// </summary>
    private bool Across(
        BlockHeader* block, DecodedOp* op, ulong linear, byte* page, int offset, ulong last, out DecodeResult result)
    {
        result = DecodeResult.NeedMoreBytes;
        if (block->Rip + (ulong)(PhysicalPage.Size - offset) > last)
        {
            _cpu.GeneralProtection();
            return false;
        }

        if (!_cpu.Mmu.TranslateFetch((linear | PhysicalPage.OffsetMask) + 1, out ulong second))
        {
            return false;
        }

        int available = PhysicalPage.Size - offset;
        byte* bytes = stackalloc byte[2 * InstructionDecoder.LengthMax];
        new ReadOnlySpan<byte>(page + offset, available).CopyTo(new Span<byte>(bytes, available));
        var tail = new Span<byte>(bytes + available, InstructionDecoder.LengthMax);
        if (_cpu.Memory.IsRam(second) && !_cpu.Devices.Claims(_cpu, second))
        {
            ulong frame = second >> PhysicalPage.Shift;
            new ReadOnlySpan<byte>(_cpu.Memory.ReadablePage(frame), tail.Length).CopyTo(tail);
            _cpu.Memory.NoteCode(frame, 0, tail.Length);
        }
        else
        {
            tail.Fill(0xFF);
        }

        block->SecondPhysical = second;
        result = _decoder.Decode(bytes, available + tail.Length, block->Rip, block->Mode, op, out _);
        return true;
    }

    private static int BreakpointAt(DecodedOp* op, ulong rip)
    {
        *op = new DecodedOp { Rip = rip, Execute = &Breakpoint, Handler = &ThreadedCode.General, Length = 1 };
        return 1;
    }

    // Nothing answers a fetch there: the bus floats high, and FF FF is no instruction.
    private static int NoMemory(BlockHeader* block, DecodedOp* op)
    {
        *op = new DecodedOp { Rip = block->Rip, Execute = &NoInstruction, Handler = &ThreadedCode.General, Length = 2 };
        return 1;
    }

    private static StepStatus Breakpoint(CpuCore cpu, DecodedOp* op) => StepStatus.Breakpoint;

    private static StepStatus NoInstruction(CpuCore cpu, DecodedOp* op) => cpu.InvalidOpcode();

    private static StepStatus TooLong(CpuCore cpu, DecodedOp* op) => cpu.GeneralProtection();
}
