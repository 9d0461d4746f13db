/* System calls without a C library: its thread pointer is FS, which snippets own. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <asm/unistd.h>
#include "wire.h"

static inline long system_call(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#define SYSTEM(number, a, b, c, d, e, f) \
    system_call((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static inline void copy(void *to, const void *from, u64 bytes)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

static inline void fill(void *to, u8 value, u64 bytes)
{
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
}

/* Says why on standard error and ends the process. */
__attribute__((noreturn)) void give_up(const char *reason);

/* sandbox.c: maps the snippet's pages and closes the way to the kernel for what runs below 4 GiB. */
extern u8 *code_alias, *data_alias;
void map_pages(void);
void make_segments(void);
void forbid_system_calls(void);

/* exchange.c: the conversation with the test. */
void read_all(void *to, u64 bytes);
struct request *next_request(void);
void answer(struct response *response, const u8 *before);

/* frame.c: the signal handler that is left for each snippet and entered after it. */
extern u64 vector_offset;
void start_first(void) __attribute__((noreturn));

#endif
