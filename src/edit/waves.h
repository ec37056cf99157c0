/*
 * Truncation that changes over time, as in films of PDillis's stylegan3-fun: a pulse of the whole
 * picture, and a wave that runs over a grid of pictures.
 */
#ifndef SG_EDIT_WAVES_H
#define SG_EDIT_WAVES_H

/* Returns psi at a share of the film (0 .. 1), between `start` and `end`: it leaves `start`,
 * reaches `end` and comes back `frequency` times. */
double sg_pulse(double start, double end, double frequency, double share);

/* A grid of pictures and the psi at which they rest, and that a wave takes them to. */
typedef struct sg_wave {
    int columns, rows;
    double start, end;
} sg_wave;

/*
 * Returns psi in a cell at a share of the film: a ring that leaves the top left corner moves over
 * the grid, 2.5 periods long in all, and takes each cell from `start` to `end` and back.
 */
double sg_wave_at(const sg_wave *wave, int column, int row, double share);

#endif
