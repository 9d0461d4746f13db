/* A fault without any IDT: double fault, triple fault, shutdown. */
#include "guest.h"

NI void divide(volatile u64 *by)
{
    __asm__ volatile("xor %%edx,%%edx; divq %0" : : "m"(*by), "a"(1ul) : "rdx");
}

u64 kernel(void)
{
    static volatile u64 zero;
    struct { u16 limit; u64 base; } __attribute__((packed)) none = { 0, 0 };
    __asm__ volatile("lidt %0" : : "m"(none));
    divide(&zero);
    return 0;
}
