/* Opening FFmpeg's libraries; see libav.h. */
#include "image/files/libav.h"

#include <dlfcn.h>
#include <string.h>

/* The file of a library: its major version changes whenever its binary interface does. */
#define TEXT(number) #number
#define FILE_NAME(name, major) "lib" name ".so." TEXT(major)

/* A library opened; NODELETE, since libraries that start threads do not survive being unloaded. */
static sg_status open_library(const char *path, const char *name, void **library, sg_error *error)
{
    *library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!*library)
        return sg_fail(error, SG_ERROR_LIBRARY,
                       "%s: a video needs FFmpeg's libraries, and %s cannot be opened: %s", path,
                       name, dlerror());
    return SG_OK;
}

/* Stores the address of a function; C has no cast for that, but POSIX gives both one size. */
static sg_status find_function(const char *path, void *library, const char *name, void *function,
                               sg_error *error)
{
    void *address = dlsym(library, name);
    if (!address)
        return sg_fail(error, SG_ERROR_LIBRARY, "%s: FFmpeg's libraries have no function %s", path,
                       name);
    memcpy(function, &address, sizeof address);
    return SG_OK;
}

#define FIND(name)                                                                                 \
    if (!status)                                                                                   \
        status = find_function(path, library, #name, &libav->name, error);

/* One function for each library, which finds what is called of it. */
#define DEFINE_LOAD(load, file, FUNCTIONS)                                                         \
    static sg_status load(const char *path, sg_libav *libav, sg_error *error)                      \
    {                                                                                              \
        void *library = NULL;                                                                      \
        sg_status status = open_library(path, file, &library, error);                              \
        FUNCTIONS(FIND)                                                                            \
        if (library)                                                                               \
            dlclose(library);                                                                      \
        return status;                                                                             \
    }

DEFINE_LOAD(load_avutil, FILE_NAME("avutil", LIBAVUTIL_VERSION_MAJOR), SG_AVUTIL_FUNCTIONS)
DEFINE_LOAD(load_avcodec, FILE_NAME("avcodec", LIBAVCODEC_VERSION_MAJOR), SG_AVCODEC_FUNCTIONS)
DEFINE_LOAD(load_avformat, FILE_NAME("avformat", LIBAVFORMAT_VERSION_MAJOR), SG_AVFORMAT_FUNCTIONS)
DEFINE_LOAD(load_swscale, FILE_NAME("swscale", LIBSWSCALE_VERSION_MAJOR), SG_SWSCALE_FUNCTIONS)

sg_status sg_libav_load(const char *path, sg_libav *libav, sg_error *error)
{
    sg_status status = load_avutil(path, libav, error);
    if (!status)
        status = load_avcodec(path, libav, error);
    if (!status)
        status = load_avformat(path, libav, error);
    return status ? status : load_swscale(path, libav, error);
}
