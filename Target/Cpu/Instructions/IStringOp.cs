using KgdbSim.Target.Cpu.Decode;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The flags that a comparing string instruction has reached, not yet architectural.</summary>
internal struct StringFlags
{
    public ulong Result;
    public ulong Aux;
}

/// <summary>One string instruction at one width, without its repetition.</summary>
internal interface IStringOp
{
    /// <summary>CMPS, SCAS: REPE and REPNE also end on ZF.</summary>
    static abstract bool Compares { get; }

    /// <summary>One iteration, counter apart; false: it faulted and nothing changed.</summary>
    static abstract unsafe bool One(CpuCore cpu, DecodedOp* op, ref StringFlags flags);

    /// <summary>
    /// As many iterations as can be made at once, at most <paramref name="count"/>; a comparing one ends with the first
    /// whose ZF is not <paramref name="whileZero"/>.
    /// </summary>
    /// <returns>Iterations made, none of which can have faulted; 0 if it takes <see cref="One"/>.</returns>
    static abstract unsafe ulong Bulk(CpuCore cpu, DecodedOp* op, ulong count, bool whileZero, ref StringFlags flags);
}
