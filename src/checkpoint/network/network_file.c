/* What an open network file holds, and networks built from it; see network_file.h. */
#include "checkpoint/network/network_file.h"

#include <string.h>

#include "base/numpy_random.h"
#include "checkpoint/network/network_opened.h"
#include "models/config_json.h"
#include "models/family.h"
#include "models/network_size.h"

static const char average_name[] = "mapping.w_avg";
static const char *const part_names[SG_PART_COUNT] = {"G", "D", "G_ema"};

const char *sg_network_part_name(sg_network_part part)
{
    return part_names[part];
}

/* ---- what is in it ---- */

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
    case SG_PICKLE:
        break;
    }
    return "pickle";
}

const char *sg_network_dialect(const sg_network_file *file)
{
    return file->contents.dialect;
}

/* The number of the pair that is "config", or of one behind the last. */
static size_t config_index(const sg_network_file *file)
{
    size_t count = sg_safetensors_metadata_count(file->tensors);
    size_t index = 0;
    while (index < count &&
           strcmp(sg_safetensors_metadata_at(file->tensors, index).key, "config") != 0)
        index++;
    return index;
}

size_t sg_network_metadata_count(const sg_network_file *file)
{
    /* A native file was not opened without a config. */
    return file->tensors ? sg_safetensors_metadata_count(file->tensors) - 1 : 0;
}

sg_metadata sg_network_metadata_at(const sg_network_file *file, size_t index)
{
    return sg_safetensors_metadata_at(file->tensors, index + (index >= config_index(file)));
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

size_t sg_network_value_count(const sg_network_file *file, sg_network_part part)
{
    return file->contents.parts[part].values;
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

/* The part's entry in the config; a generator's may stand under the other generator's name. */
static const cJSON *find_entry(const sg_network_file *file, sg_network_part part)
{
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(file->contents.config, part_names[part]);
    if (!entry && part != SG_PART_D) {
        sg_network_part other = part == SG_PART_G ? SG_PART_G_EMA : SG_PART_G;
        entry = cJSON_GetObjectItemCaseSensitive(file->contents.config, part_names[other]);
    }
    return entry;
}

const cJSON *sg_network_init_kwargs(const sg_network_file *file, sg_network_part part)
{
    const cJSON *arguments =
        cJSON_GetObjectItemCaseSensitive(find_entry(file, part), "init_kwargs");
    return cJSON_IsObject(arguments) ? arguments : NULL;
}

/* The part's init_kwargs, after what can be told without reading them. */
static sg_status find_arguments(const sg_network_file *file, sg_network_part part,
                                const cJSON **arguments, sg_error *error)
{
    const char *path = file->path;
    const char *name = part_names[part];
    const char *wanted = part == SG_PART_D ? "Discriminator" : "Generator";
    if (!sg_network_has(file, part))
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds no %s", path, name);
    if (file->contents.parts[part].refusal)
        return sg_fail(error, SG_ERROR_FORMAT, "%s", file->contents.parts[part].refusal);
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

/* Passes a config's failure on with the file and part in front, which the config does not know. */
static sg_status forward_config(const sg_network_file *file, sg_network_part part,
                                const sg_error *inner, sg_error *error)
{
    if (!inner->status)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT, "%s, %s: %s", file->path, part_names[part],
                   inner->message);
}

/*
 * The values of a part, but no more than the file has room for: tensors of a foreign file may share
 * their numbers. Archives may be compressed, though numbers hardly give way.
 */
static double count_values(const sg_network_file *file, sg_network_part part)
{
    static const double most_compressed = 8.0;
    double values = (double)sg_network_value_count(file, part);
    double room = (double)file->bytes * most_compressed;
    return values < room ? values : room;
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
    double present = count_values(file, part);
    if (least > harmless + factor * present)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the config of %s asks for at least %.0f values, but the file has %.0f",
                       file->path, part_names[part], least, present);
    return SG_OK;
}

sg_status sg_network_generator_config(const sg_network_file *file, sg_network_part part,
                                      sg_generator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    sg_status status = find_arguments(file, part, &arguments, error);
    if (status)
        return status;
    sg_generator_config_from_json(arguments, sg_network_family(file, part), config, &inner);
    status = forward_config(file, part, &inner, error);
    return !status ? check_size(file, part, sg_generator_least_values(config), error) : status;
}

sg_status sg_network_discriminator_config(const sg_network_file *file,
                                          sg_discriminator_config *config, sg_error *error)
{
    const cJSON *arguments = NULL;
    sg_error inner = {0};
    sg_status status = find_arguments(file, SG_PART_D, &arguments, error);
    if (status)
        return status;
    sg_discriminator_config_from_json(arguments, config, &inner);
    status = forward_config(file, SG_PART_D, &inner, error);
    return !status ? check_size(file, SG_PART_D, sg_discriminator_least_values(config), error)
                   : status;
}

/* ---- values ---- */

static bool has_suffix(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t suffix_length = strlen(suffix);
    return length >= suffix_length && strcmp(text + length - suffix_length, suffix) == 0;
}

static bool is_filter(const char *name)
{
    return has_suffix(name, "resample_filter");
}

/* Whether a foreign file may lack a tensor, since its value follows from others. */
static bool is_implied(const sg_network_file *file, sg_network_part part, const char *name)
{
    return file->contents.parts[part].lacks_derived &&
           (is_filter(name) || strcmp(name, average_name) == 0);
}

static bool same_shape(const sg_network_tensor *stored, const sg_shape *shape)
{
    bool same = stored->rank == shape->rank;
    for (int i = 0; same && i < shape->rank; i++)
        same = stored->size[i] == shape->size[i];
    return same;
}

/* Long filters are stored by their taps, since they are applied in one direction after the other.
 */
static bool is_separable_filter(const sg_network_tensor *stored, const sg_parameter *parameter)
{
    return is_filter(stored->name) && stored->rank == 1 &&
           stored->size[0] == parameter->tensor->shape.size[0];
}

/*
 * Makes the file's numbers the tensor's without reading them, where they lie in the file as they do
 * in memory; false where they do not.
 */
static bool map_tensor(const sg_network_tensor *stored, sg_file_map *mapping, sg_tensor *tensor)
{
    const sg_stored_tensor *place = stored->stored;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || !mapping || !place ||
        !same_shape(stored, &tensor->shape) || place->type != SG_STORED_F32 ||
        tensor->dtype != SG_F32 || place->offset % sizeof(float) != 0)
        return false;
    sg_tensor_map(tensor, mapping, sg_file_map_bytes(mapping) + place->offset);
    return true;
}

