/*
 * Every snippet is entered by returning from a signal handler whose frame holds the state wanted, and left by the signal
 * that its exception raises, whose frame holds the state then. So the kernel sets and reads everything, the trap number,
 * error code and CR2 included, and no debugger is needed.
 */
#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/ucontext.h>
#include "system.h"

#define CODE_USER64 0x33
#define CODE_USER32 0x23
#define TICKS_MAX 3
#define FLAG_NT 0x4000
#define FLAG_ID 0x200000

/* Segments and bases as the snippet left them and as the next one is to have them: for handler_entry. */
struct segments {
    u64 ds, es, fs, gs, fs_base, gs_base;
} segments;

u64 vector_offset;

static u8 before[DATA_BYTES];
static u64 code_offset, code_length;
static int running, ticks;

/* The order of struct machine_state's registers, as the places in struct sigcontext, both in words. */
static const u8 gpr_place[16] = { 13, 14, 12, 11, 15, 10, 9, 8, 0, 1, 2, 3, 4, 5, 6, 7 };

static struct _xstate *extended(struct ucontext *context)
{
    return (struct _xstate *)context->uc_mcontext.fpstate;
}

static u64 *upper_halves(struct _xstate *x)
{
    return (u64 *)((u8 *)x + vector_offset);
}

static void save_float(struct machine_state *state, struct _xstate *x)
{
    struct _fpstate_64 *fx = &x->fpstate;
    u64 present = x->xstate_hdr.xfeatures;
    state->fcw = (present & 1) != 0 ? fx->cwd : 0x37F;
    state->fsw = (present & 1) != 0 ? fx->swd : 0;
    state->ftw = (present & 1) != 0 ? fx->twd : 0;
    state->fop = (present & 1) != 0 ? fx->fop : 0;
    state->fip = (present & 1) != 0 ? fx->rip : 0;
    state->fdp = (present & 1) != 0 ? fx->rdp : 0;
    copy(state->st, fx->st_space, sizeof state->st);
    state->mxcsr = fx->mxcsr;
    for (int i = 0; i < 16; i++) {
        const u64 *low = (const u64 *)(fx->xmm_space + 4 * i);
        const u64 *high = upper_halves(x) + 2 * i;
        state->vector[i][0] = (present & 2) != 0 ? low[0] : 0;
        state->vector[i][1] = (present & 2) != 0 ? low[1] : 0;
        state->vector[i][2] = (present & 4) != 0 ? high[0] : 0;
        state->vector[i][3] = (present & 4) != 0 ? high[1] : 0;
    }
}

static void load_float(const struct machine_state *state, struct _xstate *x)
{
    struct _fpstate_64 *fx = &x->fpstate;
    x->xstate_hdr.xfeatures = vector_offset != 0 ? 7 : 3;
    fx->cwd = state->fcw;
    fx->swd = state->fsw;
    fx->twd = state->ftw;
    fx->fop = state->fop;
    fx->rip = state->fip;
    fx->rdp = state->fdp;
    copy(fx->st_space, state->st, sizeof state->st);
    fx->mxcsr = state->mxcsr;
    for (int i = 0; i < 16; i++) {
        copy(fx->xmm_space + 4 * i, state->vector[i], 16);
        if (vector_offset != 0)
            copy(upper_halves(x) + 2 * i, &state->vector[i][2], 16);
    }
}

static void save(struct ucontext *context, int signal, enum how how)
{
    static struct response response;
    struct machine_state *state = &response.state;
    struct sigcontext *m = &context->uc_mcontext;
    for (int i = 0; i < 16; i++)
        state->gpr[i] = ((u64 *)m)[gpr_place[i]];
    state->rip = m->rip;
    state->flags = m->eflags;
    state->cs = m->cs;
    state->ss = m->ss;
    state->ds = segments.ds;
    state->es = segments.es;
    state->fs = segments.fs;
    state->gs = segments.gs;
    state->fs_base = segments.fs_base;
    state->gs_base = segments.gs_base;
    save_float(state, extended(context));
    response.cr2 = m->cr2;
    response.error = m->err;
    response.trap = m->trapno;
    response.how = how;
    response.signal = signal;
    answer(&response, before);
}

