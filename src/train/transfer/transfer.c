/* Transfer of weights, part by part, and what is said of those that do not fit; see transfer.h. */
#include "train/transfer/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "models/family.h"
#include "train/options/preset.h"
#include "train/transfer/transfer_report.h"

/* ---- tensors ---- */

static bool fits(const sg_network_tensor *stored, const sg_tensor *target)
{
    return stored && stored->rank == target->shape.rank &&
           memcmp(stored->size, target->shape.size, (size_t)stored->rank * sizeof *stored->size) ==
               0;
}

/* Describes the first tensor that is left out. */
static void note_left_out(sg_transfer *transfer, sg_network_part part,
                          const sg_parameter *parameter, const sg_network_tensor *stored)
{
    char found[200];
    char expected[200];
    if (transfer->left_out[0])
        return;
    snprintf(transfer->left_out, sizeof transfer->left_out, "%s.%s is %s in the file and %s here",
             sg_network_part_name(part), parameter->name,
             stored ? sg_network_tensor_print_shape(stored, found) : "not",
             sg_shape_print(&parameter->tensor->shape, expected));
}

/* Fills a tensor by the first rule that is about it. */
static sg_status adapt(const sg_transfer_source *source, sg_parameter *target,
                       sg_transfer_result *result, sg_error *error)
{
    static sg_status (*const rules[])(const sg_transfer_source *, sg_parameter *,
                                      sg_transfer_result *, sg_error *) = {
        sg_adapt_colours, sg_adapt_labels, sg_adapt_blocks};
    *result = (sg_transfer_result){SG_TRANSFER_NEW, NULL};
    for (size_t i = 0; i < sizeof rules / sizeof *rules && !result->how; i++)
        SG_TRY(rules[i](source, target, result, error));
    return SG_OK;
}

/* The same for a tensor without values, which gets some for as long as the rules want to write. */
static sg_status rehearse_adapting(const sg_transfer_source *source, sg_parameter *target,
                                   sg_transfer_result *result, sg_error *error)
{
    sg_storage *storage = target->tensor->storage;
    void *own = storage->data;
    void *values = own ? own : sg_allocate(storage->bytes, 1);
    if (!values)
        return sg_fail_memory(error, "weights");
    storage->data = values;
    const sg_status status = adapt(source, target, result, error);
    storage->data = own;
    if (!own)
        free(values);
    return status;
}

/* Fills a tensor by the first rule that is about it, or else copies it if it fits. */
static sg_status fill(const sg_transfer_source *source, sg_parameter *target,
                      const sg_network_tensor *stored, sg_transfer_result *result, sg_error *error)
{
    const bool hollow = sg_is_hollow(target->tensor->context);
    SG_TRY((hollow ? rehearse_adapting : adapt)(source, target, result, error));
    if (result->how || !fits(stored, target->tensor))
        return SG_OK;
    result->kind = SG_TRANSFER_COPIED;
    if (hollow)
        return SG_OK;
    return sg_network_tensor_read_floats(stored, sg_transfer_write(target), error);
}

/* Fills the tensors of one network, and reports those that are not merely copied. */
static sg_status fill_part(const sg_transfer_source *source, sg_network_part part,
                           sg_transfer_report *report, sg_transfer *transfer, sg_error *error)
{
    for (size_t i = 0; i < source->set->count; i++) {
        sg_transfer_result result;
        sg_parameter *target = &source->set->items[i];
        const sg_network_tensor *stored = sg_transfer_find(source, target->name);
        SG_TRY(fill(source, target, stored, &result, error));
        /* A filter is a constant of the config, which the file need not hold. */
        if (!stored && !target->trainable && sg_has_suffix(target->name, "_filter"))
            continue;
        transfer->wanted++;
        transfer->taken += result.kind != SG_TRANSFER_NEW;
        transfer->adapted += result.kind == SG_TRANSFER_ADAPTED;
        if (result.kind == SG_TRANSFER_NEW)
            note_left_out(transfer, part, target, stored);
        if (result.kind != SG_TRANSFER_COPIED)
            sg_transfer_note(report, target, stored, result);
    }
    sg_transfer_note_unused(report, source);
    return SG_OK;
}

/* ---- networks ---- */

