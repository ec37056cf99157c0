/*
 * A library to preload (LD_PRELOAD), which lets one allocation of a program fail:
 *
 *     FAIL_ALLOCATION=N   the Nth one returns NULL with ENOMEM (0: none)
 *     FAIL_IN=own|all     which ones count: those that the program's own code asks for (own, the
 *                         default), or those of its libraries too
 *     COUNT_FILE=PATH     gets the number of allocations that were counted, when the program ends
 *
 * A signal of a crash ends the program with 128 + signal after its stack of calls was printed to
 * standard error, in lines that begin with "frame". glibc alone: its allocator is called by its
 * other names, so that nothing has to be looked up while an allocation is served.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_long counted;
static atomic_bool counting; /* from the end of start() on */
static long failing;
static bool own_alone;
static uintptr_t text_begin, text_end; /* the program's own code */

/* The first object that is listed is the program itself. */
static int find_text(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
            text_begin = object->dlpi_addr + part->p_vaddr;
            text_end = text_begin + part->p_memsz;
        }
    }
    return 1;
}

static void show_crash(int number)
{
    void *calls[48];
    Dl_info where;
    counting = false;
    const int count = backtrace(calls, sizeof calls / sizeof *calls);
    for (int i = 0; i < count; i++) {
        const bool known = dladdr(calls[i], &where);
        dprintf(STDERR_FILENO, "frame %s %s\n", known && where.dli_fname ? where.dli_fname : "?",
                known && where.dli_sname ? where.dli_sname : "?");
    }
    _exit(128 + number);
}

__attribute__((constructor)) static void start(void)
{
    static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    void *calls[4];
    const char *text = getenv("FAIL_ALLOCATION");
    failing = text ? atol(text) : 0;
    text = getenv("FAIL_IN");
    own_alone = !text || strcmp(text, "all") != 0;
    dl_iterate_phdr(find_text, NULL);
    backtrace(calls, 4); /* which loads a library the first time */
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], show_crash);
    counting = true;
}

__attribute__((destructor)) static void stop(void)
{
    const char *path = getenv("COUNT_FILE");
    counting = false;
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", (long)counted);
        fclose(file);
    }
}

/* Counts an allocation that the code at `caller` asks for; true if it has to fail. */
static bool fails(const void *caller)
{
    const uintptr_t at = (uintptr_t)caller;
    if (!counting || (own_alone && (at < text_begin || at >= text_end)))
        return false;
    const bool chosen = atomic_fetch_add(&counted, 1) + 1 == failing;
    if (chosen)
        errno = ENOMEM;
    return chosen;
}

#define FAILS() fails(__builtin_return_address(0))

void *malloc(size_t size)
{
    return FAILS() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return FAILS() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return FAILS() ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return FAILS() ? NULL : __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
    return FAILS() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    void *made = FAILS() ? NULL : __libc_memalign(alignment, size);
    if (!made)
        return ENOMEM;
    *block = made;
    return 0;
}

/* glibc's own copies of texts would count as its allocations. */
char *strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = FAILS() ? NULL : __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *strndup(const char *text, size_t most)
{
    const size_t length = strnlen(text, most);
    char *copy = FAILS() ? NULL : __libc_malloc(length + 1);
    if (!copy)
        return NULL;
    copy[length] = '\0';
    return memcpy(copy, text, length);
}