static void place_memory(const struct request *request)
{
    fill(code_alias + code_offset, FILLER, code_length);
    code_offset = request->code_address - CODE_START;
    code_length = request->code_length;
    u64 window = request->window_address - DATA_START;
    if (code_length > CODE_MAX || code_offset > CODE_BYTES - code_length
        || request->window_length > WINDOW_MAX || window > DATA_BYTES - request->window_length)
        give_up("a snippet or window outside its pages");
    copy(code_alias + code_offset, request->code, code_length);
    fill(before, 0, DATA_BYTES);
    copy(before + window, request->window, request->window_length);
    copy(data_alias, before, DATA_BYTES);
}

static void load(struct ucontext *context, const struct request *request)
{
    const struct machine_state *state = &request->state;
    struct sigcontext *m = &context->uc_mcontext;
    place_memory(request);
    for (int i = 0; i < 16; i++)
        ((u64 *)m)[gpr_place[i]] = state->gpr[i];
    m->rip = state->rip;
    m->eflags = state->flags;
    m->cs = state->cs;
    m->ss = state->ss;
    segments.ds = state->ds;
    segments.es = state->es;
    segments.fs = state->fs;
    segments.gs = state->gs;
    segments.fs_base = state->fs_base;
    segments.gs_base = state->gs_base;
    load_float(state, extended(context));
    running = 1;
    ticks = 0;
}

/* Called by handler_entry; the flags returned are those that a signal frame cannot restore. */
u64 handle(int signal, siginfo_t *info, struct ucontext *context)
{
    (void)info;
    u64 kept = context->uc_mcontext.eflags;
    if (signal == SIGVTALRM && (!running || ++ticks < TICKS_MAX))
        return kept & (FLAG_NT | FLAG_ID);
    if (running)
        save(context, signal,
             signal == SIGVTALRM ? HOW_ENDLESS : signal == SIGSYS ? HOW_SYSTEM_CALL : HOW_EXCEPTION);
    const struct request *request = next_request();
    load(context, request);
    return request->state.flags & (FLAG_NT | FLAG_ID);
}

/* AC and NT are the snippet's, and SS may be; a handler that the kernel enters has them still. */
__asm__(".globl handler_entry\n"
        "handler_entry:\n"
        "    pushfq\n"
        "    andl $~0x44000, (%rsp)\n"
        "    popfq\n"
        "    movq %ds, %rax\n    movq %rax, segments(%rip)\n"
        "    movq %es, %rax\n    movq %rax, segments+8(%rip)\n"
        "    movq %fs, %rax\n    movq %rax, segments+16(%rip)\n"
        "    movq %gs, %rax\n    movq %rax, segments+24(%rip)\n"
        "    rdfsbase %rax\n    movq %rax, segments+32(%rip)\n"
        "    rdgsbase %rax\n    movq %rax, segments+40(%rip)\n"
        "    subq $8, %rsp\n"
        "    call handle\n"
        "    addq $16, %rsp\n"
        "    movl segments(%rip), %ecx\n    movl %ecx, %ds\n"
        "    movl segments+8(%rip), %ecx\n    movl %ecx, %es\n"
        "    movl segments+16(%rip), %ecx\n    movl %ecx, %fs\n"
        "    movl segments+24(%rip), %ecx\n    movl %ecx, %gs\n"
        "    movq segments+32(%rip), %rcx\n    wrfsbase %rcx\n"
        "    movq segments+40(%rip), %rcx\n    wrgsbase %rcx\n"
        "    orq $2, %rax\n"
        "    pushq %rax\n"
        "    popfq\n"
        "    movl $15, %eax\n" /* rt_sigreturn */
        "    syscall\n"
        "    ud2\n");

void start_first(void)
{
    __asm__ volatile("ud2");
    __builtin_unreachable();
}
