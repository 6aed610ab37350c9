/** The programs that {@code ranks bench} runs as ranks; rank 0 prints a {@link BenchRow} a line. */
package comm.cli.bench;
