package comm.examples.kernels;

import comm.worker.kernel.ChipMemory;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;

/**
 * Multiplies two square matrices of floats. Scalars: address of the left one, of the right one, of
 * the product, and the number of rows.
 */
public final class MatmulKernel implements Kernel {

  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public void run(KernelContext context) {
    int n = Math.toIntExact(context.scalar(3));
    ChipMemory memory = context.memory();
    float[] left = new float[n * n];
    float[] right = new float[n * n];
    memory.get(context.scalar(0), left);
    memory.get(context.scalar(1), right);
    float[] product = new float[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        float factor = left[i * n + k];
        for (int j = 0; j < n; j++) {
          product[i * n + j] += factor * right[k * n + j];
        }
      }
    }
    memory.put(context.scalar(2), product);
  }
}
