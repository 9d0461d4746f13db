namespace KgdbSim.Target.Devices;

/// <summary>
/// A 16550 at 0x3F8 that sends at once and never receives: enough for polled output. Register numbers and bits are those
/// of the National Semiconductor PC16550D data sheet.
/// </summary>
internal sealed class Uart16550(ConsoleBuffer output) : IPortDevice
{
    public const ushort FirstPort = 0x3F8;
    public const int PortCount = 8;

    private const byte DivisorLatch = 0x80;
    private const byte TransmitterEmpty = 0x60;
    private const byte NoInterrupt = 0x01;
    private const byte FifoEnabled = 0xC0;

    private byte _interruptEnable;
    private byte _lineControl;
    private byte _modemControl;
    private byte _scratch;
    private byte _divisorLow = 1;
    private byte _divisorHigh;
    private bool _fifo;

    public uint Read(ushort port, int size) => (port - FirstPort) switch
    {
        0 => Latch ? _divisorLow : 0u,
        1 => Latch ? _divisorHigh : _interruptEnable,
        2 => NoInterrupt | (_fifo ? FifoEnabled : 0u),
        3 => _lineControl,
        4 => _modemControl,
        5 => TransmitterEmpty,
        6 => 0xB0,
        _ => _scratch,
    };

    public void Write(ushort port, int size, uint value)
    {
        byte data = (byte)value;
        switch (port - FirstPort)
        {
            case 0 when Latch:
                _divisorLow = data;
                break;
            case 0:
                output.Write(data);
                break;
            case 1 when Latch:
                _divisorHigh = data;
                break;
            case 1:
                _interruptEnable = (byte)(data & 0x0F);
                break;
            case 2:
                _fifo = (data & 1) != 0;
                break;
            case 3:
                _lineControl = data;
                break;
            case 4:
                _modemControl = (byte)(data & 0x1F);
                break;
            case 7:
                _scratch = data;
                break;
        }
    }

    private bool Latch => (_lineControl & DivisorLatch) != 0;
}
