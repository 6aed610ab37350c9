package comm.examples.kernels;

import comm.worker.kernel.ChipMemory;
import comm.worker.kernel.Kernel;
import comm.worker.kernel.KernelContext;
import comm.worker.kernel.RemotePointer;

/**
 * Sums what all ranks have by pushing: each rank puts its part into its slot on every rank, says
 * so, waits for the others' parts, and adds them up. Scalars: address of the part, of the slots
 * (one a rank), of a row of signals, of the sum, number of floats, epoch, device context.
 */
public final class PushSumKernel implements Kernel {

  @Override
  public String name() {
    return "push-sum";
  }

  @Override
  public void run(KernelContext context) {
    long part = context.scalar(0);
    long slots = context.scalar(1);
    long row = context.scalar(2);
    long total = context.scalar(3);
    int count = Math.toIntExact(context.scalar(4));
    long epoch = context.scalar(5);
    RemotePointer remote = context.remote(context.scalar(6));
    ChipMemory memory = context.memory();
    int rank = remote.context().rankId();
    int size = remote.context().rankNum();
    long slotBytes = (long) count * Float.BYTES;

    float[] values = new float[count];
    memory.get(part, values);
    for (int peer = 0; peer < size; peer++) {
      memory.put(remote.to(slots + rank * slotBytes, peer), values);
    }

    MeshBarrier.meet(memory, remote, row, epoch); // all parts are here

    float[] sum = new float[count];
    for (int peer = 0; peer < size; peer++) {
      memory.get(slots + peer * slotBytes, values);
      for (int i = 0; i < count; i++) {
        sum[i] += values[i];
      }
    }
    memory.put(total, sum);
  }
}
