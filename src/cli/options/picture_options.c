/* Checks for commands without a table of fields; see picture_options.h. */
#include "cli/options/picture_options.h"

#include <string.h>

#include "base/parallel.h"
#include "cli/terminal/report.h"

int sg_check_required(const sg_usage *usage, const sg_required_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!options[i].value)
            return sg_old_usage_error(usage, "the option %s is missing", options[i].name);
    if (options[count - 1].value[0] == '\0')
        return sg_old_usage_error(usage, "%s must name a %s", options[count - 1].name,
                                  strcmp(options[count - 1].name, "--outdir") == 0 ? "folder"
                                                                                   : "file");
    return SG_EXIT_DONE;
}

int sg_check_threads(const sg_usage *usage, int threads)
{
    if (threads < 0 || threads > SG_MOST_THREADS)
        return sg_old_usage_error(usage, "--threads must be from 1 to %d (or 0 for all), not %d",
                                  SG_MOST_THREADS, threads);
    return SG_EXIT_DONE;
}
