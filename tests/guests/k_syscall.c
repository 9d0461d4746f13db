#include "guest.h"
/* SYSCALL and SYSRET in a loop: user code works on its array, the kernel on its own, a stack each; every 16th time INT 0x80 and IRET */
extern u64 idt[];extern u8 gdt[];extern char sys_entry[],int_entry[];
static u64 tss[16],user_data[1024],kernel_data[1024];u64 save_rsp,user_rsp,kernel_stack[512],user_stack[512];
static void wrmsr(u32 n,u64 v){__asm__ volatile("wrmsr"::"c"(n),"a"((u32)v),"d"((u32)(v>>32)));}
static u64 rdmsr(u32 n){u32 a,d;__asm__ volatile("rdmsr":"=a"(a),"=d"(d):"c"(n));return a|(u64)d<<32;}
u64 handler(u64 n,u64 x){u64*p=kernel_data+(n*8&1023);*p+=x^n;return *p+(kernel_data[(n+512)&1023]>>3);}
static NI u64 sys(u64 n,u64 x){u64 r;__asm__ volatile("syscall":"=a"(r),"+D"(n),"+S"(x):"a"(n):"rcx","r11","rdx","r8","r9","r10","memory");return r;}
static NI u64 trap(u64 n,u64 x){u64 r;__asm__ volatile("int $0x80":"=a"(r),"+D"(n),"+S"(x):"a"(n):"rcx","r11","rdx","r8","r9","r10","memory");return r;}
void user(void){u64 s=1;for(u64 i=1;i<=100000*SCALE;i++){u64*p=user_data+(i*5&1023);s+=(i&15)?sys(i,*p+s):trap(i,*p+s);*p=s;}sys(-1ul,s);for(;;);}
__asm__(
"sys_entry: mov %rsp,user_rsp(%rip); lea kernel_stack+4096(%rip),%rsp; push %rcx; push %r11; cmp $-1,%rax; je 1f; call handler\n"
" pop %r11; pop %rcx; mov user_rsp(%rip),%rsp; sysretq\n"
"1: mov %rsi,%rax; mov save_rsp(%rip),%rsp; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n"
"int_entry: call handler; iretq\n"
"run_user: push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15; mov %rsp,save_rsp(%rip); lea user_stack+4088(%rip),%rsp\n"
" lea user(%rip),%rcx; mov $2,%r11d; sysretq\n");
u64 run_user(void);
u64 kernel(void){
 u64*g=(u64*)gdt;u64 t=(u64)tss,a=(u64)int_entry;static u64 big[8];for(int i=0;i<5;i++)big[i]=g[i];
 big[3]=0x00cff3000000ffff;big[5]=0x0000890000000067|(t&0xffffff)<<16|(t>>24&0xff)<<56;big[6]=t>>32;
 struct{u16 l;u64 b;}__attribute__((packed)) r={sizeof big-1,(u64)big};__asm__ volatile("lgdt %0"::"m"(r));
 u64 sp=(u64)(kernel_stack+256);((u32*)tss)[1]=sp;((u32*)tss)[2]=sp>>32;__asm__ volatile("ltr %w0"::"r"(0x28));
 idt[256]=(a&0xffff)|(0x08ul<<16)|(0xee00ul<<32)|((a>>16&0xffff)<<48);idt[257]=a>>32;
 wrmsr(0xc0000080,rdmsr(0xc0000080)|1);wrmsr(0xc0000081,0x0013000800000000);wrmsr(0xc0000082,(u64)sys_entry);wrmsr(0xc0000084,0x700);
 return run_user();}
