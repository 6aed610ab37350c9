package comm.backend.hccl.window;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What ranks tell each other about an allocation before it begins.
 *
 * @param bytes the size of windows that is asked for
 * @param strategies those that are possible, one bit each
 * @param member who this rank is to the others' devices
 */
record Proposal(long bytes, int strategies, Member member) {

  private static final int BYTES = 20;

  /** Whether the rank can offer a strategy. */
  boolean has(StrategyName name) {
    return (strategies & name.bit()) != 0;
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes)
        .putInt(strategies)
        .putInt(member.device())
        .putInt(member.tgid())
        .array();
  }

  static Proposal decode(byte[] encoded, int rank) throws BackendFailure {
    if (encoded.length != BYTES) {
      throw garbage(rank);
    }
    ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    return new Proposal(in.getLong(), in.getInt(), new Member(rank, in.getInt(), in.getInt()));
  }

  static BackendFailure garbage(int rank) {
    return new BackendFailure(
        new Failure.NativeCall(
            "allocation message of rank " + rank,
            0,
            "",
            "it has no meaning",
            "use the same version of comm.backend.hccl on every rank"),
        Duration.ZERO);
  }

  /**
   * How one attempt ended on a rank.
   *
   * @param worked whether it did
   * @param reason why it did not
   * @param offer what the rank offers; ignored unless it worked
   */
  record Answer(boolean worked, String reason, Sharing.Offer offer) {

    private static final int LONGEST_REASON = 1024;

    static Answer yes(Sharing.Offer offer) {
      return new Answer(true, "", offer);
    }

    static Answer no(String reason) {
      return new Answer(false, reason, Sharing.Offer.NONE);
    }

    byte[] encode() {
      byte[] text = reason.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(text.length, LONGEST_REASON);
      return ByteBuffer.allocate(25 + length + offer.handle().length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) (worked ? 1 : 0))
          .putLong(offer.size())
          .putLong(offer.granularity())
          .putInt(length)
          .put(text, 0, length)
          .putInt(offer.handle().length)
          .put(offer.handle())
          .array();
    }

    static Answer decode(byte[] encoded, int rank) throws BackendFailure {
      ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
      try {
        boolean worked = in.get() == 1;
        long size = in.getLong();
        long granularity = in.getLong();
        byte[] text = bytes(in, LONGEST_REASON);
        byte[] handle = bytes(in, Sharing.Offer.LONGEST_HANDLE);
        if (!in.hasRemaining() && size >= 0 && granularity >= 0) {
          return new Answer(
              worked,
              new String(text, StandardCharsets.UTF_8),
              new Sharing.Offer(size, granularity, handle));
        }
      } catch (BufferUnderflowException e) {
        // refused below, like every other message that isn't one
      }
      throw garbage(rank);
    }

    private static byte[] bytes(ByteBuffer in, int most) {
      int length = in.getInt();
      if (length < 0 || length > most || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }
  }
}
