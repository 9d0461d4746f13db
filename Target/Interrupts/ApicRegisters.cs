namespace KgdbSim.Target.Interrupts;

/// <summary>
/// The registers of a local APIC, by number: through its page in xAPIC mode, through MSRs in x2APIC mode.
/// </summary>
internal sealed unsafe class ApicRegisters(LocalApic apic)
{
    /// <summary>Mask bit of a local vector table entry.</summary>
    public const uint Masked = 1 << 16;

    /// <summary>Version 14h, six local vector table entries.</summary>
    private const uint VersionValue = 0x14 | ((uint)(LocalVector.Count - 1) << 16);

    private const uint ErrorIllegalRegister = 1 << 7;
    private const uint SoftwareEnabled = 1 << 8;
    private const uint SpuriousWritable = 0x1FF;

    // Vector, delivery mode, polarity, trigger mode and mask, as far as each entry has them; the timer has two mode
    // bits.
    private static readonly uint[] VectorWritable = [0x7_00FF, 0x1_07FF, 0x1_07FF, 0x1_A7FF, 0x1_A7FF, 0x1_00FF];

    /// <summary>Reads 32 bits of the register page; where there is no register, an error is noted and 0 read.</summary>
    public uint Read(uint number)
    {
        ApicState* s = apic.State;
        switch (number)
        {
            case ApicRegister.Id:
                return (uint)s->Id << 24;
            case ApicRegister.ArbitrationPriority:
                return apic.ProcessorPriority;
            case ApicRegister.LogicalDestination:
                return s->LogicalDestination;
            case ApicRegister.DestinationFormat:
                return s->DestinationFormat;
            case ApicRegister.CommandHigh:
                return (uint)(s->InterruptCommand >> 32);
            case ApicRegister.EndOfInterrupt:
                return 0;
            default:
                if (Common(number, out uint value))
                {
                    return value;
                }

                apic.Error(ErrorIllegalRegister);
                return 0;
        }
    }

    /// <summary>Writes 32 bits of the register page.</summary>
    public void Write(uint number, uint value)
    {
        ApicState* s = apic.State;
        switch (number)
        {
            case ApicRegister.Id:
                s->Id = (byte)(value >> 24);
                break;
            case ApicRegister.LogicalDestination:
                s->LogicalDestination = value & 0xFF00_0000;
                break;
            case ApicRegister.DestinationFormat:
                s->DestinationFormat = value | 0x0FFF_FFFF;
                break;
            case ApicRegister.CommandHigh:
                s->InterruptCommand = (uint)s->InterruptCommand | ((ulong)(value & 0xFF00_0000) << 32);
                break;
            case ApicRegister.CommandLow:
                s->InterruptCommand = (s->InterruptCommand & 0xFFFF_FFFF_0000_0000) | (value & 0xC_CFFF);
                apic.SendCommand();
                break;
            case ApicRegister.EndOfInterrupt:
                apic.EndOfInterrupt();
                break;
            case ApicRegister.ErrorStatus:
                ShowErrors();
                break;
            default:
                if (!SetCommon(number, value))
                {
                    apic.Error(ErrorIllegalRegister);
                }

                break;
        }
    }

    /// <summary>RDMSR in x2APIC mode; false: #GP(0).</summary>
    public bool ReadWide(uint number, out ulong value)
    {
        ApicState* s = apic.State;
        value = 0;
        switch (number)
        {
            case ApicRegister.Id:
                value = (uint)apic.Processor;
                return true;
            case ApicRegister.LogicalDestination:
                value = apic.LogicalIdX2Apic;
                return true;
            case ApicRegister.CommandLow:
                value = s->InterruptCommand;
                return true;
            default:
                bool known = Common(number, out uint narrow);
                value = narrow;
                return known;
        }
    }

    /// <summary>WRMSR in x2APIC mode; false: #GP(0).</summary>
    public bool WriteWide(uint number, ulong value)
    {
        ApicState* s = apic.State;
        if (number == ApicRegister.CommandLow)
        {
            const ulong Writable = 0xFFFF_FFFF_000C_CFFF;
            if ((value & ~Writable) != 0)
            {
                return false;
            }

            s->InterruptCommand = value;
            apic.SendCommand();
            return true;
        }

        if (value >> 32 != 0)
        {
            return false;
        }

        switch (number)
        {
            case ApicRegister.EndOfInterrupt when value == 0:
                apic.EndOfInterrupt();
                return true;
            case ApicRegister.ErrorStatus when value == 0:
                ShowErrors();
                return true;
            case ApicRegister.SelfIpi when value <= 0xFF:
                apic.Accept(new IpiMessage(apic.Processor, DeliveryMode.Fixed, (byte)value, false));
                return true;
            default:
                return ReservedClear(number, (uint)value) && SetCommon(number, (uint)value);
        }
    }

