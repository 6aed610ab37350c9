package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A rank's part in a run that has formed: who is there, what all agree on, and its end. */
public final class Run implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Run.class.getName());

  private final Self self;
  private final RootInfoFile file;
  private final RunDirectory directory;
  private final OwnRecord own;
  private final Roster roster;
  private final byte[] rootInfo;
  private final boolean onOneHost;

  private final Agreement agreement;

  /** Windows that this rank has let go of but could not note yet, since older ones are in use. */
  private final TreeSet<Long> releasedLater = new TreeSet<>();

  private Run(Self self, RootInfoFile file, Joining.Joined joined) throws IOException {
    this.self = self;
    this.file = file;
    this.directory = joined.member().directory();
    this.own = joined.member().own();
    this.roster = joined.member().roster();
    this.agreement = new Agreement(self, file, joined.member());
    this.rootInfo = joined.rootInfo();
    this.onOneHost = roster.isOnOneHost();
  }

  /**
   * Meets the other ranks. When it throws, nothing of this rank is left, and the others that were
   * joining fail too.
   *
   * @param rootInfo the path that all ranks know
   * @param source asked on rank 0
   */
  public static Run join(Self self, Path rootInfo, RootInfoSource source, Wait wait)
      throws BackendFailure {
    RootInfoFile file = new RootInfoFile(inRealDirectory(rootInfo));
    try {
      return new Run(self, file, new Joining(self, file, source, wait).join());
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  /**
   * The path without links before its last name. Ranks of this process are looked up by the paths
   * of their records; by another name of the same file they would be opened, and lose their locks.
   */
  private static Path inRealDirectory(Path path) {
    try {
      return path.resolveSibling(".").toRealPath().resolve(path.getFileName());
    } catch (IOException e) {
      // There is no such directory; the path is refused as it was given.
      return path;
    }
  }

  /** What rank 0's source gave. */
  public byte[] rootInfo() {
    return rootInfo.clone();
  }

  /** Whether all ranks are on this host. */
  public boolean onOneHost() {
    return onOneHost;
  }

  /** What is known of every rank now. */
  public List<RankStatus> peers() {
    return roster.allReadable();
  }

  /** Notes what this rank does, for the errors of others. */
  public void record(Operation operation) {
    try {
      if (own.get().operation() != operation.code()) {
        own.change(record -> record.at(operation, record.step()));
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "can't note what this rank does", e);
    }
  }

  /**
   * Arrives at the next step.
   *
   * @param brings what the others get from this rank, at most 64 KiB
   */
  public Step begin(Operation operation, byte[] brings) throws BackendFailure {
    return agreement.begin(operation, brings);
  }

  /**
   * Breaks the run outside of a step, or in one that has its verdict: nobody can pass the next one.
   *
   * @return what to throw: this failure, or that of the rank that was first
   */
  public BackendFailure breakRun(Failure failure, Duration waited) {
    return agreement.breakFrom(agreement.next(), failure, waited);
  }

  /**
   * One look around while this rank waits for something that isn't a step. Its own limit and
   * interrupts break nothing; a dead rank breaks the run.
   */
  public void checkWaiting(Wait wait) throws BackendFailure {
    try {
      Optional<Verdict> verdict = directory.verdict(agreement.next());
      if (verdict.isPresent() && verdict.get().failure().isPresent()) {
        throw verdict.get().toFailure(self.rank(), wait.waited());
      }
      Optional<Failure> broken = wait.broken();
      if (broken.isPresent()) {
        throw new BackendFailure(broken.get(), wait.waited());
      }
      if (wait.isLookDue()) {
        agreement.beat();
        Optional<RankStatus> dead = roster.dead();
        if (dead.isPresent()) {
          throw breakRun(new Failure.PeerFailed(dead.get()), wait.waited());
        }
        Optional<RankStatus> last = lastToLeave();
        if (last.isPresent()) {
          throw new BackendFailure(new Failure.PeerFailed(last.get()), wait.waited());
        }
      }
      if (wait.isOver()) {
        throw new BackendFailure(new Failure.TimedOut(List.of()), wait.waited());
      }
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  /** One of the others, if all of them have left. */
  private Optional<RankStatus> lastToLeave() throws IOException {
    Optional<RankStatus> last = Optional.empty();
    for (int rank = 0; rank < self.size(); rank++) {
      if (rank != self.rank()) {
        RankStatus status = roster.status(rank);
        if (status.state() != RankStatus.State.LEFT) {
          return Optional.empty();
        }
        last = Optional.of(status);
      }
    }
    return last;
  }

  /** Notes that this rank has let go of all windows with a number. */
  public synchronized void release(long windows) {
    if (own.get().releasedBelow() == Long.MAX_VALUE) {
      return;
    }
    releasedLater.add(windows);
    try {
      own.change(record -> record.releasing(releasedLater));
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "can't note that windows were released", e);
    }
  }

  /** Notes that this rank has let go of all windows of others that it ever had. */
  public synchronized void releaseAll() {
    try {
      own.change(RankRecord::releasingAll);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "can't note that windows were released", e);
    }
  }

  /** Whether a rank has let go of the windows with a number, or can't have them any more. */
  public boolean hasReleased(long windows, int rank) {
    try {
      boolean alive = directory.isAlive(rank);
      Optional<RankRecord> record = directory.read(rank);
      return record.isEmpty()
          || record.get().hasReleased(windows)
          || (!alive && record.get().hostId().equals(self.hostId()));
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "can't read what rank " + rank + " released", e);
      return false;
    }
  }

  /** Says that this rank leaves; whoever waits for it learns of it at once. Idempotent. */
  public void leave() {
    try {
      if (!own.get().left()) {
        own.change(RankRecord::leaving);
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "can't say that this rank leaves", e);
    }
  }

  /** Leaves, and releases the lock. The last one to do so removes the run's files. Idempotent. */
  @Override
  public void close() {
    leave();
    try {
      own.close();
      directory.removeIfDone(self.size(), self.hostId());
    } catch (IOException e) {
      // Others may be doing the same; what stays is swept by the next run.
      LOGGER.log(System.Logger.Level.DEBUG, "can't remove the run's files", e);
    }
  }
}
