using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Host;

/// <summary>
/// The processor that the tests run on, as an oracle: a process of its own runs snippets in user mode and tells the state
/// that each one ends in. A process that dies of a snippet is replaced.
/// </summary>
internal sealed unsafe class HostCpu : IDisposable
{
    /// <summary>Most snippets handed over at once: BATCH_MAX of wire.h.</summary>
    public const int BatchMax = 256;

    private readonly string _program;
    private readonly byte[] _requests = new byte[sizeof(uint) + BatchMax * sizeof(HostRequest)];
    private byte[] _responses = new byte[1 << 20];
    private Process _process;

    private HostCpu(string program)
    {
        _program = program;
        _process = Start(program);
    }

    /// <summary>The host as an oracle, or null and the reason why it cannot be one.</summary>
    public static (HostCpu? Host, string Reason) TryOpen()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return (null, $"this is {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}, not Linux on x86-64");
        }

        (string? program, string reason) = HarnessBuild.Get();
        if (program == null)
        {
            return (null, reason);
        }

        var host = new HostCpu(program);
        try
        {
            host.Run([new Snippet { Code = [0x90], State = MachineState.Initial }], [new Outcome()]);
            return (host, "");
        }
        catch (HostFailedException e)
        {
            host.Dispose();
            return (null, e.Message);
        }
    }

    /// <summary>Runs each snippet and fills in the outcome of the same index.</summary>
    /// <exception cref="HostFailedException">The process ended while it ran them.</exception>
    public void Run(ReadOnlySpan<Snippet> snippets, ReadOnlySpan<Outcome> outcomes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snippets.Length, BatchMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcomes.Length, snippets.Length);
        int length = Encode(snippets);
        try
        {
            Stream input = _process.StandardInput.BaseStream;
            input.Write(_requests, 0, length);
            input.Flush();
            Stream output = _process.StandardOutput.BaseStream;
            uint answer = 0;
            output.ReadExactly(MemoryMarshal.AsBytes(new Span<uint>(ref answer)));
            if (_responses.Length < answer)
            {
                _responses = new byte[answer];
            }

            output.ReadExactly(_responses, 0, (int)answer);
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            string reason = Describe();
            _process.Dispose();
            _process = Start(_program);
            throw new HostFailedException(reason, e);
        }

        Decode(snippets, outcomes);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Process Start(string program)
    {
        Process process = Process.Start(new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        uint[] table = [(uint)Segments.Local.Length, .. Segments.Local.SelectMany(
            segment => (uint[])[segment.Base, segment.Limit, segment.Flags])];
        process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes<uint>(table));
        process.StandardInput.BaseStream.Flush();
        return process;
    }

    private string Describe()
    {
        string said = _process.StandardError.ReadToEnd();
        _process.WaitForExit();
        return $"the harness ended with exit code {_process.ExitCode}{(said.Length != 0 ? $": {said}" : "")}";
    }

    private int Encode(ReadOnlySpan<Snippet> snippets)
    {
        fixed (byte* buffer = _requests)
        {
            *(uint*)buffer = (uint)snippets.Length;
            byte* at = buffer + sizeof(uint);
            foreach (Snippet snippet in snippets)
            {
                var request = (HostRequest*)at;
                Unsafe.WriteUnaligned(at, snippet.State);
                request->CodeAddress = snippet.CodeAddress;
                request->WindowAddress = snippet.WindowAddress;
                request->WindowLength = (uint)snippet.Window.Length;
                request->CodeLength = (uint)snippet.Code.Length;
                snippet.Code.CopyTo(new Span<byte>(request->Code, HostRequest.CodeMax));
                snippet.Window.CopyTo(new Span<byte>(request->Window, Layout.WindowMax));
                at += sizeof(HostRequest);
            }

            return (int)(at - buffer);
        }
    }

    private void Decode(ReadOnlySpan<Snippet> snippets, ReadOnlySpan<Outcome> outcomes)
    {
        fixed (byte* buffer = _responses)
        {
            byte* at = buffer;
            for (int i = 0; i < snippets.Length; i++)
            {
                var response = (HostResponse*)at;
                at += sizeof(HostResponse);
                Outcome outcome = outcomes[i];
                outcome.Ending = response->How;
                outcome.Trap = response->Trap;
                outcome.Error = response->Error;
                outcome.Cr2 = response->Trap == 14 ? response->Cr2 : 0;
                outcome.State = response->State;
                snippets[i].FillMemory(outcome.Memory);
                for (uint n = 0; n < response->LineCount; n++)
                {
                    var line = (HostLine*)at;
                    new ReadOnlySpan<byte>(line->Bytes, HostLine.Length).CopyTo(outcome.Memory.AsSpan((int)line->Offset));
                    at += sizeof(HostLine);
                }
            }
        }
    }
}
