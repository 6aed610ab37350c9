package comm.backend.sim;

import static comm.backend.sim.protocol.ControlLayout.WINDOW_ADDRESS;
import static comm.backend.sim.protocol.ControlLayout.WINDOW_AVAILABLE;
import static comm.backend.sim.protocol.ControlLayout.WINDOW_NEEDED;
import static comm.backend.sim.protocol.ControlLayout.WINDOW_STRIDE;
import static comm.backend.sim.protocol.ControlLayout.WINDOW_TOKEN_HIGH;
import static comm.backend.sim.protocol.ControlLayout.WINDOW_TOKEN_LOW;
import static comm.backend.sim.protocol.ControlLayout.vote;
import static comm.backend.sim.protocol.ControlLayout.windowBytes;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.Mapping;
import comm.backend.sim.posix.Names;
import comm.backend.sim.posix.PosixException;
import comm.backend.sim.protocol.Words;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One collective allocation. Rank 0 makes a segment and proposes an address; every rank maps it
 * there, gets the blocks of its own window, and votes; all read the same votes, so it works for all
 * or fails for all. The segment has a name only between two barriers.
 */
final class Allocation {

  /** A barrier of the session; throws if it broke. */
  interface Meeting {
    void meet() throws BackendFailure;
  }

  private static final long VOTE_YES = 1;
  private static final long VOTE_OTHER_ADDRESS = 2;

  /** Votes above are this plus an error number. */
  private static final long VOTE_ERROR = 1000;

  private static final int ROUNDS = 16;

  /**
   * Where Linux puts neither programs nor their libraries, heaps and stacks, on any architecture.
   */
  private static final long FIRST_ADDRESS = 0x1000_0000_0000L;

  private static final long LAST_ADDRESS = 0x4000_0000_0000L;
  private static final long ADDRESS_UNIT = 1L << 30;

  private final Words words;
  private final int rank;
  private final int size;
  private final long bytes;
  private final Meeting meeting;

  private @Nullable Descriptor descriptor;
  private @Nullable WindowMapping mapping;
  private String token = "";
  private long stride;

  Allocation(Words words, int rank, int size, long bytes, Meeting meeting) {
    this.words = words;
    this.rank = rank;
    this.size = size;
    this.bytes = bytes;
    this.meeting = meeting;
  }

  /** Runs it to its end; unless it works nothing of it is left. */
  SimWindows run(SimSession session) throws BackendFailure {
    boolean done = false;
    try {
      words.write(windowBytes(rank), bytes);
      words.write(vote(rank), rank == 0 ? propose() : VOTE_YES);
      meeting.meet();
      checkSizes();
      checkVotes();
      for (int round = 0; ; round++) {
        words.write(vote(rank), join());
        meeting.meet();
        if (checkVotes()) {
          break;
        }
        if (round == ROUNDS) {
          throw new BackendFailure(
              new Failure.NativeCall(
                  "mmap",
                  PosixException.EEXIST,
                  "EEXIST",
                  "found no address that is free in every rank's process",
                  "try again; if it happens often, limit the address space of the JVMs less"),
              Duration.ZERO);
        }
        nextAddress();
      }
      unlink();
      meeting.meet();
      done = true;
      WindowMapping mapped = Objects.requireNonNull(mapping);
      return new SimWindows(session, mapped, rank, size, bytes, stride);
    } finally {
      close(done);
    }
  }

  private long propose() {
    try {
      long page = Mapping.pageBytes();
      long total;
      try {
        stride = Math.multiplyExact(Math.addExact(bytes, page - 1) / page, page);
        total = Math.multiplyExact(stride, size);
      } catch (ArithmeticException e) {
        return shortOf(Long.MAX_VALUE, Memory.available());
      }
      long available = Memory.available();
      if (total > available) {
        return shortOf(total, available);
      }
      SharedSegment.Created created = SharedSegment.create(total);
      token = created.token();
      descriptor = created.descriptor();
      words.write(WINDOW_TOKEN_HIGH, Tokens.high(token));
      words.write(WINDOW_TOKEN_LOW, Tokens.low(token));
      words.write(WINDOW_STRIDE, stride);
      proposeAddress();
      return VOTE_YES;
    } catch (PosixException e) {
      return VOTE_ERROR + e.errno();
    }
  }

  private long shortOf(long needed, long available) {
    words.write(WINDOW_NEEDED, needed);
    words.write(WINDOW_AVAILABLE, available);
    return VOTE_ERROR + PosixException.ENOSPC;
  }

