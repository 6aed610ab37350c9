package comm.examples.kernels;

import comm.worker.kernel.ChipMemory;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RemotePointer;

/**
 * Sums the inputs of all ranks into this rank's output. Scalars: address of the input, address of
 * the output, address of a row of signals, number of floats, epoch, device context.
 */
public final class AllreduceKernel implements Kernel {

  @Override
  public String name() {
    return "allreduce";
  }

  @Override
  public void run(KernelContext context) {
    long input = context.scalar(0);
    long output = context.scalar(1);
    long row = context.scalar(2);
    int count = Math.toIntExact(context.scalar(3));
    long epoch = context.scalar(4);
    RemotePointer remote = context.remote(context.scalar(5));
    ChipMemory memory = context.memory();

    MeshBarrier.meet(memory, remote, row, epoch); // all inputs are there

    float[] sum = new float[count];
    float[] part = new float[count];
    for (int peer = 0; peer < remote.context().rankNum(); peer++) { // every rank rounds alike
      memory.get(remote.to(input, peer), part);
      for (int i = 0; i < count; i++) {
        sum[i] += part[i];
      }
    }
    memory.put(output, sum);
  }
}
