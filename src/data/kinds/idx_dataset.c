/*
 * Data sets in IDX files: an image file of the dimensions (images, rows, columns) or (images, rows,
 * columns, channels), and a label file of the dimension (images), found by name beside it:
 *
 *     NAME-images-idx3-ubyte       NAME-labels-idx1-ubyte
 *     NAME-images.idx3-ubyte       NAME-labels.idx1-ubyte
 *
 * each with or without .gz, in any combination; "NAME-" may be absent, and files of four dimensions
 * say idx4. In a folder, the image file whose name begins with "train-images" is taken, otherwise
 * "t10k-images", otherwise the only one.
 *
 * Files stay in memory as they are. Pictures of 28x28 pixels get two black pixels on each side
 * while they are copied out, which makes them 32x32.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/text.h"
#include "data/kinds/dataset_kind.h"
#include "data/kinds/idx.h"

#define SMALL_SIDE 28 /* the side that is padded */
#define PADDING 2     /* black pixels on each side of such a picture */

/* The files of an open data set. */
typedef struct idx_dataset {
    sg_idx images;
    sg_idx labels; /* bytes NULL without a label file */
    char *label_problem;
    size_t padding;
} idx_dataset;

/* The parts of an image file's name "PREFIXimagesSidxN-ubyte[.gz]". */
typedef struct image_name {
    size_t prefix_length; /* bytes before "images" */
    size_t stem_length;   /* bytes before the separator S: prefix and "images" */
    char separator;       /* '-' or '.' */
    bool compressed;
} image_name;

/* Splits `name` (without folders) into its parts; false when it is no image file's name. */
static bool parse_image_name(const char *name, image_name *parts)
{
    size_t length = strlen(name);
    parts->compressed = sg_ends_with(name, length, ".gz");
    length -= parts->compressed ? 3 : 0;
    if (!sg_ends_with(name, length, "idx3-ubyte") && !sg_ends_with(name, length, "idx4-ubyte"))
        return false;
    length -= strlen("idx3-ubyte");
    if (length < 1 || (name[length - 1] != '-' && name[length - 1] != '.'))
        return false;
    parts->separator = name[--length];
    if (!sg_ends_with(name, length, "images"))
        return false;
    parts->stem_length = length;
    parts->prefix_length = length - strlen("images");
    return true;
}

/* Returns one spelling of the path of the label file beside the images at `path`; NULL on lack of
 * memory. */
static char *label_path(const char *path, const image_name *parts, char separator, bool compressed)
{
    sg_text text = {0};
    const size_t kept = (size_t)(sg_path_name(path) - path) + parts->prefix_length;
    sg_text_append_bytes(&text, path, kept);
    sg_text_append(&text, "labels%cidx1-ubyte%s", separator, compressed ? ".gz" : "");
    if (text.failed) {
        sg_text_clear(&text);
        return NULL;
    }
    return text.bytes;
}

/*
 * Sets *found to the label file beside the images at `path` (heap), or NULL without one. Prefers
 * the spelling closest to the image file's.
 */
static sg_status find_labels(const char *path, char **found, sg_error *error)
{
    image_name parts;
    *found = NULL;
    if (!parse_image_name(sg_path_name(path), &parts))
        return SG_OK;
    const char other = parts.separator == '-' ? '.' : '-';
    for (int spelling = 0; spelling < 4; spelling++) {
        const char separator = spelling < 2 ? parts.separator : other;
        char *candidate =
            label_path(path, &parts, separator, parts.compressed == (spelling % 2 == 0));
        if (!candidate)
            return sg_fail_memory(error, "the labels of %s", path);
        if (sg_path_exists(candidate)) {
            *found = candidate;
            return SG_OK;
        }
        free(candidate);
    }
    return SG_OK;
}

/* A folder's image files, sorted by name; the list owns the entries. */
typedef struct name_list {
    struct dirent **entries;
    size_t count;
} name_list;

static void clear_names(name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->entries[i]);
    free(list->entries);
}

static int is_image_file(const struct dirent *entry)
{
    image_name parts;
    return parse_image_name(entry->d_name, &parts);
}

