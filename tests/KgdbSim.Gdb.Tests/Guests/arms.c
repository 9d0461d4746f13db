/* A guest that watches a variable of its own with DR0 and counts its own debug exceptions, for ever; one CPU. */
#include "guest.h"

extern u64 idt[];
void db_stub(void);

volatile u64 mine, watched, taken, last_dr6, lost, arm_all;

static void gate(int vector, void (*handler)(void))
{
    u64 a = (u64)handler;
    idt[2 * vector] = (a & 0xffff) | (0x08ul << 16) | (0x8e00ul << 32) | ((a >> 16 & 0xffff) << 48);
    idt[2 * vector + 1] = a >> 32;
}

void db_handler(struct frame *frame)
{
    u64 dr6;
    __asm__ volatile("mov %%dr6, %0" : "=r"(dr6));
    last_dr6 = dr6;
    taken++;
    __asm__ volatile("mov %0, %%dr6" : : "r"(0xffff0ff0ul));
}

static void load(u64 dr7)
{
    __asm__ volatile("mov %0, %%dr0" : : "r"(&mine));
    __asm__ volatile("mov %0, %%dr1" : : "r"(0x1111ul));
    __asm__ volatile("mov %0, %%dr2" : : "r"(0x2222ul));
    __asm__ volatile("mov %0, %%dr3" : : "r"(0x3333ul));
    __asm__ volatile("mov %0, %%dr7" : : "r"(dr7));
}

/* What it reads must be what it wrote. */
static void check(u64 dr7)
{
    u64 now[5];
    __asm__ volatile("mov %%dr0, %0" : "=r"(now[0]));
    __asm__ volatile("mov %%dr1, %0" : "=r"(now[1]));
    __asm__ volatile("mov %%dr2, %0" : "=r"(now[2]));
    __asm__ volatile("mov %%dr3, %0" : "=r"(now[3]));
    __asm__ volatile("mov %%dr7, %0" : "=r"(now[4]));
    lost += now[0] != (u64)&mine || now[1] != 0x1111 || now[2] != 0x2222 || now[3] != 0x3333 || now[4] != dr7;
}

NI void work(u64 round)
{
    watched = round;
}

u64 kernel(void)
{
    gate(1, db_stub);
    for (u64 round = 1;; round++) {
        /* G0, 8 bytes, writes; or all four, where the others watch one byte each that nobody touches. */
        u64 dr7 = arm_all ? 0x111904aaul : 0x90402ul;
        load(dr7);
        mine = round;
        work(round);
        check(dr7);
    }
}
