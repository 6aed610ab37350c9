/**
 * One chip, driven from one process: its device memory, its kernels and its part in a communicator.
 *
 * <p>Begin with {@link comm.worker.chip.ChipWorker}; to drive chips in processes of their own, with
 * {@link comm.worker.Worker}.
 */
package comm.worker.chip;
