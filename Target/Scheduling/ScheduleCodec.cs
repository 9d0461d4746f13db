using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// A schedule in few bytes: the memory model; the number of runs; per run of one runnable a byte with its number in the high
/// and the length in the low half (15 and 0: as a varint behind it); the drawn numbers as varints.
/// </summary>
internal static class ScheduleCodec
{
    private const int BigRunnable = 15;
    private const int BigLength = 0;

    /// <summary>Longer schedules are refused, lest a few crafted bytes claim all memory.</summary>
    private const int ChoiceCountMax = 1 << 24;

    public static byte[] Encode(Schedule schedule, MemoryModel memory)
    {
        VarintWriter writer = new();
        writer.Byte((byte)memory);
        writer.Number((ulong)RunCount(schedule));
        ReadOnlySpan<int> choices = schedule.Choices;
        for (int i = 0; i < choices.Length;)
        {
            int length = RunLength(choices, i);
            int high = Math.Min(choices[i], BigRunnable);
            int low = length < 16 ? length : BigLength;
            writer.Byte((byte)((high << 4) | low));
            if (high == BigRunnable)
            {
                writer.Number((ulong)choices[i]);
            }

            if (low == BigLength)
            {
                writer.Number((ulong)length);
            }

            i += length;
        }

        foreach (ulong number in schedule.Numbers)
        {
            writer.Number(number);
        }

        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Schedule? schedule, out MemoryModel memory)
    {
        schedule = null;
        VarintReader reader = new(bytes);
        memory = (MemoryModel)reader.Byte();
        ulong runCount = reader.Number();
        List<int> choices = [];
        for (ulong i = 0; i < runCount && !reader.Failed; i++)
        {
            byte run = reader.Byte();
            ulong runnable = run >> 4 == BigRunnable ? reader.Number() : (ulong)(run >> 4);
            ulong length = (run & 15) == BigLength ? reader.Number() : (ulong)(run & 15);
            if (reader.Failed || runnable > int.MaxValue || length > (ulong)(ChoiceCountMax - choices.Count))
            {
                return false;
            }

            choices.AddRange(Enumerable.Repeat((int)runnable, (int)length));
        }

        List<ulong> numbers = [];
        while (!reader.Failed && !reader.IsAtEnd)
        {
            numbers.Add(reader.Number());
        }

        if (reader.Failed || memory > MemoryModel.TotalStoreOrder)
        {
            return false;
        }

        schedule = new Schedule([.. choices], [.. numbers]);
        return true;
    }

    private static int RunCount(Schedule schedule) => schedule.Choices.Length == 0 ? 0 : schedule.SwitchCount + 1;

    private static int RunLength(ReadOnlySpan<int> choices, int start)
    {
        int end = start + 1;
        while (end < choices.Length && choices[end] == choices[start])
        {
            end++;
        }

        return end - start;
    }
}
