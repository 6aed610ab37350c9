/**
 * What runs on a chip: callables, their arguments, and kernels written in Java with the memory that
 * they see.
 *
 * <p>Begin with {@link comm.worker.kernel.Kernel}.
 *
 * @serial exclude
 */
package comm.worker.kernel;
