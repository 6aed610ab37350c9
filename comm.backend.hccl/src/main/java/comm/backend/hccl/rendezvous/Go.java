package comm.backend.hccl.rendezvous;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What rank 0 says when all have come: who they are, and the root info of HCCL.
 *
 * @param nonces one a rank; who doesn't find its own isn't meant
 * @param rootInfo what devices find each other by
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read, and never compared
record Go(List<Long> nonces, byte[] rootInfo) {

  private static final int VERSION = 3;
  private static final int MOST_ROOT_INFO = 1 << 16;
  private static final int MOST_RANKS = 64;

  byte[] encode() {
    return Bytes.frame(
        VERSION,
        Bytes.body(
            MOST_ROOT_INFO + 1024,
            out -> {
              out.putInt(nonces.size());
              nonces.forEach(out::putLong);
              Bytes.putBytes(out, rootInfo);
            }));
  }

  static Optional<Go> decode(byte[] bytes) {
    return Bytes.read(VERSION, bytes, Go::read);
  }

  private static Go read(ByteBuffer in) {
    int ranks = in.getInt();
    if (ranks < 1 || ranks > MOST_RANKS) {
      throw new IllegalArgumentException("ranks " + ranks);
    }
    List<Long> nonces = new ArrayList<>();
    for (int i = 0; i < ranks; i++) {
      nonces.add(in.getLong());
    }
    return new Go(nonces, Bytes.getBytes(in, MOST_ROOT_INFO));
  }
}
