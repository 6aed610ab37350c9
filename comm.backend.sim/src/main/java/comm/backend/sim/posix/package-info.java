/**
 * The operating system: shared memory, mappings, kernel locks, futexes, through JNA. Linux on
 * x86-64 and aarch64. Nothing here knows of ranks.
 */
package comm.backend.sim.posix;
