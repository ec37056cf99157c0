/*
 * Network files: opens them, tells the formats apart, has the contents filled by the native layout
 * or by the map that recognises the file, and describes them.
 */
#include "checkpoint/network/network_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/file_kind.h"
#include "checkpoint/maps/constant_size.h"
#include "checkpoint/maps/map_table.h"
#include "checkpoint/network/network_inside.h"
#include "checkpoint/network/network_keywords.h"
#include "checkpoint/network/network_path.h"
#include "models/config_json.h"
#include "models/family.h"
#include "models/network_size.h"

/* ---- native files ---- */

/* Adds a tensor named "PART.NAME"; one of another name is ignored. */
static sg_status add_stored(sg_network_file *file, const sg_stored_tensor *stored, sg_error *error)
{
    const size_t length = strcspn(stored->name, ".");
    const int part = sg_network_part_find(stored->name, length);
    if (part == SG_PART_COUNT || stored->name[length] == '\0')
        return sg_network_contents_ignore(&file->contents, error, "tensor %.200s", stored->name);
    const sg_network_tensor tensor = sg_network_tensor_stored(file->tensors, stored);
    return sg_network_contents_add(&file->contents, (sg_network_part)part,
                                   stored->name + length + 1, &tensor, error);
}

static bool has_parts(const sg_network_file *file)
{
    bool any = false;
    for (int part = 0; part < SG_PART_COUNT; part++)
        any = any || file->contents.parts[part].count > 0;
    return any;
}

/* Reads a native file, whose metadata have the config as `text`. */
static sg_status read_native(sg_network_file *file, const char *text, sg_error *error)
{
    for (size_t i = 0; i < sg_safetensors_count(file->tensors); i++)
        SG_TRY(add_stored(file, sg_safetensors_at(file->tensors, i), error));
    if (!has_parts(file))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no network: none of its tensors is named G., D., G_ema. or E.",
                       file->path);
    file->contents.config = cJSON_ParseWithOpts(text, NULL, true);
    if (!cJSON_IsObject(file->contents.config))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the \"config\" in its metadata is not a JSON object", file->path);
    return SG_OK;
}

/* ---- foreign files ---- */

/* Prints " (KEY, KEY, ...)", the first keys of a dict, or nothing; returns `text`. */
static const char *print_keys(const sg_value *root, char *text, size_t size)
{
    enum { MOST_KEYS = 3, LONGEST_KEY = 40 };
    const size_t count = sg_value_count(root);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && i < MOST_KEYS; i++) {
        const char *key = sg_value_text(sg_value_key(root, i));
        if (key)
            length += (size_t)snprintf(text + length, size - length, "%s%.*s",
                                       length > 0 ? ", " : " (", LONGEST_KEY, key);
    }
    if (length > 0)
        snprintf(text + length, size - length, count > MOST_KEYS ? ", ...)" : ")");
    return text;
}

/* Refuses a file that no map recognises, with the titles of those that are read. */
static sg_status fail_unknown(const sg_network_file *file, const sg_value *root, sg_error *error)
{
    char found[200];
    char titles[400];
    size_t length = 0;
    for (size_t i = 0; sg_map_at(i) && length < sizeof titles; i++)
        if (sg_map_at(i)->recognize)
            length += (size_t)snprintf(titles + length, sizeof titles - length, "%s%s",
                                       i > 0 ? ", nor " : "", sg_map_at(i)->title);
    char keys[200];
    const char *class_name = sg_value_class(root);
    if (class_name && strncmp(class_name, "__torch__.", strlen("__torch__.")) == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no network that is read: it is a program of TorchScript "
                       "(torch.jit.save); bring the module's state_dict() instead",
                       file->path);
    return sg_fail(error, SG_ERROR_FORMAT, "%s holds no network: it is %s%s, neither %s",
                   file->path, sg_value_describe(root, found), print_keys(root, keys, sizeof keys),
                   titles);
}

/* Fails with the reason why no part of the file can be built, if there is one. */
static sg_status check_parts(const sg_network_file *file, sg_error *error)
{
    for (int part = SG_PART_COUNT - 1; part >= 0 && !has_parts(file); part--)
        if (file->contents.parts[part].refusal)
            return sg_fail(error, SG_ERROR_FORMAT, "%s", file->contents.parts[part].refusal);
    return has_parts(file) ? SG_OK
                           : sg_fail(error, SG_ERROR_FORMAT, "%s holds no network that has tensors",
                                     file->path);
}

