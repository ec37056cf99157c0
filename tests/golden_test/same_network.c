/* Compares two files of the same networks, tensor by tensor. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "golden_test/network_case.h"

/* The largest difference of two tensors; infinite when their shapes differ or one is unreadable. */
static double largest_difference(const sg_network_tensor *a, const sg_network_tensor *b)
{
    bool same = a->rank == b->rank;
    for (int i = 0; same && i < a->rank; i++)
        same = a->size[i] == b->size[i];
    double *first = same ? sg_allocate(a->count + 1, sizeof *first) : NULL;
    double *second = same ? sg_allocate(a->count + 1, sizeof *second) : NULL;
    double worst = (double)INFINITY;
    if (first && second && !sg_network_tensor_read_doubles(a, first, NULL) &&
        !sg_network_tensor_read_doubles(b, second, NULL)) {
        worst = 0.0;
        for (size_t i = 0; i < a->count; i++) {
            double difference = fabs(first[i] - second[i]);
            worst = difference <= worst ? worst : isnan(difference) ? (double)INFINITY : difference;
        }
    }
    free(first);
    free(second);
    return worst;
}

static void compare_part(const golden_case *base, const sg_network_file *file,
                         const sg_network_file *native, sg_network_part part)
{
    char group[64];
    double worst = 0.0;
    const char *worst_name = NULL;
    snprintf(group, sizeof group, "%s in both files", sg_network_part_name(part));
    for (size_t i = 0; i < sg_network_tensor_count(native, part); i++) {
        const sg_network_tensor *expected = sg_network_tensor_at(native, part, i);
        const sg_network_tensor *found = sg_network_tensor_find(file, part, expected->name);
        if (!found && strstr(expected->name, "resample_filter"))
            continue; /* formats that store none have them from the config */
        if (!found) {
            report_failure(base->report, base->name, group, "%s is absent", expected->name);
            return;
        }
        double difference = largest_difference(found, expected);
        if (!(difference <= worst)) {
            worst = difference;
            worst_name = expected->name;
        }
    }
    report_error(base->report, base->name, group, worst, 0.0, worst_name);
}

void compare_network_files(const golden_case *base, const char *path, const char *native)
{
    sg_network_file *first = NULL;
    sg_network_file *second = NULL;
    sg_error error = {0};
    if (sg_network_open(path, &first, &error) || sg_network_open(native, &second, &error))
        report_failure(base->report, base->name, "both files", "%s", error.message);
    for (int part = 0; first && second && part < SG_PART_COUNT; part++)
        if (sg_network_has(second, (sg_network_part)part))
            compare_part(base, first, second, (sg_network_part)part);
    sg_network_close(first);
    sg_network_close(second);
}