static int compare_names(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static sg_status list_image_files(const char *folder, name_list *list, sg_error *error)
{
    const int count = scandir(folder, &list->entries, is_image_file, compare_names);
    if (count < 0)
        return errno == ENOMEM ? sg_fail_memory(error, "the list of %s", folder)
                               : sg_fail(error, SG_ERROR_FILE, "%s: the folder cannot be read: %s",
                                         folder, strerror(errno));
    list->count = (size_t)count;
    return SG_OK;
}

/* True if entry `index` is the .gz copy of the one before it, after which it is sorted. */
static bool is_compressed_copy(const name_list *list, size_t index)
{
    if (index == 0)
        return false;
    const char *name = list->entries[index]->d_name;
    const char *plain = list->entries[index - 1]->d_name;
    const size_t length = strlen(plain);
    return strncmp(name, plain, length) == 0 && strcmp(name + length, ".gz") == 0;
}

/* Counts the different image files whose names begin with `start`; *chosen is the first. */
static size_t count_beginning(const name_list *list, const char *start, const char **chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->entries[i]->d_name;
        if (strncmp(name, start, strlen(start)) == 0 && !is_compressed_copy(list, i) &&
            count++ == 0)
            *chosen = name;
    }
    return count;
}

static void fail_ambiguous(const char *folder, const name_list *list, sg_error *error)
{
    sg_text names = {0};
    for (size_t i = 0; i < list->count; i++)
        sg_text_append(&names, "%s%s", i == 0 ? "" : ", ", list->entries[i]->d_name);
    sg_fail(error, SG_ERROR_FORMAT,
            "%s: the folder holds several IDX image files; name the one that is meant: %s", folder,
            names.bytes ? names.bytes : "(too many to list)");
    sg_text_clear(&names);
}

/* Sets *path to the image file of `folder` that is meant (heap). */
static sg_status choose_image_file(const char *folder, char **path, sg_error *error)
{
    static const char *const starts[] = {"train-images", "t10k-images", ""};
    name_list list;
    SG_TRY(list_image_files(folder, &list, error));
    const char *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0] && count == 0; i++)
        count = count_beginning(&list, starts[i], &chosen);
    if (count > 1) {
        fail_ambiguous(folder, &list, error);
        clear_names(&list);
        return SG_ERROR_FORMAT;
    }
    *path = count == 1 ? sg_path_join(folder, chosen) : NULL;
    clear_names(&list);
    if (count == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the folder holds no IDX image file", folder);
    return *path ? SG_OK : sg_fail_memory(error, "%s", folder);
}

static bool recognises(const char *path)
{
    image_name parts;
    if (!sg_path_is_folder(path))
        return parse_image_name(sg_path_name(path), &parts) || sg_idx_recognises(path);
    name_list list;
    if (list_image_files(path, &list, NULL))
        return false;
    const bool found = list.count > 0;
    clear_names(&list);
    return found;
}

static int label_of(const void *state, size_t index)
{
    const idx_dataset *set = state;
    return set->labels.bytes ? set->labels.bytes[index] : -1;
}

static sg_status read_picture(const void *state, size_t index, uint8_t *pixels_hwc, int *label,
                              sg_error *error)
{
    (void)error; /* opening has checked everything */
    const idx_dataset *set = state;
    const size_t rows = set->images.dimensions[1];
    const size_t channels = set->images.dimensions[3];
    const size_t source_row = set->images.dimensions[2] * channels;
    const size_t border = set->padding * channels;
    const size_t target_row = source_row + 2 * border;
    const uint8_t *source = set->images.bytes + index * rows * source_row;
    if (set->padding > 0)
        memset(pixels_hwc, 0, (rows + 2 * set->padding) * target_row);
    uint8_t *target = pixels_hwc + set->padding * target_row + border;
    for (size_t y = 0; y < rows; y++)
        memcpy(target + y * target_row, source + y * source_row, source_row);
    *label = label_of(set, index);
    return SG_OK;
}

