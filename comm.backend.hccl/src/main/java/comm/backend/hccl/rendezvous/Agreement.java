package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How ranks go through steps together. A rank arrives at a step by writing its number into its
 * record, after what it brings. How a step ends is said once, in its verdict. Two ranks are never
 * more than one step apart, since nobody passes a step at which not all have arrived; so a broken
 * step is the last one for all.
 */
final class Agreement {

  private static final long HEARTBEAT_MILLIS = 1000;

  private final Self self;
  private final RootInfoFile file;
  private final RunDirectory directory;
  private final OwnRecord own;
  private final Roster roster;

  /** The last step that this rank has passed. */
  private final AtomicLong passed = new AtomicLong();

  Agreement(Self self, RootInfoFile file, Joining.Member member) {
    this.self = self;
    this.file = file;
    this.directory = member.directory();
    this.own = member.own();
    this.roster = member.roster();
  }

  /** The step behind the last one that this rank has passed. */
  long next() {
    return passed.get() + 1;
  }

  /** Arrives at the next step, and brings something to it. */
  Step begin(Operation operation, byte[] brings) throws BackendFailure {
    long step = next();
    try {
      forget(step - 2);
      if (brings.length > 0) {
        directory.writeBlob(step, self.rank(), brings);
      }
      own.change(record -> record.at(operation, step));
    } catch (IOException e) {
      throw file.system(e);
    }
    return new Step(this, step);
  }

  /** Everybody has passed a step when this rank arrives at the one after the next. */
  private void forget(long step) throws IOException {
    if (step < 1) {
      return;
    }
    directory.deleteBlob(step, self.rank());
    if (step % self.size() == self.rank()) {
      directory.deleteVerdict(step);
    }
  }

  List<byte[]> awaitAll(long step, Wait wait) throws BackendFailure {
    while (!hasArrived(step)) {
      check(step, wait);
      wait.pause();
    }
    hold(step, wait);
    try {
      List<byte[]> all = new ArrayList<>();
      for (int rank = 0; rank < self.size(); rank++) {
        all.add(directory.readBlob(step, rank));
      }
      return all;
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  private boolean hasArrived(long step) throws BackendFailure {
    try {
      for (int rank = 0; rank < self.size(); rank++) {
        if (!hasArrived(rank, step)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  private boolean hasArrived(int rank, long step) throws IOException {
    return directory.read(rank).filter(record -> record.step() >= step).isPresent();
  }

  List<RankStatus> missing(long step) throws BackendFailure {
    try {
      List<RankStatus> missing = new ArrayList<>();
      for (int rank = 0; rank < self.size(); rank++) {
        if (!hasArrived(rank, step)) {
          missing.add(roster.status(rank));
        }
      }
      return missing;
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  void check(long step, Wait wait) throws BackendFailure {
    try {
      Optional<Verdict> verdict = directory.verdict(step);
      if (verdict.isPresent()) {
        if (verdict.get().failure().isPresent()) {
          throw verdict.get().toFailure(self.rank(), wait.waited());
        }
        // It held: what this rank still waits for will come.
        return;
      }
      Optional<Failure> failure = wait.broken();
      if (failure.isEmpty() && wait.isLookDue()) {
        beat();
        failure = deadOrLeft(step);
      }
      if (failure.isEmpty() && wait.isOver()) {
        List<RankStatus> missing = missing(step);
        failure = missing.isEmpty() ? Optional.empty() : Optional.of(new Failure.TimedOut(missing));
      }
      if (failure.isPresent()) {
        breakOrHold(step, failure.get(), wait);
      }
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  /** Breaks a step, unless it has held meanwhile. */
  private void breakOrHold(long step, Failure failure, Wait wait)
      throws BackendFailure, IOException {
    Verdict verdict = directory.decide(step, Verdict.broken(told(failure), self.rank()));
    if (verdict.failure().isPresent()) {
      throw verdict.reporter() == self.rank()
          ? new BackendFailure(failure, wait.waited())
          : verdict.toFailure(self.rank(), wait.waited());
    }
  }

  /** What the others are told: a rank that closes while it waits is one that left. */
  private Failure told(Failure failure) throws IOException {
    if (failure instanceof Failure.Cancelled) {
      RankStatus now = roster.status(self.rank());
      return new Failure.PeerFailed(
          new RankStatus(self.rank(), RankStatus.State.LEFT, now.pid(), now.lastOperation(), ""));
    }
    return failure;
  }

  /** A rank that is dead, or one that left without arriving at the step. */
  private Optional<Failure> deadOrLeft(long step) throws IOException {
    Optional<RankStatus> dead = roster.dead();
    if (dead.isPresent()) {
      return dead.map(Failure.PeerFailed::new);
    }
    for (int rank = 0; rank < self.size(); rank++) {
      if (rank != self.rank() && !hasArrived(rank, step)) {
        RankStatus status = roster.status(rank);
        if (status.state() == RankStatus.State.LEFT) {
          return Optional.of(new Failure.PeerFailed(status));
        }
      }
    }
    return Optional.empty();
  }

  /** Shows the other ranks that this one still waits. */
  void beat() throws IOException {
    if (System.currentTimeMillis() - own.get().heard() >= HEARTBEAT_MILLIS) {
      own.change(RankRecord::heardNow);
    }
  }

  boolean isHeld(long step) throws BackendFailure {
    try {
      return directory.verdict(step).filter(verdict -> verdict.failure().isEmpty()).isPresent();
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  void hold(long step, Wait wait) throws BackendFailure {
    try {
      Verdict verdict = directory.decide(step, Verdict.held(self.rank()));
      if (verdict.failure().isPresent()) {
        throw verdict.toFailure(self.rank(), wait.waited());
      }
      passed.set(step);
    } catch (IOException e) {
      throw file.system(e);
    }
  }

  BackendFailure breakFrom(long step, Failure failure, Duration waited) {
    try {
      Verdict broken = Verdict.broken(told(failure), self.rank());
      Verdict verdict = directory.decide(step, broken);
      if (verdict.failure().isEmpty()) {
        // The others have passed it; this rank has not even arrived at the one behind it.
        verdict = directory.decide(step + 1, broken);
      }
      return verdict.failure().isEmpty() || verdict.reporter() == self.rank()
          ? new BackendFailure(failure, waited)
          : verdict.toFailure(self.rank(), waited);
    } catch (IOException e) {
      BackendFailure own = new BackendFailure(failure, waited);
      own.addSuppressed(e);
      return own;
    }
  }
}
