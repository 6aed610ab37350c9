package comm.backend.hccl.rendezvous;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What rank 0 says in the rootinfo file. It only leads to the run's directory: what the ranks trust
 * lies there, where nobody else may write.
 *
 * @param token the run's own number, 32 hexadecimal digits
 * @param size number of ranks
 * @param pid process of rank 0
 * @param hostId its host
 * @param hostName the same for people
 */
record RootInfo(String token, int size, long pid, String hostId, String hostName) {

  private static final int VERSION = 2;
  private static final int MOST = 4096;

  RootInfo {
    if (!token.matches("[0-9a-f]{32}") || size < 1) {
      throw new IllegalArgumentException("token " + token + ", size " + size);
    }
  }

  byte[] encode() {
    return Bytes.frame(
        VERSION,
        Bytes.body(
            MOST,
            out -> {
              Bytes.putText(out, token);
              out.putInt(size).putLong(pid);
              Bytes.putText(out, hostId);
              Bytes.putText(out, hostName);
            }));
  }

  static Optional<RootInfo> decode(byte[] bytes) {
    return Bytes.read(VERSION, bytes, RootInfo::read);
  }

  private static RootInfo read(ByteBuffer in) {
    return new RootInfo(
        Bytes.getText(in), in.getInt(), in.getLong(), Bytes.getText(in), Bytes.getText(in));
  }
}