static void destroy(void *state)
{
    idx_dataset *set = state;
    free(set->label_problem);
    sg_idx_clear(&set->images);
    sg_idx_clear(&set->labels);
    free(set);
}

/* Reads the label file at `labels`, which must have a label for each image. */
static sg_status read_label_file(idx_dataset *set, const char *path, const char *labels,
                                 sg_error *error)
{
    SG_TRY(sg_idx_read(labels, 1, 1, &set->labels, error));
    return set->labels.size == set->images.dimensions[0]
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s: holds %zu labels, expected %zu, one for each "
                         "image of %s",
                         labels, set->labels.size, set->images.dimensions[0], path);
}

/* Reads the labels; what is wrong with them only matters to those who want labels. */
static sg_status read_labels(idx_dataset *set, const char *path, sg_error *error)
{
    char *labels = NULL;
    sg_error problem = {0};
    const sg_status status = find_labels(path, &labels, error);
    if (status || !labels)
        return status;
    if (read_label_file(set, path, labels, &problem)) {
        sg_idx_clear(&set->labels);
        set->label_problem = sg_duplicate_text(problem.message);
    }
    free(labels);
    return problem.status && !set->label_problem ? sg_fail_memory(error, "%s", path) : SG_OK;
}

static sg_status read_files(idx_dataset *set, const char *path, sg_error *error)
{
    SG_TRY(sg_idx_read(path, 3, 4, &set->images, error));
    const size_t *dimensions = set->images.dimensions;
    if (dimensions[3] > 4)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: its images have %zu channels, expected 1 to 4",
                       path, dimensions[3]);
    set->padding = dimensions[1] == SMALL_SIDE && dimensions[2] == SMALL_SIDE ? PADDING : 0;
    return read_labels(set, path, error);
}

static void describe(const idx_dataset *set, const char *path, sg_dataset_info *info)
{
    *info = (sg_dataset_info){.image_count = set->images.dimensions[0],
                              .height = set->images.dimensions[1] + 2 * set->padding,
                              .width = set->images.dimensions[2] + 2 * set->padding,
                              .channels = set->images.dimensions[3],
                              .label_problem = set->label_problem};
    for (size_t i = 0; i < set->labels.size; i++)
        if (set->labels.bytes[i] >= info->label_count)
            info->label_count = (size_t)set->labels.bytes[i] + 1;
    image_name parts;
    const char *name = sg_path_name(path);
    const size_t length = parse_image_name(name, &parts) ? parts.stem_length : strlen(name);
    sg_dataset_set_name(info, name, length);
}

/* Names the data set after a folder, unless that is "." or the like. */
static void name_after_folder(const char *folder, sg_dataset_info *info)
{
    size_t length = 0;
    const char *name = sg_path_last(folder, &length);
    if (length > 0 && name[0] != '.')
        sg_dataset_set_name(info, name, length);
}

static sg_status open_files(const char *path, const char *folder, sg_dataset **dataset,
                            sg_error *error)
{
    idx_dataset *set = sg_allocate(1, sizeof *set);
    if (!set)
        return sg_fail_memory(error, "%s", path);
    const sg_status status = read_files(set, path, error);
    if (status) {
        destroy(set);
        return status;
    }
    static const sg_dataset_functions functions = {
        .read = read_picture, .label = label_of, .destroy = destroy};
    sg_dataset_info info;
    describe(set, path, &info);
    if (folder)
        name_after_folder(folder, &info);
    return sg_dataset_create(&functions, set, &info, dataset, error);
}

static sg_status open_dataset(const char *path, sg_dataset **dataset, sg_error *error)
{
    *dataset = NULL;
    if (!sg_path_is_folder(path))
        return open_files(path, NULL, dataset, error);
    char *image_path = NULL;
    sg_status status = choose_image_file(path, &image_path, error);
    if (!status)
        status = open_files(image_path, path, dataset, error);
    free(image_path);
    return status;
}

const sg_dataset_kind sg_idx_dataset_kind = {
    .expected = "an IDX file of images such as train-images-idx3-ubyte.gz, or a folder with one",
    .recognises = recognises,
    .open_dataset = open_dataset,
};
