package comm.backend.sim;

import static comm.backend.sim.protocol.ControlLayout.FREE;
import static comm.backend.sim.protocol.ControlLayout.LEFT;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.sim.protocol.ControlLayout;
import comm.backend.sim.protocol.Poison;
import comm.backend.sim.protocol.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/** What the control segment says of the ranks, for errors and for people. */
final class Ranks {

  /** Operations that may wait, as slots record them. */
  enum Operation {
    OPEN(0, "open"),
    ALLOCATE_WINDOWS(1, "allocateWindows"),
    BARRIER(2, "barrier"),
    AWAIT(3, "await");

    private final long code;
    private final String words;

    Operation(long code, String words) {
      this.code = code;
      this.words = words;
    }

    /** As slots record it. */
    long code() {
      return code;
    }
  }

  private static final Operation[] OPERATIONS = Operation.values();

  private final Words words;
  private final int rank;
  private final int size;
  private final IntPredicate held;

  Ranks(Words words, int rank, int size, IntPredicate held) {
    this.words = words;
    this.rank = rank;
    this.size = size;
    this.held = held;
  }

  List<RankStatus> all() {
    List<RankStatus> all = new ArrayList<>(size);
    for (int r = 0; r < size; r++) {
      all.add(status(r));
    }
    return all;
  }

  RankStatus status(int of) {
    // The lock first: a rank that leaves says so before it lets go of its lock.
    boolean alive = of == rank || held.test(of);
    long state = words.read(ControlLayout.state(of));
    if (state == FREE) {
      return new RankStatus(of, RankStatus.State.NEVER_JOINED, OptionalLong.empty(), "", "");
    }
    long pid = words.read(ControlLayout.pid(of));
    RankStatus.State known =
        state == LEFT
            ? RankStatus.State.LEFT
            : alive ? RankStatus.State.ALIVE : RankStatus.State.DEAD;
    return new RankStatus(
        of,
        known,
        OptionalLong.of(pid),
        operation(of),
        known == RankStatus.State.ALIVE ? remark(of, pid) : "");
  }

  private String operation(int of) {
    long code = words.read(ControlLayout.operation(of));
    for (Operation operation : OPERATIONS) {
      if (operation.code == code) {
        return operation.words;
      }
    }
    return "";
  }

  /** Whether the process is stopped, where this process can see it under the same pid. */
  private String remark(int of, long pid) {
    long startTime = words.read(ControlLayout.startTime(of));
    boolean stopped =
        ProcessStat.of(pid)
            .filter(stat -> stat.startTime() == startTime && stat.isStopped())
            .isPresent();
    return stopped ? "stopped by a signal or a debugger" : "";
  }

  /** Why the communicator broke. */
  BackendFailure failure(Duration waited) {
    Poison poison;
    try {
      poison = Poison.decode(words.read(ControlLayout.POISON));
    } catch (IllegalArgumentException e) {
      return new BackendFailure(
          new Failure.NativeCall(
              "control segment", 0, "", String.valueOf(e.getMessage()), "a peer wrote garbage"),
          waited);
    }
    int reporter = Math.min(poison.reporter(), ControlLayout.MAX_RANKS - 1);
    int subject = Math.min(poison.subject(), size - 1);
    OptionalInt by = reporter == rank ? OptionalInt.empty() : OptionalInt.of(reporter);
    Failure failure =
        switch (poison.kind()) {
          case TIMED_OUT -> new Failure.TimedOut(missing(reporter));
          case INTERRUPTED -> new Failure.Interrupted();
          case LEFT ->
              subject == rank
                  ? new Failure.Cancelled()
                  : new Failure.PeerFailed(as(RankStatus.State.LEFT, subject));
          case DEAD -> new Failure.PeerFailed(as(RankStatus.State.DEAD, subject));
          case DUPLICATE -> twice(subject, words.read(ControlLayout.pid(subject)), poison.detail());
          case OTHER_SIZE -> otherSize(reporter, poison.detail(), words.read(ControlLayout.SIZE));
        };
    return new BackendFailure(failure, by, waited);
  }

  static Failure twice(int rank, long pid, long otherPid) {
    return new Failure.Mismatch("process", rank, "pid " + pid, rank, "pid " + otherPid);
  }

  static Failure otherSize(int rank, long size, long sizeOfRank0) {
    return new Failure.Mismatch(
        "number of ranks", rank, Long.toString(size), 0, Long.toString(sizeOfRank0));
  }

  private List<RankStatus> missing(int reporter) {
    long mask = words.read(ControlLayout.missing(reporter));
    List<RankStatus> missing = new ArrayList<>();
    for (int r = 0; r < size; r++) {
      if ((mask & 1L << r) != 0) {
        missing.add(status(r));
      }
    }
    return missing;
  }

  /** The status of a rank that was found in a state, which it may have left since. */
  private RankStatus as(RankStatus.State state, int of) {
    RankStatus now = status(of);
    return new RankStatus(of, state, now.pid(), now.lastOperation(), now.remark());
  }
}
