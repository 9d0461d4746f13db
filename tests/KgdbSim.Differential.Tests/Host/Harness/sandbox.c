/* The snippet's world: two code pages, two data pages and a read-only one, and no system calls. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include "system.h"

#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_POPULATE 0x8000
#define MAP_LOCKED 0x2000
#define MAP_FIXED_NOREPLACE 0x100000
#define PR_SET_NO_NEW_PRIVS 38
#define PR_SET_SECCOMP 22

u8 *code_alias, *data_alias;

static long memory_file(const char *name, u64 bytes)
{
    long file = SYSTEM(__NR_memfd_create, name, 0, 0, 0, 0, 0);
    if (file < 0 || SYSTEM(__NR_ftruncate, file, bytes, 0, 0, 0, 0) != 0)
        give_up("no memory file");
    return file;
}

static void *map(u64 address, u64 bytes, int protection, long file, u64 offset)
{
    /* Populated, or the first write to the read-only page would find it not present. */
    int flags = MAP_SHARED | MAP_POPULATE | MAP_LOCKED | (address != 0 ? MAP_FIXED_NOREPLACE : 0);
    long result = SYSTEM(__NR_mmap, address, bytes, protection, flags, file, offset);
    if (result < 0 && result > -4096)
        give_up("a page of the snippet cannot be mapped");
    return (void *)result;
}

void map_pages(void)
{
    long code = memory_file("code", CODE_BYTES);
    code_alias = map(0, CODE_BYTES, PROT_READ | PROT_WRITE, code, 0);
    fill(code_alias, FILLER, CODE_BYTES);
    map(CODE_START, CODE_BYTES, PROT_READ | PROT_EXEC, code, 0);

    long data = memory_file("data", DATA_BYTES);
    data_alias = map(0, DATA_BYTES, PROT_READ | PROT_WRITE, data, 0);
    map(DATA_START, HOLE_START, PROT_READ | PROT_WRITE, data, 0);
    map(DATA_START + READ_ONLY_START, DATA_BYTES - READ_ONLY_START, PROT_READ, data, READ_ONLY_START);
}

void make_segments(void)
{
    struct segment segments[SEGMENTS_MAX];
    u32 count;
    read_all(&count, sizeof count);
    if (count > SEGMENTS_MAX)
        give_up("too many segments");
    read_all(segments, count * sizeof segments[0]);
    for (u32 i = 0; i < count; i++) {
        u32 description[4] = { i, segments[i].base, segments[i].limit, segments[i].flags }; /* struct user_desc */
        if (SYSTEM(__NR_modify_ldt, 0x11, description, sizeof description, 0, 0, 0) != 0)
            give_up("no local descriptor table: the kernel is without modify_ldt, or a container forbids it");
    }
}

void forbid_system_calls(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof code[0], code };
    if (SYSTEM(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0) != 0
        || SYSTEM(__NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0, 0) != 0)
        give_up("no seccomp filter: the kernel or a container forbids it");
}