static void set_generator(sg_transfer_source *source, sg_generator *generator)
{
    source->set = sg_generator_parameters(generator);
    source->g_here = *sg_generator_config_of(generator);
    source->of_generator = true;
    source->known =
        !sg_network_generator_config(source->file, source->part, &source->g_file, NULL) &&
        source->g_file.family == source->g_here.family;
    source->resolution_file = source->g_file.img_resolution;
    source->resolution_here = source->g_here.img_resolution;
    source->channels_file = source->g_file.img_channels;
    source->channels_here = source->g_here.img_channels;
    source->classes_file = source->g_file.c_dim;
    source->classes_here = source->g_here.c_dim;
}

static void set_discriminator(sg_transfer_source *source, sg_discriminator *discriminator)
{
    source->set = sg_discriminator_parameters(discriminator);
    source->d_here = *sg_discriminator_config_of(discriminator);
    source->known = !sg_network_discriminator_config(source->file, &source->d_file, NULL) &&
                    source->d_file.family == source->d_here.family;
    source->resolution_file = source->d_file.img_resolution;
    source->resolution_here = source->d_here.img_resolution;
    source->channels_file = source->d_file.img_channels;
    source->channels_here = source->d_here.img_channels;
    source->classes_file = source->d_file.c_dim;
    source->classes_here = source->d_here.c_dim;
}

/* StyleGAN3's cutoffs and filters, which are tensors too, belong to one resolution. */
static sg_status check_resolution(const sg_transfer_source *source, sg_error *error)
{
    if (!source->of_generator || !source->known || !sg_family_of(source->g_here.family)->input ||
        source->resolution_file == source->resolution_here)
        return SG_OK;
    return sg_fail(error, SG_ERROR_SHAPE,
                   "\"init\" %s: it paints pictures of %d pixels a side, but the images have %d: "
                   "each layer of StyleGAN3 has a cutoff and filters for one resolution, so that "
                   "the weights of another one mean nothing; bring the images to \"resolution\" "
                   "%d, or start from a network of %d",
                   sg_network_path(source->file), source->resolution_file, source->resolution_here,
                   source->resolution_file, source->resolution_here);
}

/* Fills one network from a part of the file, and adds its lines to *text. */
static sg_status take_part(const sg_network_parts *networks, const sg_network_file *file,
                           sg_network_part from, sg_network_part part, sg_transfer *transfer,
                           sg_text *text, sg_error *error)
{
    sg_transfer_source *source = sg_allocate(1, sizeof *source);
    sg_transfer_report *report = sg_allocate(1, sizeof *report);
    sg_status status = source && report ? SG_OK : sg_fail_memory(error, "weights");
    if (!status) {
        *source = (sg_transfer_source){.file = file, .part = from};
        if (part == SG_PART_D)
            set_discriminator(source, networks->discriminator);
        else
            set_generator(source,
                          part == SG_PART_G ? networks->generator : networks->generator_ema);
        status = check_resolution(source, error);
    }
    if (!status)
        status = fill_part(source, part, report, transfer, error);
    if (!status)
        sg_transfer_print(report, text);
    free(source);
    free(report);
    return status;
}

/* Appends the lines of each network; those of both generators once if they are the same. */
static void join_reports(const sg_text *texts, sg_text *report)
{
    const char *lines[SG_PART_COUNT];
    for (int part = 0; part < SG_PART_COUNT; part++)
        lines[part] = texts[part].bytes ? texts[part].bytes : "";
    const bool same = strcmp(lines[SG_PART_G], lines[SG_PART_G_EMA]) == 0;
    if (lines[SG_PART_G][0])
        sg_text_append(report, "%s\n%s", same ? "G and G_ema:" : "G:", lines[SG_PART_G]);
    if (lines[SG_PART_G_EMA][0] && !same)
        sg_text_append(report, "G_ema:\n%s", lines[SG_PART_G_EMA]);
    if (lines[SG_PART_D][0])
        sg_text_append(report, "D:\n%s", lines[SG_PART_D]);
}

static sg_status take_all(const sg_network_parts *networks, const sg_network_file *file,
                          sg_transfer *transfer, sg_error *error)
{
    /* A part that the file lacks starts from its average, and the other way round. */
    const sg_network_part sources[SG_PART_COUNT] = {
        [SG_PART_G] = sg_network_has(file, SG_PART_G) ? SG_PART_G : SG_PART_G_EMA,
        [SG_PART_G_EMA] = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G,
        [SG_PART_D] = SG_PART_D,
        [SG_PART_E] = SG_PART_E,
        [SG_PART_M] = SG_PART_M};
    sg_text texts[SG_PART_COUNT] = {{0}};
    sg_status status = SG_OK;
    transfer->lacks_discriminator = !sg_network_has(file, SG_PART_D);
    for (int part = 0; part < SG_PART_COUNT && !status; part++)
        if (part < SG_PART_E && sg_network_has(file, sources[part]))
            status = take_part(networks, file, sources[part], (sg_network_part)part, transfer,
                               &texts[part], error);
    if (!status)
        join_reports(texts, &transfer->report);
    for (int part = 0; part < SG_PART_COUNT; part++)
        sg_text_clear(&texts[part]);
    return status;
}

