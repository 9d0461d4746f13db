/* What the harness and HostWire.cs say to each other: little-endian, no padding that matters. */
#ifndef WIRE_H
#define WIRE_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

#define CODE_START 0x40000000UL
#define CODE_BYTES 0x2000UL
#define DATA_START 0x50000000UL
#define DATA_BYTES 0x4000UL /* page 2 of it is not mapped for the snippet, page 3 is read-only */
#define HOLE_START 0x2000UL
#define READ_ONLY_START 0x3000UL
#define FILLER 0xCC

#define CODE_MAX 128
#define WINDOW_MAX 256
#define LINE_BYTES 16
#define BATCH_MAX 256

/* RAX RCX RDX RBX RSP RBP RSI RDI R8..R15; st[i] is ST(i), as FXSAVE has it; ftw is the abridged tag byte. */
struct machine_state {
    u64 gpr[16];
    u64 rip, flags;
    u64 fs_base, gs_base;
    u16 cs, ss, ds, es, fs, gs;
    u32 mxcsr;
    u16 fcw, fsw, ftw, fop;
    u64 fip, fdp;
    u8 st[8][16];
    u64 vector[16][4];
};

/* Memory is zero but for the window; code is FILLER but for the snippet. */
struct request {
    struct machine_state state;
    u64 code_address;
    u64 window_address;
    u32 window_length, code_length;
    u8 code[CODE_MAX];
    u8 window[WINDOW_MAX];
};

enum how { HOW_EXCEPTION = 0, HOW_ENDLESS = 1, HOW_SYSTEM_CALL = 2 };

struct response {
    struct machine_state state;
    u64 cr2;
    u32 error;
    u16 trap;
    u8 how, signal;
    u32 line_count; /* this many struct line follow: the lines of memory that are not as they were */
    u32 reserved;
};

struct line {
    u32 offset, reserved;
    u8 bytes[LINE_BYTES];
};

/* First of all comes a u32 count and that many segments for the local descriptor table: base, limit, flags of user_desc. */
#define SEGMENTS_MAX 32

struct segment {
    u32 base, limit, flags;
};

/* A batch is a u32 count and that many requests; its answer a u32 length in bytes and the responses. */

#endif
