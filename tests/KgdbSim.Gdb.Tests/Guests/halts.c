/* Interrupts off, and halt: nothing can ever happen again. */
#include "guest.h"

u64 kernel(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
    return 0;
}
