/* Sets the harness up, then takes its first signal, whose handler never comes back here. */
#include <asm/signal.h>
#include <linux/time.h>
#include "system.h"

#define STACK_BYTES (1 << 20)
#define TICK_MICROSECONDS 10000
#define AT_HWCAP2 26
#define HWCAP2_FSGSBASE 2

void handler_entry(void);

static u8 signal_stack[STACK_BYTES] __attribute__((aligned(64)));

void give_up(const char *reason)
{
    u64 length = 0;
    while (reason[length] != 0)
        length++;
    SYSTEM(__NR_write, 2, reason, length, 0, 0, 0);
    SYSTEM(__NR_exit_group, 2, 0, 0, 0, 0, 0);
    __builtin_unreachable();
}

static void catch_signals(void)
{
    static const int caught[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGVTALRM };
    stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof signal_stack };
    if (SYSTEM(__NR_sigaltstack, &stack, 0, 0, 0, 0, 0) != 0)
        give_up("no signal stack");
    struct sigaction action = {
        .sa_flags = SA_SIGINFO | SA_ONSTACK | 0x04000000 /* SA_RESTORER */,
        .sa_restorer = handler_entry, /* never returned to */
        .sa_mask = ~0UL,
    };
    action.sa_handler = (__sighandler_t)handler_entry;
    for (u64 i = 0; i < sizeof caught / sizeof caught[0]; i++)
        if (SYSTEM(__NR_rt_sigaction, caught[i], &action, 0, sizeof(sigset_t), 0, 0) != 0)
            give_up("a signal cannot be caught");
}

static void start_ticking(void)
{
    struct itimerval every = { { 0, TICK_MICROSECONDS }, { 0, TICK_MICROSECONDS } };
    if (SYSTEM(__NR_setitimer, ITIMER_VIRTUAL, &every, 0, 0, 0, 0) != 0)
        give_up("no interval timer");
}

/* LSL of Linux's per-CPU segment gives the number of the CPU: it should be 0, as in the simulator. */
static void stay_on_first_cpu(void)
{
    u64 mask = 1;
    SYSTEM(__NR_sched_setaffinity, 0, sizeof mask, &mask, 0, 0, 0);
}

static void find_vector_halves(void)
{
    u32 eax = 0xD, ebx, ecx = 2, edx;
    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    vector_offset = eax == 256 ? ebx : 0;
}

/* The stack at process entry: argument count, arguments, 0, environment, 0, auxiliary vector. */
static u64 auxiliary(const u64 *stack, u64 type)
{
    const u64 *at = stack + 1 + stack[0] + 1;
    while (*at != 0)
        at++;
    for (at++; at[0] != 0; at += 2)
        if (at[0] == type)
            return at[1];
    return 0;
}

__attribute__((noreturn, used)) void start(const u64 *stack)
{
    if ((auxiliary(stack, AT_HWCAP2) & HWCAP2_FSGSBASE) == 0)
        give_up("the kernel does not let user code use WRFSBASE");
    stay_on_first_cpu();
    find_vector_halves();
    map_pages();
    catch_signals();
    start_ticking();
    make_segments();
    forbid_system_calls();
    start_first();
}

__asm__(".globl _start\n"
        "_start:\n"
        "    movq %rsp, %rdi\n"
        "    andq $-16, %rsp\n"
        "    call start\n");
