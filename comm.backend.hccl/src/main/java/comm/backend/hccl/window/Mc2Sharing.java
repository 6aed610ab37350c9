package comm.backend.hccl.window;

import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.Hccl;
import comm.backend.hccl.cann.Mc2Context;
import comm.backend.hccl.cann.Tiling;
import comm.backend.hccl.device.Device;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that HCCL gives kernels that communicate by themselves. They belong to the
 * communicator: their size is HCCL's, there is one set of them, and they go when it goes.
 */
final class Mc2Sharing implements Sharing {

  private final Device device;
  private final long communicator;
  private final int rank;
  private final int ranks;
  private @Nullable Mc2Context context;

  Mc2Sharing(Device device, long communicator, int rank, int ranks) {
    this.device = device;
    this.communicator = communicator;
    this.rank = rank;
    this.ranks = ranks;
  }

  @Override
  public Offer offer(long bytes, List<Member> members) throws CannException {
    Hccl hccl = device.cann().hccl();
    String group = hccl.commName(communicator);
    int topology = hccl.topology(group);
    long byGroup = hccl.commByGroup(group);
    Tiling tiling = new Tiling(group, Tiling.FULL_MESH, topology);
    long address = hccl.allocComResource(byGroup, device.stream(), tiling.encode());
    Mc2Context found =
        topology == CannAbi.COMM_TOPO_1DMESH
            ? Mc2Context.a2(device.read(address, Mc2Context.a2Bytes()), rank, ranks)
            : Mc2Context.a3(
                device.read(address, Mc2Context.a3Bytes(ranks)),
                rank,
                ranks,
                Tiling.FULL_MESH,
                device::read);
    context = found;
    device.zero(found.windowsIn()[rank], found.winSize());
    device.zero(found.windowsOut()[rank], found.winSize());
    return new Offer(found.winSize(), 0, new byte[0]);
  }

  @Override
  public Addresses attach(List<Offer> offers) {
    Mc2Context found = Objects.requireNonNull(context);
    return new Addresses(
        LongStream.of(found.windowsIn()).boxed().toList(),
        LongStream.of(found.windowsOut()).boxed().toList(),
        found.workSpace(),
        found.workSpaceSize());
  }

  @Override
  public void detach() {
    // HCCL keeps its connections until the communicator is destroyed.
  }

  @Override
  public void free() {
    // The buffers go with the communicator.
  }
}
