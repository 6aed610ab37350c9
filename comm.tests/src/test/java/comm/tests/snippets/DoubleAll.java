package comm.tests.snippets;

import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;

/** Doubles floats where they lie. Scalars: their address, their number. */
public final class DoubleAll implements Kernel {
  @Override
  public void run(KernelContext context) {
    float[] numbers = new float[Math.toIntExact(context.scalar(1))];
    context.memory().get(context.scalar(0), numbers);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= 2;
    }
    context.memory().put(context.scalar(0), numbers);
  }
}
