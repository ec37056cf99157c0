/* Reads the native network files; see network_file.h for the format. */
#include "checkpoint/network_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/network_size.h"
#include "models/config_json.h"

struct sg_network_file {
    sg_safetensors *tensors;
    cJSON *config; /* of all parts */
};

static const char *const part_names[SG_PART_COUNT] = {"G", "D", "G_ema"};

const char *sg_network_part_name(sg_network_part part)
{
    return part_names[part];
}

/* The name within the part, or NULL when the tensor is of another part. */
static const char *name_within(const char *name, sg_network_part part)
{
    size_t length = strlen(part_names[part]);
    bool inside = strncmp(name, part_names[part], length) == 0 && name[length] == '.';
    return inside ? name + length + 1 : NULL;
}

/* ---- opening ---- */

/*
 * What the first bytes tell about a file that is not ours; NULL when it may be ours. A header's
 * length can begin with the same bytes as a pickle or an archive, but then '{' comes 8 bytes in.
 */
static const char *foreign_format(const unsigned char *bytes, size_t count)
{
    if (count > 8 && bytes[8] == '{') {
        return NULL;
    }
    if (count >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        return "a zip archive (a torch checkpoint, perhaps)";
    }
    if (count >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) {
        return "a pickle";
    }
    return NULL;
}

static sg_status check_format(const char *path, sg_error *error)
{
    unsigned char bytes[9];
    FILE *stream = fopen(path, "rbe");
    if (stream == NULL) {
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
    }
    size_t count = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    const char *format = foreign_format(bytes, count);
    if (format != NULL) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is %s; this version reads networks in safetensors files only", path,
                       format);
    }
    return SG_OK;
}

static sg_status read_config(sg_network_file *file, sg_error *error)
{
    const char *path = sg_safetensors_path(file->tensors);
    bool any = false;
    for (int part = 0; part < SG_PART_COUNT; part++) {
        any = any || sg_network_has(file, (sg_network_part)part);
    }
    if (!any) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s holds no network: none of its tensors is named G., D. or G_ema.", path);
    }
    const char *text = sg_safetensors_metadata(file->tensors, "config");
    if (text == NULL) {
        return sg_fail(error, SG_ERROR_FORMAT, "%s has no \"config\" in its metadata", path);
    }
    file->config = cJSON_ParseWithOpts(text, NULL, true);
    if (!cJSON_IsObject(file->config)) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the \"config\" in its metadata is not a JSON object", path);
    }
    return SG_OK;
}

sg_status sg_network_open(const char *path, sg_network_file **file, sg_error *error)
{
    *file = NULL;
    sg_status status = check_format(path, error);
    if (status != SG_OK) {
        return status;
    }
    sg_network_file *opened = sg_allocate(1, sizeof *opened);
    if (opened == NULL) {
        return sg_fail(error, SG_ERROR_MEMORY, "no memory left to read %s", path);
    }
    status = sg_safetensors_open(path, &opened->tensors, error);
    if (status == SG_OK) {
        status = read_config(opened, error);
    }
    if (status != SG_OK) {
        sg_network_close(opened);
        return status;
    }
    *file = opened;
    return SG_OK;
}

void sg_network_close(sg_network_file *file)
{
    if (file != NULL) {
        cJSON_Delete(file->config);
        sg_safetensors_close(file->tensors);
        free(file);
    }
}

sg_safetensors *sg_network_tensors(sg_network_file *file)
{
    return file->tensors;
}

/* ---- what is in it ---- */

size_t sg_network_tensor_count(const sg_network_file *file, sg_network_part part)
{
    size_t count = 0;
    for (size_t i = 0; i < sg_safetensors_count(file->tensors); i++) {
        count += name_within(sg_safetensors_at(file->tensors, i)->name, part) != NULL;
    }
    return count;
}

size_t sg_network_value_count(const sg_network_file *file, sg_network_part part)
{
    size_t count = 0;
    for (size_t i = 0; i < sg_safetensors_count(file->tensors); i++) {
        const sg_stored_tensor *tensor = sg_safetensors_at(file->tensors, i);
        /* No overflow: the values lie in the file one after the other. */
        count += name_within(tensor->name, part) != NULL ? tensor->count : 0;
    }
    return count;
}