  private void proposeAddress() {
    long units = (LAST_ADDRESS - FIRST_ADDRESS) / ADDRESS_UNIT;
    words.write(
        WINDOW_ADDRESS, FIRST_ADDRESS + ThreadLocalRandom.current().nextLong(units) * ADDRESS_UNIT);
  }

  /** The same segment at another address; nobody proposes before all have read the votes. */
  private void nextAddress() throws BackendFailure {
    try {
      if (mapping != null) {
        mapping.release();
        mapping = null;
      }
    } catch (PosixException e) {
      throw Problems.system(e);
    }
    meeting.meet();
    if (rank == 0) {
      proposeAddress();
    }
    meeting.meet();
  }

  private long join() {
    try {
      stride = words.read(WINDOW_STRIDE);
      long total = stride * size;
      if (descriptor == null) {
        token = proposedToken();
        descriptor = SharedSegment.open(SharedSegment.name(token), total);
      }
      try {
        mapping = WindowMapping.attach(token, descriptor, words.read(WINDOW_ADDRESS), total);
      } catch (PosixException e) {
        if (e.errno() == PosixException.EEXIST || e.errno() == PosixException.EINVAL) {
          return VOTE_OTHER_ADDRESS;
        }
        throw e;
      }
      descriptor.reserve(rank * stride, stride);
      return VOTE_YES;
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENOSPC || e.errno() == PosixException.ENOMEM) {
        return shortOf(stride * size, Memory.available());
      }
      return VOTE_ERROR + e.errno();
    }
  }

  private String proposedToken() {
    return Tokens.of(words.read(WINDOW_TOKEN_HIGH), words.read(WINDOW_TOKEN_LOW));
  }

  private void checkSizes() throws BackendFailure {
    for (int r = 0; r < size; r++) {
      long theirs = words.read(windowBytes(r));
      if (theirs != bytes) {
        throw new BackendFailure(
            new Failure.Mismatch("window size", rank, bytes + " bytes", r, theirs + " bytes"),
            Duration.ZERO);
      }
    }
    long first = words.read(windowBytes(0));
    if (words.read(WINDOW_STRIDE) < first && words.read(vote(0)) == VOTE_YES) {
      throw new BackendFailure(
          new Failure.Mismatch(
              "window stride", rank, bytes + " bytes", 0, words.read(WINDOW_STRIDE) + " bytes"),
          Duration.ZERO);
    }
  }

  /** True if all said yes, false if another address is needed; throws if a rank can't. */
  private boolean checkVotes() throws BackendFailure {
    boolean agreed = true;
    for (int r = 0; r < size; r++) {
      long cast = words.read(vote(r));
      if (cast >= VOTE_ERROR) {
        OptionalInt by = r == rank ? OptionalInt.empty() : OptionalInt.of(r);
        throw new BackendFailure(reason((int) (cast - VOTE_ERROR)), by, Duration.ZERO);
      }
      agreed &= cast == VOTE_YES;
    }
    return agreed;
  }

  private Failure reason(int errno) {
    if (errno == PosixException.ENOSPC) {
      return new Failure.Exhausted(
          "/dev/shm",
          words.read(WINDOW_NEEDED),
          words.read(WINDOW_AVAILABLE),
          Problems.MORE_SHARED_MEMORY);
    }
    return new Failure.NativeCall(
        "window segment", errno, PosixException.name(errno), "can't make or map it", "");
  }

  private void unlink() throws BackendFailure {
    try {
      if (rank == 0) {
        Names.unlinkShared(SharedSegment.name(token));
      }
    } catch (PosixException e) {
      throw Problems.system(e);
    }
  }

  private void close(boolean done) {
    try {
      if (!done) {
        if (mapping != null) {
          mapping.release();
        }
        if (rank == 0 && descriptor != null) {
          Names.unlinkShared(SharedSegment.name(token));
        }
      }
      if (descriptor != null) {
        descriptor.close();
      }
      if (!done && rank != 0) {
        // Where rank 0 died its segment still has its name.
        SharedSegment.removeIfDead(SharedSegment.name(proposedToken()));
      }
    } catch (PosixException e) {
      // The allocation's own failure is on its way; a name that stays is swept by the next run.
      System.getLogger(Allocation.class.getName())
          .log(System.Logger.Level.WARNING, "can't free a failed allocation", e);
    }
  }
}