    private bool Common(uint number, out uint value)
    {
        ApicState* s = apic.State;
        uint? read = number switch
        {
            ApicRegister.Version => VersionValue,
            ApicRegister.TaskPriority => s->TaskPriority,
            ApicRegister.ProcessorPriority => apic.ProcessorPriority,
            ApicRegister.SpuriousVector => s->SpuriousVector,
            >= ApicRegister.InService and < ApicRegister.InService + 8 =>
                VectorSet.Word(s->InService, (int)(number - ApicRegister.InService)),
            >= ApicRegister.TriggerMode and < ApicRegister.TriggerMode + 8 =>
                VectorSet.Word(s->LevelTriggered, (int)(number - ApicRegister.TriggerMode)),
            >= ApicRegister.Requested and < ApicRegister.Requested + 8 =>
                VectorSet.Word(s->Requested, (int)(number - ApicRegister.Requested)),
            ApicRegister.ErrorStatus => s->ErrorStatus,
            ApicRegister.CommandLow => (uint)s->InterruptCommand,
            >= ApicRegister.TimerVector and <= ApicRegister.ErrorVector =>
                s->LocalVectors[number - ApicRegister.TimerVector],
            ApicRegister.TimerInitial => s->TimerInitial,
            ApicRegister.TimerCurrent => apic.Timer.Current,
            ApicRegister.TimerDivide => s->TimerDivide,
            _ => null,
        };
        value = read.GetValueOrDefault();
        return read.HasValue;
    }

    private bool SetCommon(uint number, uint value)
    {
        switch (number)
        {
            case ApicRegister.TaskPriority:
                apic.SetTaskPriority((byte)value);
                return true;
            case ApicRegister.SpuriousVector:
                SetSpurious(value);
                return true;
            case >= ApicRegister.TimerVector and <= ApicRegister.ErrorVector:
                SetVector((LocalVector)(number - ApicRegister.TimerVector), value);
                return true;
            case ApicRegister.TimerInitial:
                apic.Timer.SetInitial(value);
                return true;
            case ApicRegister.TimerDivide:
                apic.Timer.SetDivide(value & 0xB);
                return true;
            default:
                return false;
        }
    }

    private static bool ReservedClear(uint number, uint value) => number switch
    {
        ApicRegister.TaskPriority => value <= 0xFF,
        ApicRegister.SpuriousVector => (value & ~SpuriousWritable) == 0,
        >= ApicRegister.TimerVector and <= ApicRegister.ErrorVector =>
            (value & ~(VectorWritable[number - ApicRegister.TimerVector] | (1u << 12) | (1u << 14))) == 0,
        ApicRegister.TimerDivide => (value & ~0xBu) == 0,
        _ => true,
    };

    // While software has it disabled every local entry is masked and stays so (SDM vol. 3, 11.4.7.2).
    private void SetSpurious(uint value)
    {
        ApicState* s = apic.State;
        s->SpuriousVector = value & SpuriousWritable;
        if ((value & SoftwareEnabled) == 0)
        {
            for (int i = 0; i < (int)LocalVector.Count; i++)
            {
                s->LocalVectors[i] |= Masked;
            }
        }
    }

    private void SetVector(LocalVector which, uint value)
    {
        ApicState* s = apic.State;
        value &= VectorWritable[(int)which];
        if ((s->SpuriousVector & SoftwareEnabled) == 0)
        {
            value |= Masked;
        }

        uint before = s->LocalVectors[(int)which];
        s->LocalVectors[(int)which] = value;
        if (which == LocalVector.Timer)
        {
            apic.Timer.ModeChanged(before, value);
        }
    }

    private void ShowErrors()
    {
        apic.State->ErrorStatus = apic.State->ErrorsLatched;
        apic.State->ErrorsLatched = 0;
    }
}
