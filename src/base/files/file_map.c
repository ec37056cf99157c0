/* Mapped files over mmap. */
#include "base/files/file_map.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"

struct sg_file_map {
    int references;
    void *bytes;
    size_t size;
};

sg_file_map *sg_file_map_create(int descriptor)
{
    struct stat information;
    if (fstat(descriptor, &information) != 0 || information.st_size <= 0)
        return NULL;
    size_t size = (size_t)information.st_size;
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    sg_file_map *map = sg_allocate(1, sizeof *map);
    if (!map) {
        munmap(bytes, size);
        return NULL;
    }
    *map = (sg_file_map){1, bytes, size};
    return map;
}

sg_file_map *sg_file_map_retain(sg_file_map *map)
{
    map->references++;
    return map;
}

void sg_file_map_release(sg_file_map *map)
{
    if (!map || --map->references > 0)
        return;
    munmap(map->bytes, map->size);
    free(map);
}

unsigned char *sg_file_map_bytes(const sg_file_map *map)
{
    return map->bytes;
}

size_t sg_file_map_size(const sg_file_map *map)
{
    return map->size;
}

/* Discards whole pages only: the first and last may hold changed neighbours. */
void sg_file_map_discard(const sg_file_map *map, const void *begin, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t first = (size_t)((const unsigned char *)begin - (unsigned char *)map->bytes);
    size_t start = (first + page - 1) / page * page;
    size_t end = (first + size) / page * page;
    if (end > start)
        (void)madvise((unsigned char *)map->bytes + start, end - start, MADV_DONTNEED);
}