/* `mapping` is the file's, or NULL when its numbers are to be copied. */
static sg_status fill_tensor(const sg_network_file *file, sg_network_part part,
                             const sg_parameter *parameter, sg_file_map *mapping, sg_error *error)
{
    const sg_network_tensor *stored = sg_network_tensor_find(file, part, parameter->name);
    if (!stored)
        return is_implied(file, part, parameter->name)
                   ? SG_OK
                   : sg_fail(error, SG_ERROR_FORMAT, "%s lacks the tensor %s.%s", file->path,
                             part_names[part], parameter->name);
    sg_tensor *tensor = parameter->tensor;
    if (is_separable_filter(stored, parameter))
        return SG_OK; /* the network has its square from the config */
    if (!same_shape(stored, &tensor->shape)) {
        char found[200];
        char expected[200];
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: the tensor %s.%s has the shape %s, but the config asks for %s",
                       file->path, part_names[part], parameter->name,
                       sg_network_tensor_print_shape(stored, found),
                       sg_shape_print(&tensor->shape, expected));
    }
    if (map_tensor(stored, mapping, tensor))
        return SG_OK;
    sg_status status = tensor->dtype == SG_F64
                           ? sg_network_tensor_read_doubles(stored, sg_f64(tensor), error)
                           : sg_network_tensor_read_floats(stored, sg_f32(tensor), error);
    sg_tensor_touch(tensor);
    return status;
}

/* Filters are told by the config too, so one for a layer that resamples nothing does not matter. */
static sg_status check_left_over(const sg_network_file *file, sg_network_part part,
                                 const sg_parameter_set *parameters, sg_error *error)
{
    for (size_t i = 0; i < sg_network_tensor_count(file, part); i++) {
        const char *name = sg_network_tensor_at(file, part, i)->name;
        if (!is_filter(name) && !sg_parameter_find(parameters, name))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s has the tensor %s.%.200s, for which the config has no place",
                           file->path, part_names[part], name);
    }
    return SG_OK;
}

static sg_status fill(const sg_network_file *file, sg_network_part part,
                      sg_parameter_set *parameters, sg_file_map *mapping, sg_error *error)
{
    sg_status status = check_left_over(file, part, parameters, error);
    for (size_t i = 0; !status && i < parameters->count; i++)
        status = fill_tensor(file, part, &parameters->items[i], mapping, error);
    return status;
}

sg_status sg_network_fill(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error)
{
    return fill(file, part, parameters, NULL, error);
}

/* The same for a network just made, whose tensors share nothing: their numbers may stay in the
 * file. */
static sg_status fill_new(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error)
{
    sg_file_map *mapping = file->tensors ? sg_safetensors_map(file->tensors) : NULL;
    const sg_status status = fill(file, part, parameters, mapping, error);
    sg_file_map_release(mapping);
    return status;
}

/* ---- networks ---- */

static bool stores_average(const sg_network_file *file, sg_network_part part)
{
    return sg_network_tensor_find(file, part, average_name);
}

bool sg_network_lacks_average(const sg_network_file *file, sg_network_part part)
{
    return part != SG_PART_D && sg_network_has(file, part) && !stores_average(file, part) &&
           sg_family_of(sg_network_family(file, part))->maps;
}

/* Latents from NumPy's RandomState(0).randn, [SG_AVERAGE_LATENTS, z_dim]. */
static sg_tensor *draw_latents(sg_context *context, int z_dim)
{
    sg_numpy_random random;
    sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(SG_AVERAGE_LATENTS, z_dim));
    sg_numpy_random_seed(&random, 0);
    for (int64_t i = 0; z && i < sg_tensor_count(z); i++)
        sg_f32(z)[i] = (float)sg_numpy_random_normal(&random);
    return z;
}

/* Sets the average of w, which the file lacks, to the mean over some latents. */
static sg_status estimate_average(sg_generator *generator, sg_context *context, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_tensor *average =
        sg_parameter_find(sg_generator_parameters(generator), average_name)->tensor;
    bool recording = context->recording;
    size_t scope = sg_scope_open(context);
    context->recording = false;
    const sg_tensor *w = sg_generator_map(generator, draw_latents(context, config->z_dim), NULL);
    for (int i = 0; w && i < config->w_dim; i++) {
        double sum = 0.0;
        for (int64_t n = 0; n < SG_AVERAGE_LATENTS; n++)
            sum += (double)sg_f32(w)[n * config->w_dim + i];
        sg_f32(average)[i] = (float)(sum / SG_AVERAGE_LATENTS);
    }
    sg_tensor_touch(average);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return w ? SG_OK : sg_context_take_error(context, error);
}

static sg_status fail_average(const sg_network_file *file, sg_network_part part, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s lacks the average of w of %s, which cannot be estimated for a network with "
                   "labels",
                   file->path, part_names[part]);
}

/* Sets the average of w, which the file lacks, if it can be known. */
static sg_status set_average(const sg_network_file *file, sg_network_part part,
                             sg_generator *generator, sg_context *context, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    if (!sg_network_lacks_average(file, part)) {
        /* w is a latent, whose average is 0. */
        sg_tensor *average =
            sg_parameter_find(sg_generator_parameters(generator), average_name)->tensor;
        memset(sg_f32(average), 0, (size_t)sg_tensor_count(average) * sizeof(float));
        sg_tensor_touch(average);
        return SG_OK;
    }
    return config->c_dim > 0 ? fail_average(file, part, error)
                             : estimate_average(generator, context, error);
}

sg_status sg_network_load_generator(const sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error)
{
    *generator = NULL;
    sg_generator_config config;
    sg_status status = sg_network_generator_config(file, part, &config, error);
    if (status)
        return status;
    /* Drawing initial values would take longer than reading those of the file. */
    bool blank = context->blank_parameters;
    context->blank_parameters = true;
    sg_generator *loaded = sg_generator_create(context, &config, SG_F32, 0);
    context->blank_parameters = blank;
    if (!loaded)
        return sg_context_take_error(context, error);
    status = fill_new(file, part, sg_generator_parameters(loaded), error);
    if (!status && !stores_average(file, part))
        status = set_average(file, part, loaded, context, error);
    if (status) {
        sg_generator_destroy(loaded);
        return status;
    }
    *generator = loaded;
    return SG_OK;
}

sg_status sg_network_load_discriminator(const sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error)
{
    *discriminator = NULL;
    sg_discriminator_config config;
    sg_status status = sg_network_discriminator_config(file, &config, error);
    if (status)
        return status;
    bool blank = context->blank_parameters;
    context->blank_parameters = true;
    sg_discriminator *loaded = sg_discriminator_create(context, &config, SG_F32, 0);
    context->blank_parameters = blank;
    if (!loaded)
        return sg_context_take_error(context, error);
    status = sg_network_fill(file, SG_PART_D, sg_discriminator_parameters(loaded), error);
    if (status) {
        sg_discriminator_destroy(loaded);
        return status;
    }
    *discriminator = loaded;
    return SG_OK;
}