bool sg_network_has(const sg_network_file *file, sg_network_part part)
{
    return sg_network_tensor_count(file, part) > 0;
}

const char *sg_network_family(const sg_network_file *file, sg_network_part part)
{
    for (size_t i = 0; i < sg_safetensors_count(file->tensors); i++) {
        const char *name = name_within(sg_safetensors_at(file->tensors, i)->name, part);
        if (name != NULL && strncmp(name, "synthesis.input.", strlen("synthesis.input.")) == 0) {
            return "StyleGAN3";
        }
    }
    return "StyleGAN2";
}

/* ---- configs ---- */

/* The part's entry in the config; a generator's may stand under the other generator's name. */
static const cJSON *find_entry(const sg_network_file *file, sg_network_part part)
{
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(file->config, part_names[part]);
    if (entry == NULL && part != SG_PART_D) {
        sg_network_part other = part == SG_PART_G ? SG_PART_G_EMA : SG_PART_G;
        entry = cJSON_GetObjectItemCaseSensitive(file->config, part_names[other]);
    }
    return entry;
}

/* The part's init_kwargs, after what can be told without reading them. */
static sg_status find_arguments(const sg_network_file *file, sg_network_part part,
                                const cJSON **arguments, sg_error *error)
{
    const char *path = sg_safetensors_path(file->tensors);
    const char *name = part_names[part];
    const char *wanted = part == SG_PART_D ? "Discriminator" : "Generator";
    if (!sg_network_has(file, part)) {
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds no %s", path, name);
    }
    if (strcmp(sg_network_family(file, part), "StyleGAN2") != 0) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: %s is a %s network, which this version does not read", path, name,
                       sg_network_family(file, part));
    }
    const cJSON *entry = find_entry(file, part);
    const cJSON *class_name = cJSON_GetObjectItemCaseSensitive(entry, "class_name");
    *arguments = cJSON_GetObjectItemCaseSensitive(entry, "init_kwargs");
    if (!cJSON_IsObject(*arguments)) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config in its metadata has no init_kwargs for %s", path, name);
    }
    if (!cJSON_IsString(class_name) || strcmp(class_name->valuestring, wanted) != 0) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config in its metadata has the class_name \"%.100s\" for %s, where "
                       "\"%s\" was expected",
                       path, cJSON_IsString(class_name) ? class_name->valuestring : "", name,
                       wanted);
    }
    return SG_OK;
}

/* Passes a config's failure on with the file and part in front, which the config does not know. */
static sg_status forward_config(const sg_network_file *file, sg_network_part part,
                                const sg_error *inner, sg_error *error)
{
    if (inner->status == SG_OK) {
        return SG_OK;
    }
    return sg_fail(error, SG_ERROR_FORMAT, "%s, %s: %s", sg_safetensors_path(file->tensors),
                   part_names[part], inner->message);
}

/*
 * Refuses a config that asks for much more than the file has, before memory is taken for it. A
 * tensor or two too few pass here, to be missed by name later.
 */
static sg_status check_size(const sg_network_file *file, sg_network_part part, double least,
                            sg_error *error)
{
    static const double factor = 4.0;
    static const double harmless = 1e6;
    size_t present = sg_network_value_count(file, part);
    if (least > harmless + factor * (double)present) {
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config of %s asks for at least %.0f values, but the file has %zu",
                       sg_safetensors_path(file->tensors), part_names[part], least, present);
    }
    return SG_OK;
}

sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    sg_status status = find_arguments(file, part, &arguments, error);
    if (status != SG_OK) {
        return status;
    }
    sg_generator_config_from_json(arguments, config, &inner);
    status = forward_config(file, part, &inner, error);
    return status == SG_OK ? check_size(file, part, sg_generator_least_values(config), error)
                           : status;
}

sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    sg_status status = find_arguments(file, SG_PART_D, &arguments, error);
    if (status != SG_OK) {
        return status;
    }
    sg_discriminator_config_from_json(arguments, config, &inner);
    status = forward_config(file, SG_PART_D, &inner, error);
    return status == SG_OK
               ? check_size(file, SG_PART_D, sg_discriminator_least_values(config), error)
               : status;
}

