/* stylegan train --dry-run, and what a run says of its length, from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/clock.h"
#include "support/cost.h"
#include "support/idx_file.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "support/tiny_run.h"

/* The number after a text in the output. */
static double number_after(const char *output, const char *text)
{
    const char *at = strstr(output, text);
    if (!at)
        fail_msg("no \"%s\" in %s", text, output);
    return strtod(at + strlen(text), NULL);
}

/* Published networks at any size: seconds and a few dozen megabytes, and the answer is days or
 * years. */
static void published_defaults_are_forecast_at_once(void **state)
{
    static const char *const cfgs[] = {"stylegan2", "stylegan3-r", "progan", "stylegan1"};
    char *data = temporary_path(state, "large.idx");
    const idx_file pictures = idx_images(2, 256, 256);
    idx_write(data, &pictures);
    for (size_t i = 0; i < sizeof cfgs / sizeof *cfgs; i++) {
        const double started = sg_clock_seconds();
        program_result result = RUN("train", "--cfg", cfgs[i], "--data", data, "--dry-run");
        const double seconds = sg_clock_seconds() - started;
        if (result.status != 0)
            fail_msg("%s: %s", cfgs[i], result.errors);
        assert_true(strstr(result.output, " years, about ") ||
                    strstr(result.output, " days, about "));
        assert_true(number_after(result.output, "Forecast: ") > 100);
        assert_true(seconds < 30); /* 3 on an idle machine */
        program_result_clear(&result);
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    assert_true(!COST_IS_OURS || (double)usage.ru_maxrss * 1024 < 300e6);
    free(data);
}

/* The first tick corrects the forecast, once. */
static void the_first_tick_corrects_the_forecast(void **state)
{
    char *data = tiny_run_data(state);
    char *outdir = tiny_run_outdir(state);
    program_result result =
        RUN("train", "--data", data, "--outdir", outdir, "--kimg", "0.064", "--batch", "8",
            "--tick", "0.016", "--snap", "9", "--cbase", "32", "--cmax", "4", "--z-dim", "8",
            "--w-dim", "8", "--map-depth", "1", "--threads", "1", "--cfg", "stylegan2");
    if (result.status != 0)
        fail_msg("%s", result.errors);
    const char *corrected = strstr(result.output, "Forecast by the first tick: ");
    assert_non_null(corrected);
    assert_true(corrected > strstr(result.output, "tick 0 "));
    assert_null(strstr(corrected + 1, "Forecast by"));
    assert_true(number_after(corrected, "tick: ") > 0);
    assert_holds(corrected, "the end at kimg 0.064 in ");
    program_result_clear(&result);
    free(outdir);
    free(data);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, tiny_run_setup, tiny_run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(published_defaults_are_forecast_at_once),
        IN_FOLDER(the_first_tick_corrects_the_forecast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
