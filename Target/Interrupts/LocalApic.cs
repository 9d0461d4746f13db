using System.Runtime.InteropServices;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Interrupts;

/// <summary>
/// The local APIC of one processor, as xAPIC and as x2APIC (SDM vol. 3, chapter 11): what it has been asked for, what
/// it gives the processor, and its identity. Registers are in <see cref="ApicRegisters"/>, the timer in <see
/// cref="ApicTimer"/>.
/// </summary>
internal sealed unsafe class LocalApic : IInterruptController, IDisposable
{
    private const ulong BaseEnabled = 1 << 11;
    private const ulong BaseX2Apic = 1 << 10;
    private const ulong BaseProcessor = 1 << 8;
    private const ulong BaseAddressMask = 0xFFFF_FFFF_F000;
    private const uint SoftwareEnabled = 1 << 8;
    private const uint ErrorIllegalVector = 1 << 6;

    private readonly CpuCore _core;
    private readonly IInterruptFabric _fabric;
    private readonly ApicRegisters _registers;

    public LocalApic(CpuCore core, IInterruptFabric fabric)
    {
        _core = core;
        _fabric = fabric;
        State = (ApicState*)NativeMemory.AllocZeroed((nuint)sizeof(ApicState));
        Timer = new ApicTimer(this, core);
        _registers = new ApicRegisters(this);
        core.InterruptController = this;
        Reset();
    }

    /// <summary>Everything that a snapshot must keep; the pointer is valid as long as this object.</summary>
    public ApicState* State { get; }

    public ApicTimer Timer { get; }

    /// <summary>Number of the processor.</summary>
    public int Processor => _core.Id;

    public bool Enabled => (_core.State->ApicBase & BaseEnabled) != 0;

    public bool X2Apic => (_core.State->ApicBase & (BaseEnabled | BaseX2Apic)) == (BaseEnabled | BaseX2Apic);

    /// <summary>Fixed interrupts are accepted: enabled by MSR and by software.</summary>
    public bool Accepts => Enabled && (State->SpuriousVector & SoftwareEnabled) != 0;

    /// <summary>Address that physical destination mode compares.</summary>
    public uint PhysicalId => X2Apic ? (uint)Processor : State->Id;

    /// <summary>PPR: the higher of the task's and the in-service priority.</summary>
    public byte ProcessorPriority
    {
        get
        {
            int serving = Math.Max(VectorSet.Highest(State->InService), 0);
            return State->TaskPriority >> 4 >= serving >> 4 ? State->TaskPriority : (byte)(serving & 0xF0);
        }
    }

    /// <summary>A fixed interrupt is waiting that the present priority lets through.</summary>
    public bool InterruptPending => Accepts && VectorSet.Highest(State->Requested) >> 4 > ProcessorPriority >> 4;

    ulong IInterruptController.TaskPriority
    {
        get => (ulong)(State->TaskPriority >> 4);
        set => SetTaskPriority((byte)(value << 4));
    }

    /// <summary>State after power-on.</summary>
    public void Reset()
    {
        *State = default;
        State->Id = (byte)Processor;
        Initialize();
    }

    /// <summary>
    /// What INIT does: as after power-on, but the ID stays (SDM vol. 3, 11.4.7.3), and so does a start-up message that
    /// came behind the INIT.
    /// </summary>
    public void Init()
    {
        ApicState before = *State;
        *State = new ApicState
        {
            Id = before.Id, StartUpPending = before.StartUpPending, StartUpVector = before.StartUpVector,
        };
        Initialize();
    }

    /// <summary>The page of registers lies at this physical address.</summary>
    public bool Claims(ulong physical) =>
        Enabled && !X2Apic && (physical & ~0xFFFUL) == (_core.State->ApicBase & BaseAddressMask);

    /// <summary>Loads from the page of registers; whatever the size, a register is 32 bits of each 16 bytes.</summary>
    public uint Read(ulong physical) =>
        (physical & 0xF) == 0 ? _registers.Read((uint)(physical & 0xFFF) >> 4) : 0;

    /// <summary>Stores to the page of registers.</summary>
    public void Write(ulong physical, uint value)
    {
        if ((physical & 0xF) == 0)
        {
            _registers.Write((uint)(physical & 0xFFF) >> 4, value);
        }
    }

    /// <summary>Takes a message from the fabric or a local source.</summary>
    public void Accept(in IpiMessage message)
    {
        ApicState* s = State;
        switch (message.Mode)
        {
            case DeliveryMode.Fixed or DeliveryMode.LowestPriority:
                Request(message.Vector, message.Level);
                break;
            case DeliveryMode.Nmi:
                s->NmiPending = true;
                break;
            case DeliveryMode.Init:
                s->InitPending = true;
                s->StartUpPending = false;
                break;
            case DeliveryMode.StartUp:
                // Only a processor that waits for it, or is about to, heeds it, and only the first.
                if (!s->StartUpPending && (s->InitPending || _core.State->Activity == ActivityState.WaitForSipi))
                {
                    s->StartUpPending = true;
                    s->StartUpVector = message.Vector;
                }

                break;
        }

        _core.Attention = true;
    }

    /// <summary>The vector that the processor is to be interrupted with, moved from requested to in service.</summary>
    public byte Acknowledge()
    {
        ApicState* s = State;
        int vector = VectorSet.Highest(s->Requested);
        if (vector < 0 || vector >> 4 <= ProcessorPriority >> 4)
        {
            return (byte)s->SpuriousVector;
        }

        VectorSet.Remove(s->Requested, vector);
        VectorSet.Add(s->InService, vector);
        return (byte)vector;
    }

