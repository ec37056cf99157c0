/*
 * Opens network files: tells the formats apart, and has the contents filled by the native layout or
 * by the map that recognises the file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "checkpoint/maps/network_map.h"
#include "checkpoint/network/network_opened.h"
#include "models/config_json.h"

static const sg_network_map *const maps[] = {&sg_official_map, &sg_tensorflow_map,
                                             &sg_rosinality_map};

enum { MAP_COUNT = sizeof maps / sizeof maps[0], FIRST_BYTES = 9 };

/* ---- formats ---- */

/* The first bytes of a file, and how many bytes it has. */
typedef struct file_start {
    unsigned char bytes[FIRST_BYTES];
    size_t count;
    uint64_t file_bytes;
} file_start;

static sg_status read_start(const char *path, file_start *start, sg_error *error)
{
    struct stat status;
    FILE *stream = fopen(path, "rbe");
    if (!stream || fstat(fileno(stream), &status) != 0) {
        sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
        if (stream)
            fclose(stream);
        return SG_ERROR_FILE;
    }
    start->count = fread(start->bytes, 1, FIRST_BYTES, stream);
    start->file_bytes = (uint64_t)status.st_size;
    fclose(stream);
    return SG_OK;
}

/*
 * Whether the file begins as safetensors do, with a length and '{'. The length may begin with the
 * same bytes as a pickle or an archive, but then it is too large or no '{' follows.
 */
static bool is_native(const file_start *start)
{
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | start->bytes[i];
    return start->count == FIRST_BYTES && start->bytes[8] == '{' &&
           length <= SG_SAFETENSORS_LARGEST_HEADER;
}

/* Whether the file begins as pickles (from protocol 2 on, or with an opcode of the older ones that
 * builds what networks are in) and torch files do. */
static bool is_foreign(const file_start *start)
{
    const unsigned char *bytes = start->bytes;
    bool archive = start->count >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
    bool pickle = start->count >= 2 && bytes[0] == 0x80 && bytes[1] <= 5;
    bool text_pickle =
        start->count >= 2 && (bytes[0] == '(' || bytes[0] == '}') && strchr("dltcpqK(}]", bytes[1]);
    return archive || pickle || text_pickle;
}

/* ---- native files ---- */

/* The part that a tensor is of, and its name within the part; SG_PART_COUNT for another tensor. */
static int part_of_name(const char *name, const char **within)
{
    int part = 0;
    for (; part < SG_PART_COUNT; part++) {
        const char *prefix = sg_network_part_name((sg_network_part)part);
        size_t length = strlen(prefix);
        if (strncmp(name, prefix, length) == 0 && name[length] == '.') {
            *within = name + length + 1;
            break;
        }
    }
    return part;
}

static sg_status add_stored(sg_network_file *file, sg_error *error)
{
    sg_status status = SG_OK;
    for (size_t i = 0; !status && i < sg_safetensors_count(file->tensors); i++) {
        const sg_stored_tensor *stored = sg_safetensors_at(file->tensors, i);
        const char *name = NULL;
        sg_network_tensor tensor = sg_network_tensor_stored(file->tensors, stored);
        int part = part_of_name(stored->name, &name);
        status =
            part < SG_PART_COUNT
                ? sg_network_contents_add(&file->contents, (sg_network_part)part, name, &tensor,
                                          error)
                : sg_network_contents_ignore(&file->contents, error, "tensor %.200s", stored->name);
    }
    return status;
}

static sg_status read_native_config(sg_network_file *file, sg_error *error)
{
    const char *text = sg_safetensors_metadata(file->tensors, "config");
    if (!text)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has no \"config\" in its metadata", file->path);
    file->contents.config = cJSON_ParseWithOpts(text, NULL, true);
    if (!cJSON_IsObject(file->contents.config))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the \"config\" in its metadata is not a JSON object", file->path);
    return SG_OK;
}

static bool has_parts(const sg_network_file *file)
{
    bool any = false;
    for (int part = 0; part < SG_PART_COUNT; part++)
        any = any || file->contents.parts[part].count > 0;
    return any;
}

static sg_status open_native(sg_network_file *file, sg_error *error)
{
    sg_status status = sg_safetensors_open(file->path, &file->tensors, error);
    if (!status)
        status = add_stored(file, error);
    if (status)
        return status;
    if (!has_parts(file))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no network: none of its tensors is named G., D. or G_ema.",
                       file->path);
    return read_native_config(file, error);
}

/* ---- foreign files ---- */

static sg_status open_foreign(sg_network_file *file, sg_error *error)
{
    sg_status status = sg_document_open(file->path, &file->document, error);
    if (status)
        return status;
    const sg_value *root = sg_document_root(file->document);
    for (int i = 0; i < MAP_COUNT; i++) {
        if (maps[i]->recognize(root)) {
            status = maps[i]->read(root, &file->contents, error);
            return status || has_parts(file)
                       ? status
                       : sg_fail(error, SG_ERROR_FORMAT, "%s holds no network that has tensors",
                                 file->path);
        }
    }
    char text[200];
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s holds no network: it is %s, and no snapshot of stylegan2-ada-pytorch or "
                   "stylegan3, of StyleGAN in TensorFlow or of stylegan2-pytorch (rosinality)",
                   file->path, sg_value_describe(root, text));
}

/* ---- opening and closing ---- */

/* Where a keyword is noted that nobody reads. */
typedef struct noting {
    sg_network_contents *contents;
    sg_network_part part;
    sg_status status;
    sg_error *error;
} noting;

static void note_keyword(void *user, const char *key)
{
    noting *job = user;
    if (!job->status)
        job->status = sg_network_contents_ignore(job->contents, job->error, "%s: option %s",
                                                 sg_network_part_name(job->part), key);
}

static sg_status note_ignored_keywords(sg_network_file *file, sg_error *error)
{
    noting job = {.contents = &file->contents, .error = error};
    for (int part = 0; part < SG_PART_COUNT; part++) {
        job.part = (sg_network_part)part;
        if (sg_network_has(file, job.part))
            sg_config_visit_ignored(sg_network_init_kwargs(file, job.part), job.part == SG_PART_D,
                                    sg_network_family(file, job.part), note_keyword, &job);
    }
    return job.status;
}

static sg_status open_file(sg_network_file *file, sg_error *error)
{
    file_start start = {0};
    sg_status status = read_start(file->path, &start, error);
    if (status)
        return status;
    file->bytes = start.file_bytes;
    status = !is_native(&start) && is_foreign(&start) ? open_foreign(file, error)
                                                      : open_native(file, error);
    if (!status)
        status = sg_network_contents_finish(&file->contents, error);
    return !status ? note_ignored_keywords(file, error) : status;
}

sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error)
{
    *file = NULL;
    sg_network_file *opened = sg_allocate(1, sizeof *opened);
    if (opened)
        opened->path = sg_duplicate_text(path);
    if (!opened || !opened->path) {
        sg_network_close(opened);
        return sg_fail_memory(error, "%s", path);
    }
    opened->contents.path = opened->path;
    sg_status status = open_file(opened, error);
    if (status) {
        sg_network_close(opened);
        return status;
    }
    *file = opened;
    return SG_OK;
}

void sg_network_close(sg_network_file *file)
{
    if (file) {
        sg_network_contents_clear(&file->contents);
        sg_safetensors_close(file->tensors);
        sg_document_close(file->document);
        free(file->path);
        free(file);
    }
}
