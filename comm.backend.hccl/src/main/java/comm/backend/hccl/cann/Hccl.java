package comm.backend.hccl.cann;

import java.util.Arrays;

/**
 * The functions of HCCL that are used, one method each. All need a device on the calling thread.
 */
public final class Hccl {

  private static final int NO_FLAGS = 0;

  private final Invoker invoker;

  Hccl(Invoker invoker) {
    this.invoker = invoker;
  }

  /** Makes the meeting point of a communicator, which lives in this process. */
  public byte[] getRootInfo() throws CannException {
    byte[] rootInfo = CannAbi.ROOT_INFO.zeros();
    invoker.call(CannFunction.GET_ROOT_INFO, rootInfo);
    return rootInfo;
  }

  /**
   * Joins a communicator; returns when all ranks have, or after HCCL's own limit.
   *
   * @param rootInfo what {@link #getRootInfo} gave on one rank
   */
  public long commInit(int nRanks, byte[] rootInfo, int rank, CommSettings settings)
      throws CannException {
    byte[] root = Acl.exactly(rootInfo, CannAbi.ROOT_INFO.size(), "root info");
    long[] comm = new long[1];
    boolean plain =
        settings.equals(CommSettings.DEFAULTS) && !invoker.has(CannFunction.COMM_INIT_CONFIG);
    if (plain) {
      invoker.call(CannFunction.COMM_INIT, nRanks, root, rank, comm);
    } else {
      invoker.call(CannFunction.COMM_INIT_CONFIG, nRanks, root, rank, settings.encode(), comm);
    }
    return comm[0];
  }

  /** Leaves; while work is pending it is refused with HCCL_E_AGAIN. */
  public void commDestroy(long comm) throws CannException {
    invoker.call(CannFunction.COMM_DESTROY, comm);
  }

  /** Puts a barrier on the stream and returns; what follows on the stream waits for all ranks. */
  public void barrier(long comm, long stream) throws CannException {
    invoker.call(CannFunction.BARRIER, comm, stream);
  }

  public String commName(long comm) throws CannException {
    byte[] name = new byte[CannAbi.COMM_NAME_MAX_LENGTH];
    invoker.call(CannFunction.COMM_NAME, comm, name);
    return CText.text(name);
  }

  /** The communicator of a name; by the public function only where the older one is gone. */
  public long commByGroup(String group) throws CannException {
    boolean renamed =
        !invoker.has(CannFunction.COMM_BY_GROUP) && invoker.has(CannFunction.COMM_BY_NAME);
    long[] comm = new long[1];
    invoker.call(
        renamed ? CannFunction.COMM_BY_NAME : CannFunction.COMM_BY_GROUP, CText.bytes(group), comm);
    return comm[0];
  }

  /** How the devices are connected: {@link CannAbi#COMM_TOPO_1DMESH} and its like. */
  public int topology(String group) throws CannException {
    int[] topology = new int[1];
    invoker.call(CannFunction.TOPOLOGY, CText.bytes(group), topology, NO_FLAGS);
    return topology[0];
  }

  /**
   * Makes the windows of a communicator's ranks.
   *
   * @param tiling what {@link Tiling#encode} gives
   * @return device address of the context, which {@link Mc2Context} reads; perhaps 0
   */
  public long allocComResource(long comm, long stream, byte[] tiling) throws CannException {
    long[] context = new long[1];
    invoker.call(
        CannFunction.ALLOC_COM_RESOURCE,
        comm,
        stream,
        Arrays.copyOf(tiling, tiling.length),
        context);
    return context[0];
  }
}
