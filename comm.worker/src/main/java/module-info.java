import org.jspecify.annotations.NullMarked;

/**
 * Launches ranks as processes of their own and drives the chips that they are.
 *
 * <p>Begin with {@link comm.worker.RankLauncher} to run a program on several ranks, with {@link
 * comm.worker.Worker} to drive chips from one process, and with {@link comm.worker.chip.ChipWorker}
 * to drive one chip from its own; what chips run is in {@code comm.worker.kernel}. The other
 * packages are internal: {@code launch} holds what both sides of a launch share and the main
 * classes of the processes, {@code wire} what they say to each other, {@code device} chips in a
 * JVM, and {@code runtime} those on a native host runtime.
 *
 * @uses comm.worker.kernel.Kernel the kernels that tasks name
 * @provides comm.api.spi.CommBackend the backend {@code runtime}, which joins the ranks of a native
 *     host runtime
 */
@NullMarked
module comm.worker {
  requires transitive comm.api;
  requires com.sun.jna;
  requires static org.jspecify;

  exports comm.worker;
  exports comm.worker.chip;
  exports comm.worker.kernel;

  uses comm.worker.kernel.Kernel;

  provides comm.api.spi.CommBackend with
      comm.worker.runtime.RuntimeBackend;
}