/* Lists the parts that the file has and that cannot be read. */
static sg_status list_refused_parts(sg_network_file *file, sg_error *error)
{
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (file->contents.parts[part].count == 0 && file->contents.parts[part].refusal)
            SG_TRY(sg_network_contents_ignore(&file->contents, error, "%s",
                                              file->contents.parts[part].refusal));
    return SG_OK;
}

static sg_status open_foreign(sg_network_file *file, sg_error *error)
{
    SG_TRY(sg_document_open(file->path, &file->document, error));
    const sg_value *root = sg_document_root(file->document);
    const sg_network_map *map = sg_map_recognize(root);
    if (!map)
        return fail_unknown(file, root, error);
    SG_TRY(map->read(root, &file->contents, error));
    SG_TRY(sg_constant_size_derive(&file->contents, error));
    SG_TRY(check_parts(file, error));
    return list_refused_parts(file, error);
}

/* Opens safetensors: a native file, or another program's, which has no config in its metadata. */
static sg_status open_safetensors(sg_network_file *file, sg_error *error)
{
    SG_TRY(sg_safetensors_open(file->path, &file->tensors, error));
    const char *config = sg_safetensors_metadata(file->tensors, "config");
    if (config)
        return read_native(file, config, error);
    sg_safetensors_close(file->tensors);
    file->tensors = NULL;
    return open_foreign(file, error);
}

/* ---- opening and closing ---- */

/* Records a keyword of a part that nothing reads. */
typedef struct ignored_keywords {
    sg_network_contents *contents;
    sg_network_part part;
    sg_status status;
    sg_error *error;
} ignored_keywords;

static void ignore_keyword(void *user, const char *key)
{
    ignored_keywords *ignored = user;
    if (!ignored->status)
        ignored->status =
            sg_network_contents_ignore(ignored->contents, ignored->error, "%s: option %s",
                                       sg_network_part_name(ignored->part), key);
}

static sg_status list_ignored_keywords(sg_network_file *file, sg_error *error)
{
    ignored_keywords ignored = {.contents = &file->contents, .error = error};
    for (int i = 0; i < SG_PART_COUNT; i++) {
        const sg_network_part part = ignored.part = (sg_network_part)i;
        if (sg_network_has(file, part) && part < SG_PART_E)
            sg_config_visit_ignored(sg_network_init_kwargs(file, part), part == SG_PART_D,
                                    sg_network_family(file, part), ignore_keyword, &ignored);
    }
    return ignored.status;
}

static sg_status read_file(sg_network_file *file, sg_error *error)
{
    switch (sg_file_form_at(file->path)) {
    case SG_FORM_SAFETENSORS:
        SG_TRY(open_safetensors(file, error));
        break;
    case SG_FORM_ZIP:
    case SG_FORM_TAR:
    case SG_FORM_PICKLE:
        SG_TRY(open_foreign(file, error));
        break;
    default:
        return sg_file_fail_kind(file->path, "network file", error);
    }
    SG_TRY(sg_network_contents_finish(&file->contents, error));
    if (file->given)
        SG_TRY(sg_network_keywords_apply(file->given, file->contents.config, file->path, error));
    return list_ignored_keywords(file, error);
}

static sg_status open_file(sg_network_file *file, sg_error *error)
{
    struct stat information;
    sg_error reason = {0};
    if (stat(file->path, &information) != 0)
        return sg_file_fail_open(file->path, error);
    file->bytes = (uint64_t)information.st_size;
    return read_file(file, &reason) ? sg_file_fail_reading(file->path, &reason, error) : SG_OK;
}

sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error)
{
    return sg_network_open_given(path, NULL, file, error);
}

sg_status sg_network_open_given(const char *path, const char *keywords, sg_network_file **file,
                                sg_error *error)
{
    char *found = NULL;
    *file = NULL;
    SG_TRY(sg_network_locate(path, &found, error));
    sg_network_file *opened = sg_allocate(1, sizeof *opened);
    if (!opened) {
        free(found);
        return sg_fail_memory(error, "%s", path);
    }
    opened->path = found;
    opened->contents.path = opened->path;
    sg_status status =
        keywords ? sg_network_keywords_parse(keywords, &opened->given, error) : SG_OK;
    opened->contents.given = opened->given;
    if (!status)
        status = open_file(opened, error);
    if (status)
        sg_network_close(opened);
    else
        *file = opened;
    return status;
}

