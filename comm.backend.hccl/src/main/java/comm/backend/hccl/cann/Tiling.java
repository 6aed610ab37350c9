package comm.backend.hccl.cann;

import static java.util.Objects.requireNonNull;

/**
 * What {@code HcclAllocComResourceByTiling} is asked with: a header, and one description of how a
 * kernel will communicate.
 *
 * @param group name of the communicator
 * @param algConfig which connections are made
 * @param topology what {@link Hccl#topology} gave
 */
public record Tiling(String group, String algConfig, int topology) {

  /** Connects each rank with each other one. */
  public static final String FULL_MESH = "BatchWrite=level0:fullmesh";

  /** Checks that nothing is null. */
  public Tiling {
    requireNonNull(group, "group");
    requireNonNull(algConfig, "algConfig");
  }

  /** The structures, with room behind them for what newer versions have there. */
  public byte[] encode() {
    byte[] init = CannAbi.INIT_TILING.zeros();
    CannAbi.TILING_VERSION.putInt(init, CannAbi.INIT_TILING_VERSION);
    CannAbi.TILING_COMMS.putInt(init, 1);
    CannAbi.TILING_OFFSETS.putInt(init, 0, init.length);
    CannAbi.TILING_COMM_BLOCKS.putShort(init, CannAbi.MC2_COMM_BLOCKS);
    CannAbi.TILING_DEV_TYPE.putByte(
        init,
        topology == CannAbi.COMM_TOPO_1DMESH ? CannAbi.DEV_TYPE_910B : CannAbi.DEV_TYPE_910_93);

    byte[] inner = CannAbi.CC_TILING.zeros();
    CannAbi.CC_VERSION.putByte(inner, CannAbi.INNER_TILING_VERSION);
    CannAbi.CC_COMM_ENGINE.putByte(inner, CannAbi.COMM_ENGINE_AICPU_TS);
    CannAbi.CC_GROUP_NAME.putText(inner, group);
    CannAbi.CC_ALG_CONFIG.putText(inner, algConfig);
    CannAbi.CC_OP_TYPE.putInt(inner, CannAbi.HCCL_CMD_BATCH_WRITE);

    byte[] all = new byte[init.length + CannAbi.CC_TILING_LONGEST];
    System.arraycopy(init, 0, all, 0, init.length);
    System.arraycopy(inner, 0, all, init.length, inner.length);
    return all;
  }
}
