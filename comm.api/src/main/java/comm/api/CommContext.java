package comm.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The addresses of all windows of one allocation, as one rank sees them: the device context that
 * kernels read. Its encoded form is an ABI of {@value #BYTES} bytes, little-endian, with room for
 * {@value #MAX_RANKS} ranks; it is byte-equal to the {@code HcclDeviceContext} of Ascend kernels.
 *
 * <pre>
 *   offset  type     field
 *        0  u64      workSpace
 *        8  u64      workSpaceSize
 *       16  u32      rankId
 *       20  u32      rankNum
 *       24  u64      winSize
 *       32  u64[64]  windowsIn
 *      544  u64[64]  windowsOut
 * </pre>
 *
 * @param workSpace address of the backend's workspace, 0 if it has none
 * @param workSpaceSize its size in bytes
 * @param rankId this rank
 * @param rankNum number of ranks, 1 to 64
 * @param winSize bytes of each window
 * @param windowsIn address of each rank's window, one entry a rank
 * @param windowsOut second address set, one entry a rank; equal to {@code windowsIn} or all 0
 */
public record CommContext(
    long workSpace,
    long workSpaceSize,
    int rankId,
    int rankNum,
    long winSize,
    List<Long> windowsIn,
    List<Long> windowsOut) {

  /** Most ranks a communicator can have; the ABI has room for no more. */
  public static final int MAX_RANKS = 64;

  /** Length of the encoded form in bytes. */
  public static final int BYTES = 1056;

  private static final int WORK_SPACE = 0;
  private static final int WORK_SPACE_SIZE = WORK_SPACE + Long.BYTES;
  private static final int RANK_ID = WORK_SPACE_SIZE + Long.BYTES;
  private static final int RANK_NUM = RANK_ID + Integer.BYTES;
  private static final int WIN_SIZE = RANK_NUM + Integer.BYTES;
  private static final int WINDOWS_IN = WIN_SIZE + Long.BYTES;
  private static final int WINDOWS_OUT = WINDOWS_IN + MAX_RANKS * Long.BYTES;

  /**
   * Copies the lists and checks the values.
   *
   * @throws IllegalArgumentException if there are not 1 to 64 ranks, the rank is not one of them, a
   *     list has another length, or a size is negative
   */
  public CommContext {
    if (rankNum < 1 || rankNum > MAX_RANKS) {
      throw new IllegalArgumentException(
          "rankNum must be 1 to " + MAX_RANKS + ", but is " + rankNum);
    }
    if (rankId < 0 || rankId >= rankNum) {
      throw new IllegalArgumentException(
          "rankId must be 0 to " + (rankNum - 1) + ", but is " + rankId);
    }
    if (winSize < 0 || workSpaceSize < 0) {
      throw new IllegalArgumentException(
          "sizes must not be negative: winSize=" + winSize + ", workSpaceSize=" + workSpaceSize);
    }
    windowsIn = List.copyOf(windowsIn);
    windowsOut = List.copyOf(windowsOut);
    if (windowsIn.size() != rankNum || windowsOut.size() != rankNum) {
      throw new IllegalArgumentException(
          "need one address a rank: rankNum="
              + rankNum
              + ", windowsIn has "
              + windowsIn.size()
              + ", windowsOut has "
              + windowsOut.size());
    }
  }

  /**
   * Encodes the context.
   *
   * @return {@value #BYTES} new bytes
   */
  public byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(WORK_SPACE, workSpace);
    bytes.putLong(WORK_SPACE_SIZE, workSpaceSize);
    bytes.putInt(RANK_ID, rankId);
    bytes.putInt(RANK_NUM, rankNum);
    bytes.putLong(WIN_SIZE, winSize);
    for (int i = 0; i < rankNum; i++) {
      bytes.putLong(WINDOWS_IN + i * Long.BYTES, windowsIn.get(i));
      bytes.putLong(WINDOWS_OUT + i * Long.BYTES, windowsOut.get(i));
    }
    return bytes.array();
  }

  /**
   * Decodes a context. Entries at and above {@code rankNum} are ignored.
   *
   * @param bytes exactly {@value #BYTES} bytes
   * @return the context
   * @throws IllegalArgumentException if the length is another one or a value is out of its range
   */
  public static CommContext decode(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "a context has " + BYTES + " bytes, but there are " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int rankNum = in.getInt(RANK_NUM);
    int entries = Math.max(0, Math.min(rankNum, MAX_RANKS));
    return new CommContext(
        in.getLong(WORK_SPACE),
        in.getLong(WORK_SPACE_SIZE),
        in.getInt(RANK_ID),
        rankNum,
        in.getLong(WIN_SIZE),
        addresses(in, WINDOWS_IN, entries),
        addresses(in, WINDOWS_OUT, entries));
  }

  private static List<Long> addresses(ByteBuffer in, int start, int count) {
    List<Long> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      addresses.add(in.getLong(start + i * Long.BYTES));
    }
    return Collections.unmodifiableList(addresses);
  }
}
