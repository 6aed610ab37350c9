package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a step ended, for every rank: it held, or this failure broke it. Whoever says it first is
 * right.
 *
 * @param failure why it broke; empty if it held
 * @param reporter the rank that said so
 */
record Verdict(Optional<Failure> failure, int reporter) {

  private static final int VERSION = 4;
  private static final int MOST = 1 << 16;
  private static final int MOST_RANKS = 64;
  private static final List<RankStatus.State> STATES =
      List.of(
          RankStatus.State.NEVER_JOINED,
          RankStatus.State.ALIVE,
          RankStatus.State.LEFT,
          RankStatus.State.DEAD);

  private static final byte HELD = 0;
  private static final byte TIMED_OUT = 1;
  private static final byte PEER_FAILED = 2;
  private static final byte MISMATCH = 3;
  private static final byte RENDEZVOUS = 4;
  private static final byte EXHAUSTED = 5;
  private static final byte NATIVE_CALL = 6;
  private static final byte INTERRUPTED = 7;

  static Verdict held(int reporter) {
    return new Verdict(Optional.empty(), reporter);
  }

  static Verdict broken(Failure failure, int reporter) {
    return new Verdict(Optional.of(failure), reporter);
  }

  /** What a rank is told by it. */
  BackendFailure toFailure(int rank, Duration waited) {
    Failure why = failure.orElseThrow();
    if (why instanceof Failure.PeerFailed peer
        && peer.peer().rank() == rank
        && peer.peer().state() == RankStatus.State.LEFT) {
      why = new Failure.Cancelled();
    }
    return new BackendFailure(
        why, reporter == rank ? OptionalInt.empty() : OptionalInt.of(reporter), waited);
  }

  byte[] encode() {
    return Bytes.frame(VERSION, Bytes.body(MOST, this::write));
  }

  private void write(ByteBuffer out) {
    out.putInt(reporter);
    if (failure.isEmpty()) {
      out.put(HELD);
      return;
    }
    Failure why = failure.get();
    if (why instanceof Failure.TimedOut timeout) {
      out.put(TIMED_OUT).putInt(timeout.missing().size());
      timeout.missing().forEach(status -> putStatus(out, status));
      Bytes.putText(out, timeout.note());
    } else if (why instanceof Failure.PeerFailed peer) {
      out.put(PEER_FAILED);
      putStatus(out, peer.peer());
    } else if (why instanceof Failure.Mismatch mismatch) {
      out.put(MISMATCH).putInt(mismatch.rank()).putInt(mismatch.otherRank());
      Bytes.putText(out, mismatch.subject());
      Bytes.putText(out, mismatch.value());
      Bytes.putText(out, mismatch.otherValue());
    } else if (why instanceof Failure.Rendezvous rendezvous) {
      out.put(RENDEZVOUS);
      Bytes.putText(out, rendezvous.path().toString());
      Bytes.putText(out, rendezvous.problem());
      Bytes.putText(out, rendezvous.advice());
    } else if (why instanceof Failure.Exhausted exhausted) {
      out.put(EXHAUSTED).putLong(exhausted.needed()).putLong(exhausted.available());
      Bytes.putText(out, exhausted.resource());
      Bytes.putText(out, exhausted.advice());
    } else if (why instanceof Failure.NativeCall call) {
      out.put(NATIVE_CALL).putInt(call.code());
      Bytes.putText(out, call.function());
      Bytes.putText(out, call.codeName());
      Bytes.putText(out, call.message());
      Bytes.putText(out, call.advice());
    } else {
      out.put(INTERRUPTED);
    }
  }

  /** Empty for what no rank of this version wrote. */
  static Optional<Verdict> decode(byte[] bytes) {
    return Bytes.read(VERSION, bytes, Verdict::read);
  }

  private static Verdict read(ByteBuffer in) {
    int reporter = rank(in);
    byte kind = in.get();
    if (kind == HELD) {
      return held(reporter);
    }
    Failure failure =
        switch (kind) {
          case TIMED_OUT -> {
            int count = in.getInt();
            List<RankStatus> missing = new ArrayList<>();
            for (int i = 0; i < Math.min(count, MOST_RANKS); i++) {
              missing.add(getStatus(in));
            }
            yield new Failure.TimedOut(missing, Bytes.getText(in));
          }
          case PEER_FAILED -> new Failure.PeerFailed(getStatus(in));
          case MISMATCH -> {
            int rank = rank(in);
            int other = rank(in);
            yield new Failure.Mismatch(
                Bytes.getText(in), rank, Bytes.getText(in), other, Bytes.getText(in));
          }
          case RENDEZVOUS ->
              new Failure.Rendezvous(
                  Path.of(Bytes.getText(in)), Bytes.getText(in), Bytes.getText(in));
          case EXHAUSTED -> {
            long needed = in.getLong();
            long available = in.getLong();
            yield new Failure.Exhausted(Bytes.getText(in), needed, available, Bytes.getText(in));
          }
          case NATIVE_CALL -> {
            int code = in.getInt();
            yield new Failure.NativeCall(
                Bytes.getText(in), code, Bytes.getText(in), Bytes.getText(in), Bytes.getText(in));
          }
          case INTERRUPTED -> new Failure.Interrupted();
          default -> throw new IllegalArgumentException("kind " + kind);
        };
    return broken(failure, reporter);
  }

  private static int rank(ByteBuffer in) {
    int rank = in.getInt();
    if (rank < 0 || rank >= MOST_RANKS) {
      throw new IllegalArgumentException("rank " + rank);
    }
    return rank;
  }

  private static void putStatus(ByteBuffer out, RankStatus status) {
    out.putInt(status.rank()).put((byte) STATES.indexOf(status.state()));
    out.putLong(status.pid().orElse(0));
    Bytes.putText(out, status.lastOperation());
    Bytes.putText(out, status.remark());
  }

  private static RankStatus getStatus(ByteBuffer in) {
    int rank = rank(in);
    int state = in.get();
    if (state < 0 || state >= STATES.size()) {
      throw new IllegalArgumentException("state " + state);
    }
    long pid = in.getLong();
    return new RankStatus(
        rank,
        STATES.get(state),
        pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid),
        Bytes.getText(in),
        Bytes.getText(in));
  }
}
