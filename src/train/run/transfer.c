/* Transfer of weights by names and shapes, and what is said of those that do not fit; see
 * transfer.h. */
#include "train/run/transfer.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "checkpoint/network/network_file.h"
#include "models/family.h"
#include "train/options/preset.h"
#include "train/run/training_state.h"

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

/* Copies the tensors with equal names and shapes from one part of a file. */
static sg_status take_part(const sg_network_file *file, sg_network_part source,
                           sg_network_part part, const sg_parameter_set *set, sg_transfer *transfer,
                           sg_error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *target = set->items[i].tensor;
        const sg_network_tensor *stored = sg_network_tensor_find(file, source, set->items[i].name);
        transfer->wanted++;
        if (!fits(stored, target)) {
            note_left_out(transfer, part, &set->items[i], stored);
            continue;
        }
        SG_TRY(sg_network_tensor_read_floats(stored, sg_f32(target), error));
        sg_tensor_touch(target);
        transfer->taken++;
    }
    return SG_OK;
}

static sg_status take_all(sg_trainer *trainer, const sg_network_file *file, sg_transfer *transfer,
                          sg_error *error)
{
    /* A part that the file lacks starts from its average, and the other way round. */
    const sg_network_part sources[SG_PART_COUNT] = {
        [SG_PART_G] = sg_network_has(file, SG_PART_G) ? SG_PART_G : SG_PART_G_EMA,
        [SG_PART_G_EMA] = sg_network_has(file, SG_PART_G_EMA) ? SG_PART_G_EMA : SG_PART_G,
        [SG_PART_D] = SG_PART_D};
    transfer->lacks_discriminator = !sg_network_has(file, SG_PART_D);
    for (int part = 0; part < SG_PART_COUNT; part++)
        if (sg_network_has(file, sources[part]))
            SG_TRY(take_part(file, sources[part], (sg_network_part)part,
                             sg_training_parameters(trainer, (sg_network_part)part), transfer,
                             error));
    return SG_OK;
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

sg_status sg_transfer_weights(sg_trainer *trainer, const char *path, bool partly,
                              sg_transfer *transfer, sg_error *error)
{
    sg_network_file *file = NULL;
    *transfer = (sg_transfer){0};
    SG_TRY(sg_network_open(path, &file, error));
    sg_status status = take_all(trainer, file, transfer, error);
    if (!status && transfer->taken < transfer->wanted)
        list_options(file, sg_generator_config_of(sg_trainer_networks_of(trainer).generator),
                     transfer);
    if (!status)
        status = check(transfer, sg_network_path(file), partly, error);
    sg_network_close(file);
    return status;
}
