/* Batches of requests from standard input, answered on standard output when the last one has run. */
#include "system.h"

static struct request requests[BATCH_MAX];
static u32 request_count, request_next;

/* The most that one response can take: every line of every page changed. */
#define RESPONSE_MAX (sizeof(struct response) + DATA_BYTES / LINE_BYTES * sizeof(struct line))

static struct {
    u32 length;
    u8 bytes[BATCH_MAX * RESPONSE_MAX];
} __attribute__((packed)) output;

void read_all(void *to, u64 bytes)
{
    u8 *at = to;
    while (bytes > 0) {
        long count = SYSTEM(__NR_read, 0, at, bytes, 0, 0, 0);
        if (count <= 0)
            SYSTEM(__NR_exit_group, count == 0 && at == to ? 0 : 3, 0, 0, 0, 0, 0);
        at += count;
        bytes -= count;
    }
}

static void write_all(const void *from, u64 bytes)
{
    const u8 *at = from;
    while (bytes > 0) {
        long count = SYSTEM(__NR_write, 1, at, bytes, 0, 0, 0);
        if (count <= 0)
            SYSTEM(__NR_exit_group, 3, 0, 0, 0, 0, 0);
        at += count;
        bytes -= count;
    }
}

struct request *next_request(void)
{
    if (request_next == request_count) {
        if (request_count != 0)
            write_all(&output, sizeof output.length + output.length);
        output.length = 0;
        read_all(&request_count, sizeof request_count);
        if (request_count == 0 || request_count > BATCH_MAX)
            give_up("a batch of an impossible size");
        read_all(requests, request_count * sizeof requests[0]);
        request_next = 0;
    }
    return &requests[request_next++];
}

void answer(struct response *response, const u8 *before)
{
    u8 *start = output.bytes + output.length;
    u8 *at = start + sizeof *response;
    response->line_count = 0;
    for (u32 offset = 0; offset < DATA_BYTES; offset += LINE_BYTES) {
        const u64 *was = (const u64 *)(before + offset);
        const u64 *is = (const u64 *)(data_alias + offset);
        if (was[0] == is[0] && was[1] == is[1])
            continue;
        struct line line = { .offset = offset };
        copy(line.bytes, is, LINE_BYTES);
        copy(at, &line, sizeof line);
        at += sizeof line;
        response->line_count++;
    }
    copy(start, response, sizeof *response);
    output.length += at - start;
}
