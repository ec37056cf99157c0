/*
 * Modules through dlopen. The code that asks is in the program or in libstylegan.so; both may be
 * anywhere, so a module's folder is found from where they are, not from a prefix fixed at build
 * time. Tested by: tests/image/files/test_video_file.c
 */
#define _GNU_SOURCE
#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SG_MODULE_FOLDER
#define SG_MODULE_FOLDER "../lib/stylegan" /* from the folder of programs */
#endif

/* The names of modules that this build was configured to leave out, each between spaces. */
#ifndef SG_MODULES_LEFT_OUT
#define SG_MODULES_LEFT_OUT ""
#endif

/* The start of every module's variable. */
typedef struct module_head {
    const char *(*version)(void);
} module_head;

/* Writes FOLDER/INNER/stylegan-NAME.so to `path`, FOLDER that of `binary`; true if it exists. */
static bool find_beside(const char *binary, const char *inner, const char *name,
                        char path[PATH_MAX])
{
    char resolved[PATH_MAX];
    if (!realpath(binary, resolved))
        return false;
    *strrchr(resolved, '/') = '\0';
    const int length = snprintf(path, PATH_MAX, "%s/%sstylegan-%s.so", resolved, inner, name);
    return length < PATH_MAX && access(path, R_OK) == 0;
}

static bool find_module(const char *name, char path[PATH_MAX])
{
    Dl_info here;
    static const char program[] = "/proc/self/exe";
    if (find_beside(program, "", name, path) ||
        find_beside(program, SG_MODULE_FOLDER "/", name, path))
        return true;
    /* In a program that links the shared library, this file is in that. */
    return dladdr(program, &here) != 0 && find_beside(here.dli_fname, "stylegan/", name, path);
}

static bool is_left_out(const char *name)
{
    char spaced[64];
    snprintf(spaced, sizeof spaced, " %s ", name);
    return strstr(SG_MODULES_LEFT_OUT, spaced) != NULL;
}

sg_status sg_module_open(const char *name, const char *symbol, const char *purpose,
                         const void **address, sg_error *error)
{
    char path[PATH_MAX];
    *address = NULL;
    if (is_left_out(name))
        return sg_fail(error, SG_ERROR_LIBRARY, "%s, and " SG_MODULE_LEFT_OUT, purpose);
    if (!find_module(name, path))
        return sg_fail(error, SG_ERROR_LIBRARY,
                       "%s, and stylegan-%s.so cannot be opened: it is not installed", purpose,
                       name);
    /* NODELETE, since libraries that start threads do not survive being unloaded. */
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (module) {
        *address = dlsym(module, symbol);
        dlclose(module);
    }
    if (!*address)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s, and stylegan-%s.so cannot be opened: %s",
                       purpose, name, dlerror());
    const module_head *head = *address;
    if (strcmp(head->version(), sg_version()) == 0)
        return SG_OK;
    *address = NULL;
    return sg_fail(error, SG_ERROR_LIBRARY, "%s, and stylegan-%s.so is of version %s, expected %s",
                   purpose, name, head->version(), sg_version());
}
