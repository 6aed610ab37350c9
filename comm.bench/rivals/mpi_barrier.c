/*
 * The barrier of an MPI library, measured as `ranks bench barrier` measures ours: the median over
 * batches of 100 barriers, as rank 0 sees them, after a second of warming up.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH 100
#define BATCHES 3000

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  static double micros[BATCHES];
  int rank, size, batches = argc > 1 ? atoi(argv[1]) : BATCHES;
  if (batches < 1 || batches > BATCHES) batches = BATCHES;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  for (int i = 0; i < batches * BATCH / 4; i++) MPI_Barrier(MPI_COMM_WORLD);
  for (int b = 0; b < batches; b++) {
    double start = MPI_Wtime();
    for (int i = 0; i < BATCH; i++) MPI_Barrier(MPI_COMM_WORLD);
    micros[b] = (MPI_Wtime() - start) * 1e6 / BATCH;
  }
  if (rank == 0) {
    qsort(micros, batches, sizeof micros[0], ascending);
    printf("%d ranks, p50 of %d: %.3f us\n", size, BATCH, micros[batches / 2]);
  }
  MPI_Finalize();
  return 0;
}
