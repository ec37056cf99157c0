/*
 * The defaults of a training run.
 * Tested by: tests/train/options/test_preset.c
 */
#include "train/options/run_options.h"

sg_run_options sg_run_options_default(void)
{
    return (sg_run_options){
        .trainer = sg_trainer_options_default(), .hours = 3, .kimg = 25000, .tick = 4, .snap = 50};
}
