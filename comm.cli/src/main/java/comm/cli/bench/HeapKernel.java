package comm.cli.bench;

import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;

/** Says how many bytes of the chip's heap are in use after a collection. Scalars: where to. */
public final class HeapKernel implements Kernel {

  static final String NAME = "bench-heap";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(KernelContext context) {
    context.memory().putLong(context.scalar(0), used());
  }

  /** Bytes of this JVM's heap in use after a collection. */
  static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
