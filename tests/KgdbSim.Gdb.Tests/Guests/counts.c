/* Every CPU calls counted() ROUNDS times, all at the same time; then CPU 0 calls finished(). */
#include "guest.h"

#define CPUS 4
#define ROUNDS 60

volatile u64 calls[CPUS];
static volatile u32 online;
static volatile u32 done;

extern u8 ap_tramp[], ap_tramp_end[];

NI void counted(u32 cpu)
{
    calls[cpu]++;
}

NI void finished(void)
{
    __asm__ volatile("");
}

static void work(u32 cpu)
{
    while (online < CPUS)
        __asm__ volatile("pause");
    for (u32 round = 0; round < ROUNDS; round++)
        counted(cpu);
    __atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
}

void ap_main(u32 cpu)
{
    __atomic_fetch_add(&online, 1, __ATOMIC_SEQ_CST);
    work(cpu);
    for (;;)
        __asm__ volatile("hlt");
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
    __atomic_fetch_add(&online, 1, __ATOMIC_SEQ_CST);
    work(0);
    while (done < CPUS)
        __asm__ volatile("pause");
    finished();
    for (;;)
        __asm__ volatile("hlt");
}
