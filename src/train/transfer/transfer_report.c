/* Groups of tensors, block by block; see transfer_report.h.
 * Tested by: tests/train/transfer/test_transfer.c */
#include "train/transfer/transfer_report.h"

#include <stdio.h>
#include <string.h>

static const char other_shape[] = "another shape in the file";
static const char not_there[] = "not in the file";

/* Returns the length of the part of a tensor's name that is its block, or else its layer. */
static size_t block_length(const char *name)
{
    static const char mapping[] = "mapping";
    const char *rest = NULL;
    const char *dot = strrchr(name, '.');
    if (sg_transfer_block(name, &rest) > 0)
        return (size_t)(rest - name) - 1;
    if (sg_has_prefix(name, mapping))
        return sizeof mapping - 1;
    return dot ? (size_t)(dot - name) : strlen(name);
}

/* Finds the group of a tensor or opens it; NULL without room. */
static sg_transfer_group *find_group(sg_transfer_report *report, const char *name, const char *word,
                                     const char *how)
{
    const size_t length = block_length(name);
    for (size_t i = 0; i < report->count; i++) {
        sg_transfer_group *group = &report->groups[i];
        if (group->how == how && group->word == word && strlen(group->block) == length &&
            strncmp(group->block, name, length) == 0)
            return group;
    }
    if (report->count == SG_TRANSFER_GROUPS)
        return NULL;
    sg_transfer_group *group = &report->groups[report->count++];
    *group = (sg_transfer_group){.word = word, .how = how};
    snprintf(group->block, sizeof group->block, "%.*s", (int)length, name);
    snprintf(group->first, sizeof group->first, "%.*s", (int)sizeof group->first - 1, name);
    return group;
}

void sg_transfer_note(sg_transfer_report *report, const sg_parameter *item,
                      const sg_network_tensor *stored, sg_transfer_result result)
{
    static const char new_word[] = "new";
    static const char adapted_word[] = "adapted";
    const char *how = result.how ? result.how : stored ? other_shape : not_there;
    sg_transfer_group *group = find_group(
        report, item->name, result.kind == SG_TRANSFER_ADAPTED ? adapted_word : new_word, how);
    if (!group) {
        report->more++;
        return;
    }
    if (group->count++ > 0)
        return;
    sg_shape_print(&item->tensor->shape, group->shape);
    if (stored)
        sg_network_tensor_print_shape(stored, group->stored);
}

/* Tells whether a tensor of the file is the one of some tensor here. */
static bool is_used(const sg_transfer_source *source, const sg_network_tensor *stored)
{
    if (sg_parameter_find(source->set, stored->name))
        return true;
    for (size_t i = 0; i < source->set->count; i++)
        if (sg_transfer_find(source, source->set->items[i].name) == stored)
            return true;
    return false;
}

void sg_transfer_note_unused(sg_transfer_report *report, const sg_transfer_source *source)
{
    static const char word[] = "not used";
    static const char how[] = "the networks here have no such tensors";
    for (size_t i = 0; i < sg_network_tensor_count(source->file, source->part); i++) {
        const sg_network_tensor *stored = sg_network_tensor_at(source->file, source->part, i);
        if (is_used(source, stored))
            continue;
        sg_transfer_group *group = find_group(report, stored->name, word, how);
        if (!group)
            report->more++;
        else if (group->count++ == 0)
            sg_network_tensor_print_shape(stored, group->shape);
    }
}

void sg_transfer_print(const sg_transfer_report *report, sg_text *text)
{
    for (size_t i = 0; i < report->count; i++) {
        const sg_transfer_group *group = &report->groups[i];
        if (group->count > 1)
            sg_text_append(text, "  %s: %s, %zu tensors (%s ...): ", group->word, group->block,
                           group->count, group->first + strlen(group->block) + 1);
        else
            sg_text_append(text, "  %s: %s %s: ", group->word, group->first, group->shape);
        if (group->how != other_shape)
            sg_text_append(text, "%s\n", group->how);
        else if (group->count > 1)
            sg_text_append(text, "%s is %s in the file and %s here\n", group->first, group->stored,
                           group->shape);
        else
            sg_text_append(text, "%s in the file\n", group->stored);
    }
    if (report->more > 0)
        sg_text_append(text, "  and %zu tensors more\n", report->more);
}
