# A Multiboot 1 guest: says what it was started with and exits through port 0xF4. Expects EAX and EBX as the
# specification (0.6.96, 3.2 and 3.3) has them.
        .code32
        .section .text
        .balign 4
header: .long 0x1BADB002, FLAGS, -(0x1BADB002 + FLAGS)
        .if FLAGS & 0x10000
        .long header, header, 0, 0, start
        .endif

        .global elf_entry, start
elf_entry:
        mov     $'?', %al
        out     %al, $0xE9
        jmp     exit

start:  mov     %eax, %esi              # the magic
        mov     %esp, %ebp
        mov     $stack, %esp
        mov     %esi, %eax
        call    hex
        mov     (%ebx), %eax            # flags
        call    hex
        mov     4(%ebx), %eax           # mem_lower, KiB
        call    hex
        mov     8(%ebx), %eax           # mem_upper, KiB
        call    hex
        mov     %cr0, %eax
        and     $0x80000001, %eax       # paging, protected mode
        call    hex
        pushf
        pop     %eax
        and     $0x20200, %eax          # virtual-8086 mode, interrupts
        call    hex
        mov     data, %eax              # segments reach all 4 GiB with base 0, and the data is where it was linked
        call    hex
exit:   mov     $0x15, %al
        out     %al, $0xF4
        hlt

hex:    mov     $8, %ecx
1:      rol     $4, %eax
        mov     %al, %dl
        and     $15, %dl
        cmp     $10, %dl
        jb      2f
        add     $('a' - '0' - 10), %dl
2:      add     $'0', %dl
        xchg    %al, %dl
        out     %al, $0xE9
        xchg    %al, %dl
        loop    1b
        mov     $'\n', %dl
        xchg    %al, %dl
        out     %al, $0xE9
        ret

        .data
data:   .long   0xc0ffee
        .bss
        .skip   4096
stack:
