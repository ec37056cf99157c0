/*
 * Builds networks from open files: checks the shape of every tensor against the config, reads the
 * numbers or maps them where they lie in the file as they do in memory, and estimates an average of
 * w that the file lacks.
 *
 * Tested by: tests/checkpoint/network/test_network_file.c
 */
#include "checkpoint/network/network_load.h"

#include <stdio.h>
#include <string.h>

#include "base/machine/memory.h"
#include "base/numpy_random.h"
#include "base/text.h"
#include "checkpoint/network/network_inside.h"
#include "models/encoder/encoder_cost.h"
#include "models/family.h"
#include "models/network_cost.h"

static const char average_name[] = "mapping.w_avg";

/* ---- values ---- */

static bool is_filter(const char *name)
{
    return sg_has_suffix(name, "resample_filter");
}

static bool is_noise(const char *name)
{
    return sg_has_suffix(name, "noise_const");
}

/* True if a foreign file may lack the tensor, since its value follows from others or any does. */
static bool may_lack(const sg_network_file *file, sg_network_part part, const char *name)
{
    return file->contents.parts[part].lacks_derived &&
           (is_filter(name) || is_noise(name) || strcmp(name, average_name) == 0);
}

size_t sg_network_lacking_noise(const sg_network_file *file, sg_network_part part, size_t *all)
{
    size_t inputs = 0;
    size_t stored = 0;
    for (size_t i = 0; i < sg_network_tensor_count(file, part); i++) {
        const char *name = sg_network_tensor_at(file, part, i)->name;
        inputs += sg_has_suffix(name, "noise_strength");
        stored += is_noise(name);
    }
    if (all)
        *all = inputs;
    return inputs > stored ? inputs - stored : 0;
}

/*
 * Fills a tensor that the file may lack: noise is drawn by a seed from the tensor's name, so that
 * it is always the same. Filters and the average of w are set by others.
 */
static void fill_lacking(const sg_parameter *parameter)
{
    sg_numpy_random random;
    uint32_t seed = 0;
    if (!is_noise(parameter->name) || sg_is_hollow(parameter->tensor->context))
        return;
    for (const char *at = parameter->name; *at != '\0'; at++)
        seed = 31 * seed + (unsigned char)*at;
    sg_numpy_random_seed(&random, seed);
    for (int64_t i = 0; i < sg_tensor_count(parameter->tensor); i++)
        sg_tensor_set_value(parameter->tensor, i, sg_numpy_random_normal(&random));
    sg_tensor_touch(parameter->tensor);
}

static bool same_shape(const sg_network_tensor *stored, const sg_shape *shape)
{
    bool same = stored->rank == shape->rank;
    for (int i = 0; same && i < shape->rank; i++)
        same = stored->size[i] == shape->size[i];
    return same;
}

/* Long filters are stored by their taps, since they are applied along one axis after the other. */
static bool is_separable_filter(const sg_network_tensor *stored, const sg_parameter *parameter)
{
    return is_filter(stored->name) && stored->rank == 1 &&
           stored->size[0] == parameter->tensor->shape.size[0];
}

/*
 * Maps the file's numbers into the tensor without reading them; false unless they lie in the file
 * as they do in memory.
 */
static bool map_tensor(const sg_network_tensor *stored, sg_file_map *mapping, sg_tensor *tensor)
{
    const sg_stored_tensor *in_file = stored->stored;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || !mapping || !in_file ||
        !same_shape(stored, &tensor->shape) || in_file->type != SG_STORED_F32 ||
        tensor->dtype != SG_F32 || in_file->offset % sizeof(float) != 0)
        return false;
    sg_tensor_map(tensor, mapping, sg_file_map_bytes(mapping) + in_file->offset);
    return true;
}

/* Fills one tensor; `mapping` is the file's, or NULL to copy its numbers. */
static sg_status fill_tensor(const sg_network_file *file, sg_network_part part,
                             const sg_parameter *parameter, sg_file_map *mapping, sg_error *error)
{
    const sg_network_tensor *stored = sg_network_tensor_find(file, part, parameter->name);
    if (!stored && !may_lack(file, part, parameter->name))
        return sg_fail(error, SG_ERROR_FORMAT, "%s lacks the tensor %s.%s", file->path,
                       sg_network_part_name(part), parameter->name);
    if (!stored) {
        fill_lacking(parameter);
        return SG_OK;
    }
    sg_tensor *tensor = parameter->tensor;
    if (is_separable_filter(stored, parameter))
        return SG_OK; /* the network computes its square from the config */
    if (!same_shape(stored, &tensor->shape)) {
        char found[200];
        char expected[200];
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s: the tensor %s.%s has the shape %s, but the config asks for %s",
                       file->path, sg_network_part_name(part), parameter->name,
                       sg_network_tensor_print_shape(stored, found),
                       sg_shape_print(&tensor->shape, expected));
    }
    if (sg_is_hollow(tensor->context) || map_tensor(stored, mapping, tensor))
        return SG_OK;
    sg_status status = tensor->dtype == SG_F64
                           ? sg_network_tensor_read_doubles(stored, sg_f64(tensor), error)
                           : sg_network_tensor_read_floats(stored, sg_f32(tensor), error);
    sg_tensor_touch(tensor);
    return status;
}

/* Filters follow from the config; a stored filter for a layer that does not resample is ignored. */
static sg_status check_left_over(const sg_network_file *file, sg_network_part part,
                                 const sg_parameter_set *parameters, sg_error *error)
{
    for (size_t i = 0; i < sg_network_tensor_count(file, part); i++) {
        const char *name = sg_network_tensor_at(file, part, i)->name;
        if (!is_filter(name) && !sg_parameter_find(parameters, name))
            return sg_fail(error, SG_ERROR_FORMAT,
                           "%s has the tensor %s.%.200s, for which the config has no place",
                           file->path, sg_network_part_name(part), name);
    }
    return SG_OK;
}

static sg_status fill(const sg_network_file *file, sg_network_part part,
                      sg_parameter_set *parameters, sg_file_map *mapping, sg_error *error)
{
    SG_TRY(check_left_over(file, part, parameters, error));
    for (size_t i = 0; i < parameters->count; i++)
        SG_TRY(fill_tensor(file, part, &parameters->items[i], mapping, error));
    return SG_OK;
}

sg_status sg_network_fill(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error)
{
    return fill(file, part, parameters, NULL, error);
}

/* Fills a new network, whose tensors share nothing: where the context says so, their numbers stay
 * in the file. Otherwise whatever happens to the file later changes no picture. */
static sg_status fill_new(const sg_network_file *file, sg_network_part part,
                          sg_parameter_set *parameters, sg_error *error)
{
    const bool stays = parameters->context->map_files && file->tensors;
    sg_file_map *mapping = stays ? sg_safetensors_map(file->tensors) : NULL;
    const sg_status status = fill(file, part, parameters, mapping, error);
    sg_file_map_release(mapping);
    return status;
}

/* ---- networks ---- */

/* Fails if a pass of the network, of that cost, exceeds the memory that the context may take. */
static sg_status check_memory(const sg_network_file *file, sg_network_part part,
                              const sg_context *context, const sg_network_cost *cost,
                              sg_error *error)
{
    char subject[700];
    snprintf(subject, sizeof subject, "%.500s: a pass of %s", file->path,
             sg_network_part_name(part));
    return sg_memory_check(cost->peak_bytes - sg_resident_bytes(), context->memory, subject, error);
}

static bool stores_average(const sg_network_file *file, sg_network_part part)
{
    return sg_network_tensor_find(file, part, average_name);
}

bool sg_network_lacks_average(const sg_network_file *file, sg_network_part part)
{
    return part != SG_PART_D && part < SG_PART_E && sg_network_has(file, part) &&
           !stores_average(file, part) && sg_family_of(sg_network_family(file, part))->maps;
}

/* Draws latents [SG_AVERAGE_LATENTS, z_dim] by NumPy's RandomState(0).randn; NULL on failure. */
static sg_tensor *draw_latents(sg_context *context, int z_dim)
{
    sg_numpy_random random;
    sg_tensor *z = sg_tensor_create(context, SG_F32, SG_SHAPE(SG_AVERAGE_LATENTS, z_dim));
    sg_numpy_random_seed(&random, 0);
    for (int64_t i = 0; z && i < sg_tensor_count(z); i++)
        sg_f32(z)[i] = (float)sg_numpy_random_normal(&random);
    return z;
}

static sg_tensor *average_of(sg_generator *generator)
{
    return sg_parameter_find(sg_generator_parameters(generator), average_name)->tensor;
}

/* Sets the average of w, which the file lacks, to the mean over drawn latents. */
static sg_status estimate_average(sg_generator *generator, sg_context *context, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_tensor *average = average_of(generator);
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

/* Sets the average of w, which the file lacks: 0 for ProGAN, whose w is a latent. */
static sg_status set_average(const sg_network_file *file, sg_network_part part,
                             sg_generator *generator, sg_context *context, sg_error *error)
{
    if (!sg_network_lacks_average(file, part)) {
        sg_tensor *average = average_of(generator);
        if (!sg_is_hollow(context))
            memset(sg_f32(average), 0, (size_t)sg_tensor_count(average) * sizeof(float));
        sg_tensor_touch(average);
        return SG_OK;
    }
    if (sg_generator_config_of(generator)->c_dim > 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s lacks the average of w of %s, which cannot be estimated for a network "
                       "with labels",
                       file->path, sg_network_part_name(part));
    return sg_is_hollow(context) ? SG_OK : estimate_average(generator, context, error);
}

sg_status sg_network_load_generator(const sg_network_file *file, sg_network_part part,
                                    sg_context *context, sg_generator **generator, sg_error *error)
{
    *generator = NULL;
    sg_generator_config config;
    sg_network_cost cost;
    SG_TRY(sg_network_generator_config(file, part, &config, error));
    if (!sg_is_hollow(context)) {
        SG_TRY(sg_generator_cost(&config, context->exact, &cost, error));
        SG_TRY(check_memory(file, part, context, &cost, error));
    }
    /* Drawing initial values would take longer than reading those of the file. */
    const bool blank = context->blank_parameters;
    context->blank_parameters = true;
    sg_generator *loaded = sg_generator_create(context, &config, SG_F32, 0);
    context->blank_parameters = blank;
    if (!loaded)
        return sg_context_take_error(context, error);
    sg_status status = fill_new(file, part, sg_generator_parameters(loaded), error);
    if (!status && !stores_average(file, part))
        status = set_average(file, part, loaded, context, error);
    if (status)
        sg_generator_destroy(loaded);
    else
        *generator = loaded;
    return status;
}

sg_status sg_network_fill_generator(const sg_network_file *file, sg_network_part part,
                                    sg_parameter_set *parameters, sg_error *error)
{
    sg_generator *whole = NULL;
    SG_TRY(sg_network_load_generator(file, part, parameters->context, &whole, error));
    for (size_t i = 0; i < parameters->count; i++) {
        const sg_tensor *from = sg_generator_parameters(whole)->items[i].tensor;
        memcpy(parameters->items[i].tensor->storage->data, from->storage->data,
               (size_t)sg_tensor_count(from) * sizeof(float));
        sg_tensor_touch(parameters->items[i].tensor);
    }
    sg_generator_destroy(whole);
    return SG_OK;
}

sg_status sg_network_load_discriminator(const sg_network_file *file, sg_context *context,
                                        sg_discriminator **discriminator, sg_error *error)
{
    *discriminator = NULL;
    sg_discriminator_config config;
    sg_network_cost cost;
    SG_TRY(sg_network_discriminator_config(file, &config, error));
    if (!sg_is_hollow(context)) {
        SG_TRY(sg_discriminator_cost(&config, context->exact, &cost, error));
        SG_TRY(check_memory(file, SG_PART_D, context, &cost, error));
    }
    const bool blank = context->blank_parameters;
    context->blank_parameters = true;
    sg_discriminator *loaded = sg_discriminator_create(context, &config, SG_F32, 0);
    context->blank_parameters = blank;
    if (!loaded)
        return sg_context_take_error(context, error);
    const sg_status status =
        sg_network_fill(file, SG_PART_D, sg_discriminator_parameters(loaded), error);
    if (status)
        sg_discriminator_destroy(loaded);
    else
        *discriminator = loaded;
    return status;
}

/* Fills an encoder. Foreign files may have the mean of w once for all inputs, or not at all, when
 * it is 0. */
static sg_status fill_encoder(const sg_network_file *file, sg_encoder *encoder, sg_error *error)
{
    const sg_parameter_set *set = sg_encoder_parameters(encoder);
    sg_tensor *average = sg_encoder_average(encoder);
    const int64_t width = average->shape.size[1];
    SG_TRY(check_left_over(file, SG_PART_E, set, error));
    for (size_t i = 0; i < set->count; i++) {
        const sg_network_tensor *stored =
            sg_network_tensor_find(file, SG_PART_E, set->items[i].name);
        const bool lacks = file->contents.parts[SG_PART_E].lacks_derived && !stored;
        if (sg_is_hollow(average->context) && set->items[i].tensor == average)
            continue;
        if (set->items[i].tensor == average && lacks) {
            memset(sg_f32(average), 0, (size_t)sg_tensor_count(average) * sizeof(float));
        } else if (set->items[i].tensor == average && stored && stored->rank == 1 &&
                   stored->size[0] == width) {
            SG_TRY(sg_network_tensor_read_floats(stored, sg_f32(average), error));
            for (int64_t k = width; k < sg_tensor_count(average); k++)
                sg_f32(average)[k] = sg_f32(average)[k - width];
        } else {
            SG_TRY(fill_tensor(file, SG_PART_E, &set->items[i], NULL, error));
        }
    }
    return SG_OK;
}

sg_status sg_network_load_encoder(const sg_network_file *file, sg_context *context,
                                  sg_encoder **encoder, sg_error *error)
{
    *encoder = NULL;
    sg_encoder_config config;
    sg_network_cost cost;
    SG_TRY(sg_network_encoder_config(file, &config, error));
    if (!sg_is_hollow(context)) {
        SG_TRY(sg_encoder_cost(&config, context->exact, &cost, error));
        SG_TRY(check_memory(file, SG_PART_E, context, &cost, error));
    }
    const bool blank = context->blank_parameters;
    context->blank_parameters = true;
    sg_encoder *loaded = sg_encoder_create(context, &config, SG_F32, 0);
    context->blank_parameters = blank;
    if (!loaded)
        return sg_context_take_error(context, error);
    const sg_status status = fill_encoder(file, loaded, error);
    if (status)
        sg_encoder_destroy(loaded);
    else
        *encoder = loaded;
    return status;
}

sg_status sg_network_load_mapper(const sg_network_file *file, sg_context *context,
                                 sg_mapper **mapper, sg_error *error)
{
    *mapper = NULL;
    sg_mapper_config config;
    SG_TRY(sg_network_mapper_config(file, &config, error));
    sg_mapper *loaded = sg_mapper_create(context, &config, SG_F32, 0);
    if (!loaded)
        return sg_context_take_error(context, error);
    const sg_status status = sg_network_fill(file, SG_PART_M, sg_mapper_parameters(loaded), error);
    if (status)
        sg_mapper_destroy(loaded);
    else
        *mapper = loaded;
    return status;
}

sg_status sg_network_load_part(const sg_network_file *file, sg_network_part part,
                               sg_context *context, sg_network_parts *networks, sg_error *error)
{
    if (part == SG_PART_D)
        return sg_network_load_discriminator(file, context, &networks->discriminator, error);
    if (part == SG_PART_E)
        return sg_network_load_encoder(file, context, &networks->encoder, error);
    if (part == SG_PART_M)
        return sg_network_load_mapper(file, context, &networks->mapper, error);
    sg_generator **generator = part == SG_PART_G ? &networks->generator : &networks->generator_ema;
    return sg_network_load_generator(file, part, context, generator, error);
}

void sg_network_parts_clear(sg_network_parts *networks)
{
    sg_generator_destroy(networks->generator);
    sg_generator_destroy(networks->generator_ema);
    sg_discriminator_destroy(networks->discriminator);
    sg_encoder_destroy(networks->encoder);
    sg_mapper_destroy(networks->mapper);
    *networks = (sg_network_parts){0};
}