void sg_network_close(sg_network_file *file)
{
    if (file) {
        sg_network_contents_clear(&file->contents);
        sg_safetensors_close(file->tensors);
        sg_document_close(file->document);
        cJSON_Delete(file->given);
        free(file->path);
        free(file);
    }
}

/* ---- description ---- */

const char *sg_network_path(const sg_network_file *file)
{
    return file->path;
}

const char *sg_network_container(const sg_network_file *file)
{
    if (!file->document)
        return "safetensors";
    switch (sg_document_container(file->document)) {
    case SG_TORCH_ZIP:
        return "torch zip archive";
    case SG_TORCH_STREAM:
        return "torch stream";
    case SG_SAFETENSORS:
        return "safetensors";
    case SG_PICKLE:
        break;
    }
    return "pickle";
}

const char *sg_network_dialect(const sg_network_file *file)
{
    return file->contents.dialect;
}

const char *sg_network_assumed(const sg_network_file *file)
{
    return file->contents.assumed;
}

/* True for the metadata that every native file has: its config, and what torch's programs ask for.
 */
static bool is_of_format(const char *key)
{
    return strcmp(key, "config") == 0 || strcmp(key, "format") == 0;
}

size_t sg_network_metadata_count(const sg_network_file *file)
{
    size_t count = 0;
    for (size_t i = 0; file->tensors && i < sg_safetensors_metadata_count(file->tensors); i++)
        count += !is_of_format(sg_safetensors_metadata_at(file->tensors, i).key);
    return count;
}

sg_metadata sg_network_metadata_at(const sg_network_file *file, size_t index)
{
    size_t at = 0;
    while (is_of_format(sg_safetensors_metadata_at(file->tensors, at).key) || index-- > 0)
        at++;
    return sg_safetensors_metadata_at(file->tensors, at);
}

size_t sg_network_ignored_count(const sg_network_file *file)
{
    return file->contents.ignored_count;
}

const char *sg_network_ignored_at(const sg_network_file *file, size_t index)
{
    return file->contents.ignored[index];
}

size_t sg_network_tensor_count(const sg_network_file *file, sg_network_part part)
{
    return file->contents.parts[part].count;
}

bool sg_network_has(const sg_network_file *file, sg_network_part part)
{
    return sg_network_tensor_count(file, part) > 0;
}

const sg_network_tensor *sg_network_tensor_at(const sg_network_file *file, sg_network_part part,
                                              size_t index)
{
    return &file->contents.parts[part].tensors[index];
}

const sg_network_tensor *sg_network_tensor_find(const sg_network_file *file, sg_network_part part,
                                                const char *name)
{
    return sg_network_contents_find(&file->contents, part, name);
}

sg_family sg_network_family(const sg_network_file *file, sg_network_part part)
{
    if (part == SG_PART_D)
        return sg_discriminator_family_of_json(sg_network_init_kwargs(file, part));
    for (int family = 0; family < SG_FAMILY_COUNT; family++) {
        for (size_t i = 0; i < sg_network_tensor_count(file, part); i++)
            if (sg_family_has_tensor((sg_family)family, sg_network_tensor_at(file, part, i)->name))
                return (sg_family)family;
    }
    return SG_DEFAULT_FAMILY;
}

/* ---- configs ---- */

/* Finds the part's entry in the config; that of the other generator serves a generator without. */
static const cJSON *find_entry(const sg_network_file *file, sg_network_part part)
{
    const cJSON *entry =
        cJSON_GetObjectItemCaseSensitive(file->contents.config, sg_network_part_name(part));
    if (!entry && part != SG_PART_D && part < SG_PART_E) {
        sg_network_part other = part == SG_PART_G ? SG_PART_G_EMA : SG_PART_G;
        entry =
            cJSON_GetObjectItemCaseSensitive(file->contents.config, sg_network_part_name(other));
    }
    return entry;
}

const cJSON *sg_network_init_kwargs(const sg_network_file *file, sg_network_part part)
{
    const cJSON *arguments =
        cJSON_GetObjectItemCaseSensitive(find_entry(file, part), "init_kwargs");
    return cJSON_IsObject(arguments) ? arguments : NULL;
}

