import org.jspecify.annotations.NullMarked;

/**
 * The {@code ranks} command: runs programs on several ranks, measures, and looks at the machine.
 * Begin with {@code comm.cli.Ranks}; {@code comm.cli.bench} has the programs that measure. Exports
 * nothing.
 *
 * <p>No backend and no example is required here; they are found when they are on the path.
 *
 * @provides comm.worker.kernel.Kernel what chips run while their worker is measured
 */
@NullMarked
@SuppressWarnings("requires-automatic") // HdrHistogram has no module descriptor of its own
module comm.cli {
  requires comm.api;
  requires comm.worker;
  requires HdrHistogram;
  requires info.picocli;
  requires java.management;
  requires jdk.management;
  requires static org.jspecify;

  // picocli sets fields and reads annotations
  opens comm.cli to
      info.picocli;

  provides comm.worker.kernel.Kernel with
      comm.cli.bench.EchoKernel,
      comm.cli.bench.HeapKernel,
      comm.cli.bench.NothingKernel;
}
