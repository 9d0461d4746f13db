using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>A rectangle of the picture, in pixels.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Y + Height;
}

/// <summary>
/// Where everything of the picture is: time goes down, a lane for each CPU, in it the contexts as frames within frames, in
/// them the steps. All text is set in a fixed-width face and told its length, so that it fits whatever face there is.
/// </summary>
internal sealed class TimelineLayout
{
    /// <summary>The width of a character.</summary>
    public const double CharWidth = 7.2;

    /// <summary>The height of a line of text.</summary>
    public const double LineHeight = 16;

    /// <summary>Between text and the box around it.</summary>
    public const double Padding = 5;

    private const int CharsMax = 72;
    private const double GutterWidth = 60;
    private const double LaneGap = 14;
    private const double Indent = 9;
    private const double TitleHeight = 30;
    private const double Margin = 8;

    private readonly Lanes _lanes;
    private readonly double[] _lefts;
    private readonly double[] _widths;
    private readonly Box[] _steps;
    private readonly Box[] _frames;
    private readonly double _rowGap;

    /// <summary>Lays out the steps of an incident.</summary>
    public TimelineLayout(Incident incident)
    {
        Steps = [.. incident.Steps.Where(step => step.Step >= 0)];
        _lanes = new Lanes(Steps);
        Spans = ContextSpan.Of(Steps, _lanes);
        int depths = Spans.Count == 0 ? 0 : Spans.Max(span => span.Depth) + 1;
        _rowGap = 5 + (3 * depths);
        _widths = [.. _lanes.All.Select((lane, index) => WidthOf(lane, index))];
        _lefts = new double[_widths.Length];
        double left = GutterWidth;
        for (int i = 0; i < _widths.Length; i++)
        {
            _lefts[i] = left;
            left += _widths[i] + LaneGap;
        }

        // Few and narrow lanes must not cut the bar's text short.
        double headline = TextWidth(TimelineSvg.FatalMark + IncidentText.Headline(incident)) + (2 * Margin);
        Width = Math.Max(left - LaneGap + Margin, Math.Ceiling(headline));
        _steps = new Box[Steps.Count];
        _frames = new Box[Spans.Count];
        Height = Place(incident) + Margin;
    }

    /// <summary>The steps shown, in order.</summary>
    public IReadOnlyList<StepRecord> Steps { get; }

    /// <summary>The lanes, from left to right.</summary>
    public IReadOnlyList<Lane> Lanes => _lanes.All;

    /// <summary>The contexts' frames.</summary>
    public IReadOnlyList<ContextSpan> Spans { get; }

    /// <summary>The width of the picture.</summary>
    public double Width { get; }

    /// <summary>The height of the picture.</summary>
    public double Height { get; }

    /// <summary>The bar that says what went wrong; null if nothing did, or before the first step.</summary>
    public Box? Fatal { get; private set; }

    /// <summary>Which step is the fatal one, as an index into <see cref="Steps"/>; -1 for none.</summary>
    public int FatalIndex { get; private set; } = -1;

    /// <summary>A lane's box, title included.</summary>
    public Box LaneBox(int lane) => new(_lefts[lane], Margin, _widths[lane], Height - (2 * Margin));

    /// <summary>The box of a lane's title.</summary>
    public Box TitleBox(int lane) => new(_lefts[lane], Margin, _widths[lane], TitleHeight - Margin);

    /// <summary>A step's box.</summary>
    public Box StepBox(int step) => _steps[step];

    /// <summary>Where a step's number stands.</summary>
    public Box NumberBox(int step) => new(Margin, _steps[step].Y, GutterWidth - (2 * Margin), LineHeight + (2 * Padding));

    /// <summary>The frame of a context.</summary>
    public Box FrameBox(int span) => _frames[span];

    /// <summary>Whether a frame says whose it is; where a lane has one context, its title does.</summary>
    public bool HasLabel(int span) => Lanes[Spans[span].Lane].IsShared;

    /// <summary>As much of a text as a box of this width has room for.</summary>
    public static string Fit(string text, double width)
    {
        int room = (int)((width - (2 * Padding)) / CharWidth);
        return text.Length <= room ? text : room <= 1 ? "" : text[..(room - 1)] + "…";
    }

    /// <summary>The lines in a step's box.</summary>
    public static IReadOnlyList<string> Lines(StepRecord step) =>
        step.Line is null ? [StepWords.Deed(step)] : [StepWords.Deed(step), step.Line];

    private double WidthOf(Lane lane, int index)
    {
        double width = TextWidth(lane.Title);
        foreach (ContextSpan span in Spans.Where(span => span.Lane == index))
        {
            double inset = 2 * Indent * (span.Depth + 1);
            width = Math.Max(width, TextWidth(span.Context) + inset);
            for (int i = span.First; i <= span.Last; i++)
            {
                if (_lanes.IndexOf(Steps[i]) == index && Steps[i].Context == span.Context)
                {
                    width = Math.Max(width, Lines(Steps[i]).Max(TextWidth) + inset);
                }
            }
        }

        return Math.Ceiling(width);
    }

    private static double TextWidth(string text) => (Math.Min(CharsMax, text.Length) * CharWidth) + (2 * Padding);

    /// <summary>Goes down the steps; returns where the picture ends.</summary>
    private double Place(Incident incident)
    {
        double y = TitleHeight + _rowGap;
        double[] frameTops = new double[Spans.Count];
        int nextSpan = 0;
        for (int i = 0; i < Steps.Count; i++)
        {
            for (; nextSpan < Spans.Count && Spans[nextSpan].First == i; nextSpan++)
            {
                frameTops[nextSpan] = y;
                y += HasLabel(nextSpan) ? LineHeight + 4 : 4;
            }

            int lane = _lanes.IndexOf(Steps[i]);
            double inset = Indent * (1 + Spans.Where(span => span.Lane == lane && span.First <= i && i <= span.Last).Max(span => span.Depth));
            double height = (Lines(Steps[i]).Count * LineHeight) + (2 * Padding);
            _steps[i] = new Box(_lefts[lane] + inset, y, _widths[lane] - (2 * inset), height);
            y += height + _rowGap;
            if (Steps[i].Step == incident.FatalStep && incident.Violation is not null
                && (i + 1 == Steps.Count || Steps[i + 1].Step != incident.FatalStep))
            {
                FatalIndex = i;
                Fatal = new Box(Margin, y, Width - (2 * Margin), LineHeight + (2 * Padding));
                y += Fatal.Value.Height + _rowGap;
            }
        }

        for (int i = 0; i < _frames.Length; i++)
        {
            ContextSpan span = Spans[i];
            double inset = (Indent * (span.Depth + 1)) - 5;
            double bottom = _steps[span.Last].Bottom + 3 + (2 * (DeepestAt(span) - span.Depth));
            _frames[i] = new Box(
                _lefts[span.Lane] + inset, frameTops[i], _widths[span.Lane] - (2 * inset), bottom - frameTops[i]);
        }

        return y;
    }

    private int DeepestAt(ContextSpan outer) => Spans
        .Where(span => span.Lane == outer.Lane && span.First >= outer.First && span.Last == outer.Last).Max(span => span.Depth);
}