/* Finds the part's init_kwargs, after the checks that need not read them. */
static sg_status find_arguments(const sg_network_file *file, sg_network_part part,
                                const cJSON **arguments, sg_error *error)
{
    const char *path = file->path;
    const char *name = sg_network_part_name(part);
    static const char *const classes[SG_PART_COUNT] = {[SG_PART_G] = "Generator",
                                                       [SG_PART_D] = "Discriminator",
                                                       [SG_PART_G_EMA] = "Generator",
                                                       [SG_PART_E] = "Encoder",
                                                       [SG_PART_M] = "Mapper"};
    const char *wanted = classes[part];
    if (file->contents.parts[part].refusal)
        return sg_fail(error, SG_ERROR_FORMAT, "%s", file->contents.parts[part].refusal);
    if (!sg_network_has(file, part))
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds no %s", path, name);
    const cJSON *entry = find_entry(file, part);
    const cJSON *class_name = cJSON_GetObjectItemCaseSensitive(entry, "class_name");
    *arguments = sg_network_init_kwargs(file, part);
    if (!*arguments)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config in its metadata has no init_kwargs for %s", path, name);
    if (!cJSON_IsString(class_name) || strcmp(class_name->valuestring, wanted) != 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: its config has the class_name \"%.100s\" for %s, where \"%s\" was "
                       "expected",
                       path, cJSON_IsString(class_name) ? class_name->valuestring : "", name,
                       wanted);
    return SG_OK;
}

/* Forwards a config's failure after the file and part, which the config does not know. */
static sg_status forward_config(const sg_network_file *file, sg_network_part part,
                                const sg_error *inner, sg_error *error)
{
    if (!inner->status)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT, "%s, %s: %s", file->path, sg_network_part_name(part),
                   inner->message);
}

/*
 * Counts the values of a part, at most as many as the file has room for: tensors of a foreign file
 * may share their numbers. Archives may be compressed, though numbers hardly shrink.
 */
static double count_values(const sg_network_file *file, sg_network_part part)
{
    static const double most_compressed = 8.0;
    double values = (double)file->contents.parts[part].values;
    double room = (double)file->bytes * most_compressed;
    return values < room ? values : room;
}

/*
 * Refuses a config that asks for many more values than the file has, before memory is taken for
 * them. A missing tensor or two pass here and are reported by name later.
 */
static sg_status check_size(const sg_network_file *file, sg_network_part part, double least,
                            sg_error *error)
{
    static const double factor = 4.0;
    static const double harmless = 1e6;
    double present = count_values(file, part);
    if (least > harmless + factor * present)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config of %s asks for at least %.0f values, but the file has %.0f",
                       file->path, sg_network_part_name(part), least, present);
    return SG_OK;
}

sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    SG_TRY(find_arguments(file, part, &arguments, error));
    sg_generator_config_from_json(arguments, sg_network_family(file, part), config, &inner);
    SG_TRY(forward_config(file, part, &inner, error));
    return check_size(file, part, sg_generator_least_values(config), error);
}

sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    SG_TRY(find_arguments(file, SG_PART_D, &arguments, error));
    sg_discriminator_config_from_json(arguments, config, &inner);
    SG_TRY(forward_config(file, SG_PART_D, &inner, error));
    return check_size(file, SG_PART_D, sg_discriminator_least_values(config), error);
}

sg_status sg_network_encoder_config(const sg_network_file *file, sg_encoder_config *config,
                                    sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    SG_TRY(find_arguments(file, SG_PART_E, &arguments, error));
    sg_encoder_config_from_json(arguments, config, &inner);
    SG_TRY(forward_config(file, SG_PART_E, &inner, error));
    return check_size(file, SG_PART_E, sg_encoder_config_values(config), error);
}

sg_status sg_network_mapper_config(const sg_network_file *file, sg_mapper_config *config,
                                   sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    SG_TRY(find_arguments(file, SG_PART_M, &arguments, error));
    sg_mapper_config_from_json(arguments, config, &inner);
    SG_TRY(forward_config(file, SG_PART_M, &inner, error));
    return check_size(file, SG_PART_M, sg_mapper_config_values(config), error);
}
