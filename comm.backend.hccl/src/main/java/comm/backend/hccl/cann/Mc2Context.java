package comm.backend.hccl.cann;

import java.util.Arrays;

/**
 * The windows of all ranks, as a context of {@code HcclAllocComResourceByTiling} has them.
 *
 * @param rank this rank
 * @param ranks how many there are
 * @param winSize bytes of each window
 * @param workSpace device address of the work space, perhaps 0
 * @param workSpaceSize its bytes
 * @param windowsIn device address of each rank's first window, as this device sees it
 * @param windowsOut the same of the second window
 */
@SuppressWarnings("ArrayRecordComponent") // made once and read by one caller
public record Mc2Context(
    int rank,
    int ranks,
    long winSize,
    long workSpace,
    long workSpaceSize,
    long[] windowsIn,
    long[] windowsOut) {

  private static final String FUNCTION = CannFunction.ALLOC_COM_RESOURCE.symbol();

  private static final String OTHER_LAYOUT =
      "this CANN version may lay its context out in another way: use one from 8.1 to 9.2";

  /** Bytes to read of the context of a 910B. */
  public static int a2Bytes() {
    return CannAbi.COMBIN_OP_PARAM.size();
  }

  /** Bytes to read of the context of a 910_93. */
  public static int a3Bytes(int ranks) {
    return CannAbi.OP_REMOTE_RES + ranks * CannAbi.REMOTE_RES_PTR.size();
  }

  /**
   * Reads the context of a 910B.
   *
   * @throws CannException if it can't be the context of this rank among so many
   */
  public static Mc2Context a2(byte[] context, int rank, int ranks) throws CannException {
    requireLength(context, a2Bytes());
    if (ranks > CannAbi.MC2_RANK_NUM) {
      throw implausible(
          "it has room for " + CannAbi.MC2_RANK_NUM + " ranks, but there are " + ranks,
          "start at most " + CannAbi.MC2_RANK_NUM + " ranks");
    }
    requireRanks(
        CannAbi.COMBIN_RANK.getInt(context), CannAbi.COMBIN_RANK_NUM.getInt(context), rank, ranks);
    long[] in = new long[ranks];
    long[] out = new long[ranks];
    for (int i = 0; i < ranks; i++) {
      in[i] = CannAbi.COMBIN_WINDOWS_IN.getLong(context, i);
      out[i] = CannAbi.COMBIN_WINDOWS_OUT.getLong(context, i);
    }
    return checked(
        new Mc2Context(
            rank,
            ranks,
            CannAbi.COMBIN_WIN_SIZE.getLong(context),
            CannAbi.COMBIN_WORK_SPACE.getLong(context),
            CannAbi.COMBIN_WORK_SPACE_SIZE.getLong(context),
            in,
            out));
  }

  /**
   * Reads the context of a 910_93. What it knows of other ranks lies elsewhere in device memory.
   *
   * @param context its first {@link #a3Bytes} bytes
   * @param algConfig what connections were asked for, for the error when one is missing
   * @throws CannException if it can't be the context of this rank among so many
   */
  public static Mc2Context a3(
      byte[] context, int rank, int ranks, String algConfig, DeviceReader reader)
      throws CannException {
    requireLength(context, a3Bytes(ranks));
    requireRanks(
        CannAbi.OP_RANK.getInt(context), CannAbi.OP_RANK_SIZE.getInt(context), rank, ranks);
    long[] in = new long[ranks];
    long[] out = new long[ranks];
    for (int peer = 0; peer < ranks; peer++) {
      if (peer == rank) {
        in[peer] = CannAbi.OP_WINDOWS_IN.getLong(context);
        out[peer] = CannAbi.OP_WINDOWS_OUT.getLong(context);
      } else {
        byte[] relation = reader.read(remote(context, peer, algConfig), relationBytes());
        requireLength(relation, relationBytes());
        int found = CannAbi.RELATION_USER_RANK.getInt(relation);
        if (found != peer) {
          throw implausible("the entry of rank " + peer + " is of rank " + found, OTHER_LAYOUT);
        }
        in[peer] = CannAbi.RELATION_WINDOWS_IN.getLong(relation);
        out[peer] = CannAbi.RELATION_WINDOWS_OUT.getLong(relation);
      }
    }
    return checked(
        new Mc2Context(
            rank,
            ranks,
            CannAbi.OP_WIN_SIZE.getLong(context),
            CannAbi.OP_WORK_SPACE.getLong(context),
            CannAbi.OP_WORK_SPACE_SIZE.getLong(context),
            in,
            out));
  }

  private static int relationBytes() {
    return CannAbi.RANK_RELATION.size();
  }

  private static long remote(byte[] context, int peer, String algConfig) throws CannException {
    int size = CannAbi.REMOTE_RES_PTR.size();
    int from = CannAbi.OP_REMOTE_RES + peer * size;
    long address =
        CannAbi.REMOTE_DEVICE_PTR.getLong(Arrays.copyOfRange(context, from, from + size));
    if (address == 0) {
      throw implausible(
          "it has no connection to rank " + peer + " (nextDevicePtr is NULL)",
          "HCCL made none for the algConfig \""
              + algConfig
              + "\"; allocate windows without MC2, or use a CANN version that connects all ranks");
    }
    return address;
  }

  private static void requireRanks(int foundRank, int foundRanks, int rank, int ranks)
      throws CannException {
    if (foundRanks != ranks || foundRank != rank) {
      throw implausible(
          "it is of rank "
              + foundRank
              + " of "
              + Integer.toUnsignedString(foundRanks)
              + ", but this is rank "
              + rank
              + " of "
              + ranks,
          OTHER_LAYOUT);
    }
  }

  private static Mc2Context checked(Mc2Context context) throws CannException {
    if (context.winSize <= 0) {
      throw implausible("its windows have " + context.winSize + " bytes", OTHER_LAYOUT);
    }
    for (int i = 0; i < context.ranks; i++) {
      // nobody has said that there must be a second window, but some have and some haven't is wrong
      if (context.windowsIn[i] == 0
          || (context.windowsOut[i] == 0) != (context.windowsOut[0] == 0)) {
        throw implausible("it has no window of rank " + i, OTHER_LAYOUT);
      }
    }
    return context;
  }

  private static void requireLength(byte[] bytes, int length) {
    if (bytes.length < length) {
      throw new IllegalArgumentException(length + " bytes needed, but there are " + bytes.length);
    }
  }

  private static CannException implausible(String what, String advice) {
    return CannException.unusable(FUNCTION, "the context can't be used: " + what, advice);
  }
}
