/*
 * Names of runs by what distinguishes them.
 *
 * Greedy: the option that splits the runs into most groups comes first, then the one that splits
 * these groups most, until every run has a name of its own.
 *
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/text.h"
#include "runs/compare/comparison_inside.h"
#include "runs/run_record.h"

enum { MOST_PARTS = 3, MOST_RUNS = SG_CURVES_MOST_RUNS };

/* Options that name no lesson: lengths, places, and what follows from others. */
static const char *const silent[] = {"kimg",    "tick",     "snap",    "outdir",
                                     "metrics", "features", "threads", "hours"};

/* Options whose value says it all. */
static const char *const bare[] = {"cfg", "loss", "data", "optimizer", "desc"};

static bool is_listed(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static const char *value_of(const sg_run_record *run, const char *option)
{
    const char *value = sg_record_option_value(run, option);
    return value ? value : "-";
}

bool sg_comparison_differs(const sg_comparison *all, const char *option)
{
    for (size_t i = 1; i < all->run_count; i++)
        if (strcmp(value_of(&all->runs[0], option), value_of(&all->runs[i], option)) != 0)
            return true;
    return false;
}

/* Numbers the groups of runs with equal group and value so far; returns how many there are. */
static int split(const sg_comparison *all, const char *option, const int *before, int *after)
{
    int count = 0;
    for (size_t i = 0; i < all->run_count; i++) {
        size_t same = 0;
        while (same < i &&
               (before[same] != before[i] ||
                strcmp(value_of(&all->runs[same], option), value_of(&all->runs[i], option)) != 0))
            same++;
        after[i] = same < i ? after[same] : count++;
    }
    return count;
}

/* Finds the option that splits the groups most; NULL when none splits any. *groups is how many
 * there are, and becomes how many it makes. */
static const char *find_option(const sg_comparison *all, const int *before, int *groups)
{
    const char *best = NULL;
    int after[MOST_RUNS];
    for (size_t r = 0; r < all->run_count; r++)
        for (size_t i = 0; i < all->runs[r].option_count; i++) {
            const char *name = all->runs[r].options[i].name;
            if (is_listed(silent, sizeof silent / sizeof silent[0], name))
                continue;
            const int count = split(all, name, before, after);
            if (count > *groups) {
                *groups = count;
                best = name;
            }
        }
    return best;
}

/* Appends "OPTION VALUE" to a label, of paths the last name. */
static void append(char *label, const char *option, const char *value)
{
    const size_t length = strlen(label);
    size_t used = strlen(value);
    const char *dot = strrchr(option, '.');
    if (strcmp(option, "data") == 0)
        value = sg_path_last(value, &used);
    const bool alone = is_listed(bare, sizeof bare / sizeof bare[0], option);
    snprintf(label + length, SG_LABEL_BYTES - length, "%s%s%s%.*s", length > 0 ? ", " : "",
             alone ? ""
             : dot ? dot + 1
                   : option,
             alone ? "" : " ", (int)used, value);
}

/* Appends the run's number "00003", or its whole name, to labels that several runs have. */
static void distinguish(sg_comparison *all, const int *group)
{
    for (size_t i = 0; i < all->run_count; i++) {
        char *label = all->label_texts[i];
        const size_t length = strlen(label);
        const char *name = all->runs[i].name;
        size_t others = 0;
        for (size_t k = 0; k < all->run_count; k++)
            others += k != i && group[k] == group[i];
        if (others == 0 && length > 0)
            continue;
        const size_t digits = strspn(name, "0123456789");
        const bool numbered = digits > 0 && name[digits] == '-' && length > 0;
        snprintf(label + length, SG_LABEL_BYTES - length, "%s%.*s", length > 0 ? ", run " : "",
                 (int)(numbered ? digits : strlen(name)), name);
    }
}

/* Figures have letters of ASCII alone. */
static void make_ascii(char *text)
{
    for (char *at = text; *at; at++)
        if ((unsigned char)*at >= 0x7f || (unsigned char)*at < 0x20)
            *at = '?';
}

void sg_comparison_title(sg_comparison *all)
{
    if (all->options->title)
        snprintf(all->title, sizeof all->title, "%s", all->options->title);
    else
        snprintf(all->title, sizeof all->title, "%zu run%s compared", all->run_count,
                 all->run_count == 1 ? "" : "s");
    make_ascii(all->title);
}

void sg_comparison_label(sg_comparison *all)
{
    int group[MOST_RUNS] = {0};
    int next[MOST_RUNS];
    int groups = 1;
    for (int part = 0; part < MOST_PARTS && groups < (int)all->run_count; part++) {
        const char *option = find_option(all, group, &groups);
        if (!option)
            break;
        split(all, option, group, next);
        memcpy(group, next, sizeof group);
        for (size_t i = 0; i < all->run_count; i++)
            append(all->label_texts[i], option, value_of(&all->runs[i], option));
    }
    distinguish(all, group);
    for (size_t i = 0; i < all->run_count; i++) {
        const char *given = all->options->labels ? all->options->labels[i] : NULL;
        if (given)
            snprintf(all->label_texts[i], SG_LABEL_BYTES, "%s", given);
        make_ascii(all->label_texts[i]);
        all->labels[i] = all->label_texts[i];
    }
}
