/* Builds the discriminator of each line, freezes its layers and compares names; see freeze_case.h.
 */
#include "golden_test/freeze_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "models/config_rules.h"
#include "train/step/freeze.h"

enum { MOST_BYTES = 1 << 24, PATH_BYTES = 4096 };

/* One line of the file, cut at its tabs. */
typedef struct freeze_line {
    const char *architecture;
    int resolution, layers;
    const char *names; /* with spaces between them */
} freeze_line;

/* Cuts a line in place; false for one of another form. */
static bool parse_line(char *line, freeze_line *parsed)
{
    char *fields[4] = {line};
    for (int i = 1; i < 4; i++) {
        char *tab = strchr(fields[i - 1], '\t');
        if (!tab)
            return false;
        *tab = '\0';
        fields[i] = tab + 1;
    }
    *parsed = (freeze_line){fields[0], atoi(fields[1]), atoi(fields[2]), fields[3]};
    return true;
}

/* Whether a list of words holds the name. */
static bool is_word(const char *words, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = words; *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strcspn(at, " ") == length && strncmp(at, name, length) == 0)
            return true;
    }
    return false;
}

static int count_words(const char *words)
{
    int count = 0;
    for (const char *at = words + strspn(words, " "); *at; count++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return count;
}

/* How many tensors are frozen and not expected to be, or the other way round. */
static int count_differences(sg_parameter_set *set, const freeze_line *line)
{
    int expected = count_words(line->names);
    int surplus = 0;
    bool *trained = calloc(set->count + 1, sizeof *trained);
    for (size_t i = 0; trained && i < set->count; i++)
        trained[i] = set->items[i].trainable;
    sg_freeze_discriminator(set, line->layers);
    for (size_t i = 0; trained && i < set->count; i++) {
        if (!trained[i] || set->items[i].trainable)
            continue;
        if (is_word(line->names, set->items[i].name))
            expected--;
        else
            surplus++;
    }
    free(trained);
    return expected + surplus;
}

static void run_line(const golden_case *test, const freeze_line *line)
{
    char group[100];
    const int architecture = sg_choice_find(&sg_architecture_choices, line->architecture);
    sg_discriminator_config config = sg_discriminator_config_default();
    snprintf(group, sizeof group, "%.20s %d freezed %d", line->architecture, line->resolution,
             line->layers);
    config.architecture = architecture < 0 ? config.architecture : (sg_architecture)architecture;
    config.img_resolution = line->resolution;
    config.channel_max = 4;
    sg_discriminator *discriminator =
        architecture < 0 ? NULL : sg_discriminator_create(test->context, &config, SG_F32, 0);
    if (discriminator)
        report_error(test->report, test->name, group,
                     count_differences(sg_discriminator_parameters(discriminator), line), 0, NULL);
    else
        report_failure(test->report, test->name, group, "there is no such discriminator");
    sg_discriminator_destroy(discriminator);
    sg_context_take_error(test->context, NULL);
}

void run_freeze_case(const golden_case *base)
{
    char name[PATH_BYTES];
    char path[PATH_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    golden_case test = *base;
    snprintf(name, sizeof name, "%s/freeze_d.tsv", base->name);
    snprintf(path, sizeof path, "%s/freeze_d.tsv", base->folder);
    test.name = name;
    test.context = sg_context_create(1);
    if (!test.context || sg_read_file(path, MOST_BYTES, &bytes, &size, NULL)) {
        report_failure(test.report, name, "freeze_d", "it cannot be read");
        sg_context_destroy(test.context);
        return;
    }
    char *rest = NULL;
    freeze_line line;
    char *at = strtok_r((char *)bytes, "\r\n", &rest); /* the header; a zero follows the bytes */
    while (at && (at = strtok_r(NULL, "\r\n", &rest)))
        if (parse_line(at, &line))
            run_line(&test, &line);
        else
            report_failure(test.report, name, "freeze_d", "\"%s\" has not four columns", at);
    free(bytes);
    sg_context_destroy(test.context);
}
