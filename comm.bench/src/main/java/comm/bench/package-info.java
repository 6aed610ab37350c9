/** Benchmarks of single calls; {@code ranks bench} measures what several ranks do together. */
package comm.bench;
