/* Four CPUs for sessions with gdb: CPU n works in worker(n), everything shared is in `shared`. Never ends. */
#include "guest.h"

#define CPUS 4

struct shared {
    u32 lock;
    u64 counter;
    u64 watched;
    u64 seen;
    u64 rounds[CPUS];
    double average;
};

struct shared shared;
const char *const names[CPUS] = { "counter", "writer", "reader", "mathematician" };
static volatile u32 online;

extern u8 ap_tramp[], ap_tramp_end[];

NI u64 factorial(u64 n)
{
    if (n < 2)
        return 1;
    return n * factorial(n - 1);
}

NI double mean(double a, double b)
{
    return (a + b) / 2;
}

static void lock(u32 *word)
{
    while (__atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE))
        while (__atomic_load_n(word, __ATOMIC_RELAXED))
            __asm__ volatile("pause");
}

static void unlock(u32 *word)
{
    __atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

NI void add_under_lock(u64 amount)
{
    lock(&shared.lock);
    u64 before = shared.counter;
    shared.counter = before + amount;
    unlock(&shared.lock);
}

NI void one_round(u32 cpu, u64 round)
{
    u64 n = round % 10;
    add_under_lock(n);
    if (cpu == 1)
        *(volatile u64 *)&shared.watched = round;
    if (cpu == 2)
        shared.seen = *(volatile u64 *)&shared.watched;
    if (cpu == 3) {
        shared.average = mean(shared.average, (double)factorial(n));
    }
    shared.rounds[cpu] = round + 1;
}

NI void worker(u32 cpu)
{
    for (u64 round = 0;; round++)
        one_round(cpu, round);
}

void ap_main(u32 cpu)
{
    __atomic_fetch_add(&online, 1, __ATOMIC_SEQ_CST);
    worker(cpu);
}

static void lapic(u32 reg, u32 value)
{
    *(volatile u32 *)(0xfee00000ul + reg) = value;
}

/* A start-up IPI that comes while INIT is being taken is lost. */
static void wait_a_little(void)
{
    for (int i = 0; i < 256; i++)
        __asm__ volatile("pause");
}

u64 kernel(void)
{
    u8 *to = (u8 *)0x8000;
    for (u8 *from = ap_tramp; from < ap_tramp_end; from++)
        *to++ = *from;
    lapic(0xf0, 0x1ff);
    lapic(0x300, 0xc4500);
    wait_a_little();
    lapic(0x300, 0xc4608);
    while (online < CPUS - 1)
        __asm__ volatile("pause");
    worker(0);
    return 0;
}
