/* Sentences about bad usage; see usage.h.
 * Tested by: tests/cli/test_cli.c */
#include "cli/options/usage.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/files/file.h"
#include "base/text.h"

int sg_usage_error(const sg_command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "stylegan: %s: ", command->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry \"stylegan %s --help\".\n", command->name);
    va_end(arguments);
    return SG_EXIT_USAGE;
}

sg_status sg_check_output_apart(const char *output, const char *const *inputs, size_t count,
                                sg_error *error)
{
    return sg_path_is_one_of(output, inputs, count)
               ? sg_fail(error, SG_ERROR_ARGUMENT,
                         "--output is \"%s\", which is read and would be replaced; choose another "
                         "name",
                         output)
               : SG_OK;
}

sg_status sg_check_network_output(const char *output, const char *const *inputs, size_t count,
                                  sg_error *error)
{
    if (sg_has_suffix(output, ".safetensors"))
        return sg_check_output_apart(output, inputs, count, error);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "--output is \"%s\", but must end in .safetensors; stylegan convert makes other "
                   "formats of it",
                   output);
}
