package comm.cli.bench;

import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;

/** Does nothing, so that what is measured is the way there and back. */
public final class NothingKernel implements Kernel {

  static final String NAME = "bench-nothing";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(KernelContext context) {
    // The way is the aim.
  }
}
