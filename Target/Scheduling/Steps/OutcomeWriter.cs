namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>Spells out the end state of a run ("r1=0 r2=1") into a buffer that is reused from run to run.</summary>
public sealed class OutcomeWriter
{
    private char[] _text = new char[64];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Adds <c>name=value</c>, after a blank if it isn't the first.</summary>
    public void Add<T>(string name, T value) where T : ISpanFormattable
    {
        Literal(_length == 0 ? "" : " ");
        Literal(name);
        Literal("=");
        int written;
        while (!value.TryFormat(_text.AsSpan(_length), out written, default, null))
        {
            Array.Resize(ref _text, 2 * _text.Length);
        }

        _length += written;
    }

    /// <summary>Adds words as they are.</summary>
    public void Add(string words)
    {
        Literal(_length == 0 ? "" : " ");
        Literal(words);
    }

    internal void Clear() => _length = 0;

    private void Literal(string text)
    {
        while (!text.TryCopyTo(_text.AsSpan(_length)))
        {
            Array.Resize(ref _text, 2 * _text.Length);
        }

        _length += text.Length;
    }
}