    /// <summary>EOI: the highest interrupt in service is done.</summary>
    public void EndOfInterrupt()
    {
        int vector = VectorSet.Highest(State->InService);
        if (vector >= 0)
        {
            VectorSet.Remove(State->InService, vector);
            _core.Attention = true;
        }
    }

    /// <summary>Sends the command in the ICR.</summary>
    public void SendCommand()
    {
        bool fixedMode = ((State->InterruptCommand >> 8) & 7) <= 1;
        if (fixedMode && (byte)State->InterruptCommand < 16)
        {
            Error(1 << 5);
            return;
        }

        IpiRouter.Send(this, _fabric, State->InterruptCommand);
    }

    /// <summary>Raises a local source's interrupt as its table entry says.</summary>
    public void RaiseLocal(LocalVector source)
    {
        const uint Masked = 1 << 16;
        uint entry = State->LocalVectors[(int)source];
        if ((entry & Masked) == 0)
        {
            var mode = source == LocalVector.Timer ? DeliveryMode.Fixed : (DeliveryMode)((entry >> 8) & 7);
            Accept(new IpiMessage(Processor, mode, (byte)entry, false));
        }
    }

    /// <summary>Notes an error and raises its interrupt (SDM vol. 3, 11.5.3).</summary>
    public void Error(uint bit)
    {
        bool known = (State->ErrorsLatched & bit) != 0;
        State->ErrorsLatched |= bit;
        if (!known)
        {
            RaiseLocal(LocalVector.Error);
        }
    }

    /// <summary>A logical destination includes this processor (SDM vol. 3, 11.6.2.2 and 11.12.10.2).</summary>
    public bool MatchesLogical(uint destination)
    {
        if (X2Apic)
        {
            uint own = LogicalIdX2Apic;
            return destination >> 16 == own >> 16 && (destination & own & 0xFFFF) != 0;
        }

        uint logical = State->LogicalDestination >> 24;
        bool flat = State->DestinationFormat >> 28 == 0xF;
        return flat
            ? (destination & logical) != 0
            : (destination >> 4 == logical >> 4 || destination >> 4 == 0xF) && (destination & logical & 0xF) != 0;
    }

    /// <summary>x2APIC logical ID: cluster above, one bit of 16 below.</summary>
    public uint LogicalIdX2Apic => ((uint)Processor >> 4 << 16) | (1u << (Processor & 15));

    public void SetTaskPriority(byte value)
    {
        State->TaskPriority = value;
        _core.State->Cr8 = (ulong)(value >> 4);
        _core.Attention = true;
    }

    public bool ReadMsr(uint msr, out ulong value)
    {
        value = 0;
        switch (msr)
        {
            case MsrNumber.ApicBase:
                value = _core.State->ApicBase;
                return true;
            case MsrNumber.TscDeadline:
                value = Timer.TscDeadline;
                return _core.Model.Has(CpuFeatures.TscDeadline);
            default:
                return X2Apic && _registers.ReadWide(msr - MsrNumber.X2ApicFirst, out value);
        }
    }

    public bool WriteMsr(uint msr, ulong value)
    {
        switch (msr)
        {
            case MsrNumber.ApicBase:
                return SetBase(value);
            case MsrNumber.TscDeadline when _core.Model.Has(CpuFeatures.TscDeadline):
                Timer.SetTscDeadline(value);
                return true;
            case MsrNumber.TscDeadline:
                return false;
            default:
                return X2Apic && _registers.WriteWide(msr - MsrNumber.X2ApicFirst, value);
        }
    }

    public void TimeStampChanged() => Timer.CounterChanged();

    public void Dispose() => NativeMemory.Free(State);

    private void Request(byte vector, bool level)
    {
        if (!Accepts)
        {
            return;
        }

        if (vector < 16)
        {
            Error(ErrorIllegalVector);
            return;
        }

        VectorSet.Add(State->Requested, vector);
        if (level)
        {
            VectorSet.Add(State->LevelTriggered, vector);
        }
        else
        {
            VectorSet.Remove(State->LevelTriggered, vector);
        }
    }

    private void Initialize()
    {
        State->DestinationFormat = uint.MaxValue;
        State->SpuriousVector = 0xFF;
        for (int i = 0; i < (int)LocalVector.Count; i++)
        {
            State->LocalVectors[i] = ApicRegisters.Masked;
        }

        _core.State->Cr8 = 0;
    }

    /// <summary>Off, xAPIC and x2APIC in the transitions that figure 11-27 of the manual allows.</summary>
    private bool SetBase(ulong value)
    {
        ulong before = _core.State->ApicBase;
        bool x2 = (value & BaseX2Apic) != 0;
        bool on = (value & BaseEnabled) != 0;
        bool wasX2 = (before & BaseX2Apic) != 0;
        bool wasOn = (before & BaseEnabled) != 0;
        ulong known = BaseEnabled | BaseProcessor | BaseAddressMask & ((1UL << Memory.PageWalker.PhysicalBits) - 1)
            | (_core.Model.Has(CpuFeatures.X2Apic) ? BaseX2Apic : 0);
        if ((value & ~known) != 0 || (x2 && !on) || (wasX2 && !x2 && on) || (x2 && !wasOn))
        {
            return false;
        }

        _core.State->ApicBase = value;
        if (wasOn && !on)
        {
            Init();
        }

        // Where the register page lies decides which translations are of RAM.
        _core.TranslationChanged();
        return true;
    }
}