/* ---- options ---- */

static void append_number(sg_text *text, const char *option, int theirs, int ours)
{
    if (theirs != ours)
        sg_text_append(text, "%s\"%s\" %d", text->length ? " " : "", option, theirs);
}

/* Says of what shape the file's pictures are, where those here are of another. */
static void append_shape(sg_text *text, const sg_generator_config *theirs,
                         const sg_generator_config *ours)
{
    const int width = theirs->base_width * theirs->img_resolution / 4;
    const int height = theirs->base_height * theirs->img_resolution / 4;
    const int our_width = ours->base_width * ours->img_resolution / 4;
    const int our_height = ours->base_height * ours->img_resolution / 4;
    if (width != our_width || height != our_height || theirs->img_channels != ours->img_channels)
        sg_text_append(text, "%spictures of %dx%d with %d channel%s instead of %dx%d with %d",
                       text->length ? ", and " : "", width, height, theirs->img_channels,
                       theirs->img_channels == 1 ? "" : "s", our_width, our_height,
                       ours->img_channels);
    if (theirs->c_dim != ours->c_dim)
        sg_text_append(text, "%s%d classes instead of %d", text->length ? ", and " : "",
                       theirs->c_dim, ours->c_dim);
}

/* Lists the options that would make the networks equal. */
static void list_options(const sg_network_file *file, const sg_generator_config *ours,
                         sg_transfer *transfer)
{
    sg_text text = {0};
    sg_generator_config theirs;
    const sg_network_part part = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G;
    if (sg_network_generator_config(file, part, &theirs, NULL))
        return;
    const sg_preset *cfg = sg_preset_of(&theirs);
    const sg_preset *our_cfg = sg_preset_of(ours);
    /* The generator of some has more channels than are asked for. */
    const int share = cfg->wide_generator ? 2 : 1;
    const int our_share = our_cfg->wide_generator ? 2 : 1;
    if (cfg != our_cfg)
        sg_text_append(&text, "\"cfg\" %s", cfg->name);
    append_number(&text, "channel_base", theirs.channel_base / share,
                  ours->channel_base / our_share);
    append_number(&text, "channel_max", theirs.channel_max / share, ours->channel_max / our_share);
    append_number(&text, "z_dim", theirs.z_dim, ours->z_dim);
    if (sg_family_of(theirs.family)->maps) {
        append_number(&text, "w_dim", theirs.w_dim, ours->w_dim);
        append_number(&text, "mapping_layers", theirs.mapping.num_layers, ours->mapping.num_layers);
    }
    append_shape(&text, &theirs, ours);
    snprintf(transfer->options, sizeof transfer->options, "%s", text.bytes ? text.bytes : "");
    sg_text_clear(&text);
}

/* ---- all of it ---- */

static sg_status check(const sg_transfer *transfer, const char *path, bool partly, sg_error *error)
{
    if (transfer->taken * 2 >= transfer->wanted || (partly && transfer->taken > 0))
        return SG_OK;
    return sg_fail(error, SG_ERROR_SHAPE,
                   "\"init\" %s: %zu of %zu tensors fit, so that most of the networks would start "
                   "at random; the first that differs: %s%s%s%s",
                   path, transfer->taken, transfer->wanted, transfer->left_out,
                   transfer->options[0] ? ". The file's networks have " : "", transfer->options,
                   transfer->taken > 0 ? ". \"init_partly\" goes on all the same" : "");
}

sg_status sg_transfer_weights(const sg_network_parts *networks, const char *path, bool partly,
                              sg_transfer *transfer, sg_error *error)
{
    sg_network_file *file = NULL;
    *transfer = (sg_transfer){0};
    SG_TRY(sg_network_open(path, &file, error));
    sg_status status = take_all(networks, file, transfer, error);
    if (!status && transfer->report.length > 0)
        list_options(file, sg_generator_config_of(networks->generator), transfer);
    if (!status)
        status = check(transfer, sg_network_path(file), partly, error);
    sg_network_close(file);
    return status;
}

void sg_transfer_clear(sg_transfer *transfer)
{
    sg_text_clear(&transfer->report);
}
