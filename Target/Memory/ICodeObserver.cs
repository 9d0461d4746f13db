namespace KgdbSim.Target.Memory;

/// <summary>Somebody who holds decoded instructions or cached translations of physical memory: a processor.</summary>
internal interface ICodeObserver
{
    /// <summary>The frame has decoded instructions from now on: writes to it must no longer bypass <see cref="PhysicalMemory"/>.</summary>
    void FrameHoldsCode(ulong frame);

    /// <summary>Bytes that had been decoded were changed: drop what was made of this frame.</summary>
    void CodeModified(ulong frame);

    /// <summary>Pages changed places (snapshot taken or restored): forget every host pointer.</summary>
    void PagesMoved();
}