/* ---- values ---- */

static bool same_shape(const sg_stored_tensor *stored, const sg_shape *shape)
{
    bool same = stored->rank == shape->rank;
    for (int i = 0; same && i < shape->rank; i++) {
        same = stored->size[i] == shape->size[i];
    }
    return same;
}

static sg_status fill_tensor(sg_network_file *file, sg_network_part part,
                             const sg_parameter *parameter, sg_error *error)
{
    char name[SG_PARAMETER_NAME_BYTES + 8];
    snprintf(name, sizeof name, "%s.%s", part_names[part], parameter->name);
    const char *path = sg_safetensors_path(file->tensors);
    const sg_stored_tensor *stored = sg_safetensors_find(file->tensors, name);
    if (stored == NULL) {
        return sg_fail(error, SG_ERROR_FORMAT, "%s lacks the tensor %s", path, name);
    }
    sg_tensor *tensor = parameter->tensor;
    if (!same_shape(stored, &tensor->shape)) {
        char found[200];
        char expected[200];
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: the tensor %s has the shape %s, but the config asks for %s", path, name,
                       sg_stored_shape_print(stored, found),
                       sg_shape_print(&tensor->shape, expected));
    }
    sg_status status =
        tensor->dtype == SG_F64
            ? sg_safetensors_read_doubles(file->tensors, stored, sg_f64(tensor), error)
            : sg_safetensors_read_floats(file->tensors, stored, sg_f32(tensor), error);
    sg_tensor_touch(tensor);
    return status;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t suffix_length = strlen(suffix);
    return length >= suffix_length && strcmp(text + length - suffix_length, suffix) == 0;
}

/* Filters are told by the config too, so one for a layer that resamples nothing does not matter. */
static sg_status check_left_over(const sg_network_file *file, sg_network_part part,
                                 const sg_parameter_set *parameters, sg_error *error)
{
    for (size_t i = 0; i < sg_safetensors_count(file->tensors); i++) {
        const char *full_name = sg_safetensors_at(file->tensors, i)->name;
        const char *name = name_within(full_name, part);
        if (name != NULL && !has_suffix(name, "resample_filter") &&
            sg_parameter_find(parameters, name) == NULL) {
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s has the tensor %s, for which the config has no place",
                           sg_safetensors_path(file->tensors), full_name);
        }
    }
    return SG_OK;
}

sg_status sg_network_fill(sg_network_file *file, sg_network_part part, sg_parameter_set *parameters,
                          sg_error *error)
{
    sg_status status = check_left_over(file, part, parameters, error);
    for (size_t i = 0; status == SG_OK && i < parameters->count; i++) {
        status = fill_tensor(file, part, &parameters->items[i], error);
    }
    return status;
}

sg_status sg_network_load_generator(sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error)
{
    *generator = NULL;
    sg_generator_config config;
    sg_status status = sg_network_generator_config(file, part, &config, error);
    if (status != SG_OK) {
        return status;
    }
    sg_generator *loaded = sg_generator_create(context, &config, SG_F32, 0);
    if (loaded == NULL) {
        return sg_context_take_error(context, error);
    }
    status = sg_network_fill(file, part, sg_generator_parameters(loaded), error);
    if (status != SG_OK) {
        sg_generator_destroy(loaded);
        return status;
    }
    *generator = loaded;
    return SG_OK;
}

sg_status sg_network_load_discriminator(sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error)
{
    *discriminator = NULL;
    sg_discriminator_config config;
    sg_status status = sg_network_discriminator_config(file, &config, error);
    if (status != SG_OK) {
        return status;
    }
    sg_discriminator *loaded = sg_discriminator_create(context, &config, SG_F32, 0);
    if (loaded == NULL) {
        return sg_context_take_error(context, error);
    }
    status = sg_network_fill(file, SG_PART_D, sg_discriminator_parameters(loaded), error);
    if (status != SG_OK) {
        sg_discriminator_destroy(loaded);
        return status;
    }
    *discriminator = loaded;
    return SG_OK;
}
