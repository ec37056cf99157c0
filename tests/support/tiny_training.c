/* Lists of arguments, joined. */
#include "support/tiny_training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/tiny_run.h"

program_result run_program_joined(const char *const *first, const char *const *second,
                                  const char *const *third)
{
    enum { MOST_ARGUMENTS = 64 };
    const char *all[MOST_ARGUMENTS] = {0};
    const char *const *lists[] = {first, second, third};
    size_t count = 0;
    for (int i = 0; i < 3; i++)
        for (const char *const *at = lists[i]; *at; at++) {
            assert_true(count + 1 < MOST_ARGUMENTS);
            all[count++] = *at;
        }
    return run_program(all);
}

program_result train_tiny(void *const *state, const char *cfg, const char *kimg,
                          const char *const *more)
{
    static const char *const tiny[] = {"--batch",   "8",  "--tick", "0.032", "--snap",  "1",
                                       "--cbase",   "32", "--cmax", "4",     "--z-dim", "6",
                                       "--threads", "1",  "--seed", "3",     NULL};
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    const char *const first[] = {"train",    "--cfg", cfg,      "--data", data,
                                 "--outdir", outdir,  "--kimg", kimg,     NULL};
    program_result result = run_program_joined(first, tiny, more);
    free(data);
    free(outdir);
    return result;
}
