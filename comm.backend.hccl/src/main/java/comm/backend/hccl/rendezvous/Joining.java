package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a run forms. Rank 0 makes a directory and a file that leads to it; the others enter it, each
 * under a lock of its own. When all are there rank 0 says who they are, and step 0 holds: that is
 * what everybody waits for, so a file that a dead run left can mislead nobody.
 */
final class Joining {

  /** How long a rank 0 of another host, whose lock can't be seen, has to show that it lives. */
  private static final Duration CHALLENGE = Duration.ofSeconds(3);

  private static final long JOIN = 0;

  private final Self self;
  private final RootInfoFile file;
  private final RootInfoSource source;
  private final Wait wait;

  Joining(Self self, RootInfoFile file, RootInfoSource source, Wait wait) {
    this.self = self;
    this.file = file;
    this.source = source;
    this.wait = wait;
  }

  /** One rank in a run: where it is, under which lock, and who is there with it. */
  record Member(RunDirectory directory, OwnRecord own, Roster roster, String token) {}

  /** A member of a run that has formed, and the root info of HCCL. */
  @SuppressWarnings("ArrayRecordComponent") // made once, read, and never compared
  record Joined(Member member, byte[] rootInfo) {}

  Joined join() throws BackendFailure, IOException {
    file.check();
    return self.rank() == 0 ? lead() : follow();
  }

  private RankRecord record() {
    return new RankRecord(
        false,
        Operation.OPEN.code(),
        JOIN,
        0,
        0,
        System.currentTimeMillis(),
        PlainFiles.nonce(),
        self.pid(),
        self.startTime(),
        self.hostId(),
        self.hostName());
  }

  private Joined lead() throws BackendFailure, IOException {
    makeWay();
    byte[] payload = source.get();
    String token = PlainFiles.token();
    RunDirectory directory = RunDirectory.of(file.path(), token);
    PlainFiles.createDirectory(directory.path());
    OwnRecord own =
        OwnRecord.create(directory.record(0), record())
            .orElseThrow(() -> new IOException(directory.path() + " is not new"));
    Member member = new Member(directory, own, new Roster(directory, self), token);
    boolean done = false;
    try {
      RootInfo info = new RootInfo(token, self.size(), self.pid(), self.hostId(), self.hostName());
      while (!file.publish(directory, info)) {
        makeWay();
      }
      awaitAll(member);
      directory.writeGo(new Go(nonces(directory), payload));
      obey(member, directory.decide(JOIN, Verdict.held(0)));
      file.remove(token);
      done = true;
      return new Joined(member, payload);
    } finally {
      if (!done) {
        withdraw(member);
      }
    }
  }

  private List<Long> nonces(RunDirectory directory) throws IOException {
    List<Long> nonces = new ArrayList<>();
    for (int rank = 0; rank < self.size(); rank++) {
      nonces.add(directory.read(rank).map(RankRecord::nonce).orElse(0L));
    }
    return nonces;
  }

  private void awaitAll(Member member) throws BackendFailure, IOException {
    while (true) {
      lookAround(member);
      Optional<Verdict> challenge = member.directory().challenge();
      if (challenge.isPresent() && challenge.get().failure().isPresent()) {
        throw breakJoin(member, challenge.get().failure().get());
      }
      List<RankStatus> missing = missing(member.roster());
      if (missing.isEmpty()) {
        return;
      }
      if (wait.isOver()) {
        throw breakJoin(member, new Failure.TimedOut(missing));
      }
      Optional<RootInfo> now = file.read();
      if (now.isPresent() && !now.get().token().equals(member.token())) {
        throw breakJoin(
            member,
            new Failure.Rendezvous(
                file.path(),
                "was replaced by another rank 0, pid "
                    + now.get().pid()
                    + " on "
                    + now.get().hostName(),
                "give each run a path of its own"));
      }
      wait.pause();
    }
  }

  private static List<RankStatus> missing(Roster roster) throws IOException {
    List<RankStatus> missing = new ArrayList<>();
    for (RankStatus status : roster.all()) {
      if (status.state() == RankStatus.State.NEVER_JOINED) {
        missing.add(status);
      }
    }
    return missing;
  }

  /** What ends the joining of any rank, other than time. */
  private void lookAround(Member member) throws BackendFailure, IOException {
    Optional<Verdict> verdict = member.directory().verdict(JOIN);
    if (verdict.isPresent()) {
      obey(member, verdict.get());
    }
    Optional<Failure> broken = wait.broken();
    if (broken.isPresent()) {
      throw breakJoin(member, broken.get());
    }
    if (wait.isLookDue()) {
      Optional<RankStatus> dead = member.roster().dead();
      if (dead.isPresent()) {
        throw breakJoin(member, new Failure.PeerFailed(dead.get()));
      }
    }
  }

  private void obey(Member member, Verdict verdict) throws BackendFailure, IOException {
    if (verdict.failure().isPresent()) {
      throw verdict.toFailure(self.rank(), wait.waited());
    }
    member.roster().formed();
  }

  private BackendFailure breakJoin(Member member, Failure failure) throws IOException {
    Verdict verdict = member.directory().decide(JOIN, Verdict.broken(failure, self.rank()));
    return verdict.failure().isPresent()
        ? verdict.toFailure(self.rank(), wait.waited())
        : new BackendFailure(failure, wait.waited());
  }

  /** Removes what a dead run left at the path; refuses a live one. */
  private void makeWay() throws BackendFailure, IOException {
    Optional<RootInfo> found = file.read();
    if (found.isPresent()) {
      RootInfo info = found.get();
      RunDirectory theirs = RunDirectory.of(file.path(), info.token());
      if (theirs.exists() && isLive(info, theirs)) {
        throw new BackendFailure(twice(0, info.pid(), self.pid()), wait.waited());
      }
      file.remove(info.token());
    }
    file.sweep(self.hostId());
  }

  /** A live run is told that there is a second rank 0, so both learn of it. */
  private boolean isLive(RootInfo info, RunDirectory theirs) throws BackendFailure, IOException {
    Verdict told = Verdict.broken(twice(0, info.pid(), self.pid()), 0);
    if (info.hostId().equals(self.hostId())) {
      boolean live = theirs.isAlive(0) && theirs.read(0).isPresent();
      if (live) {
        theirs.decide(JOIN, told);
      }
      return live;
    }
    // Not its verdict: ranks of the new run may have entered what is left of a dead one.
    theirs.challenge(told);
    Wait challenge = new Wait(new WaitLimit(CHALLENGE, "challenge"), () -> wait.isOver());
    while (!challenge.isOver() && challenge.broken().isEmpty()) {
      if (file.read().filter(now -> now.token().equals(info.token())).isEmpty()) {
        return true;
      }
      challenge.pause();
    }
    return false;
  }

  private Joined follow() throws BackendFailure, IOException {
    while (true) {
      Optional<RootInfo> info = file.read();
      if (info.isPresent()) {
        RunDirectory directory = RunDirectory.of(file.path(), info.get().token());
        if (directory.exists() && !isStale(info.get(), directory)) {
          @Nullable Joined joined = enterUnlessRemoved(info.get(), directory);
          if (joined != null) {
            return joined;
          }
        }
      }
      Optional<Failure> broken = wait.broken();
      if (broken.isPresent()) {
        throw new BackendFailure(broken.get(), wait.waited());
      }
      if (wait.isOver()) {
        RankStatus rank0 =
            new RankStatus(0, RankStatus.State.NEVER_JOINED, OptionalLong.empty(), "", "");
        throw new BackendFailure(new Failure.TimedOut(List.of(rank0)), wait.waited());
      }
      wait.pause();
    }
  }

  private boolean isStale(RootInfo info, RunDirectory directory) throws IOException {
    return info.hostId().equals(self.hostId()) && !directory.isAlive(0);
  }

  /** A new rank 0 takes the file away before it removes the directory of a dead run. */
  private @Nullable Joined enterUnlessRemoved(RootInfo info, RunDirectory directory)
      throws BackendFailure, IOException {
    try {
      return enter(info, directory);
    } catch (NoSuchFileException e) {
      if (isElsewhere(info)) {
        return null;
      }
      throw e;
    }
  }

  /** Null if the run turned out to be dead, or another one took its place. */
  private @Nullable Joined enter(RootInfo info, RunDirectory directory)
      throws BackendFailure, IOException {
    if (info.size() != self.size()) {
      Failure failure =
          new Failure.Mismatch(
              "number of ranks",
              self.rank(),
              Integer.toString(self.size()),
              0,
              Integer.toString(info.size()));
      directory.decide(JOIN, Verdict.broken(failure, self.rank()));
      throw new BackendFailure(failure, wait.waited());
    }
    RankRecord record = record();
    Optional<OwnRecord> own = OwnRecord.create(directory.record(self.rank()), record);
    if (own.isEmpty()) {
      return refuse(directory);
    }
    Member member = new Member(directory, own.get(), new Roster(directory, self), info.token());
    boolean done = false;
    try {
      while (true) {
        Optional<Verdict> verdict = directory.verdict(JOIN);
        if (verdict.isPresent()) {
          obey(member, verdict.get());
          Go go = directory.readGo();
          if (self.rank() >= go.nonces().size() || go.nonces().get(self.rank()) != record.nonce()) {
            return null;
          }
          done = true;
          return new Joined(member, go.rootInfo());
        }
        if (isAbandoned(info, directory)) {
          return null;
        }
        lookAround(member);
        if (wait.isOver()) {
          throw breakJoin(member, new Failure.TimedOut(missing(member.roster())));
        }
        wait.pause();
      }
    } finally {
      if (!done) {
        withdraw(member);
      }
    }
  }

  /** Another run is at the path, or none, and this one has not formed. */
  private boolean isAbandoned(RootInfo info, RunDirectory directory)
      throws BackendFailure, IOException {
    return isElsewhere(info) && directory.verdict(JOIN).isEmpty();
  }

  /** The path leads to another run by now, or to none. */
  private boolean isElsewhere(RootInfo info) throws BackendFailure, IOException {
    return file.read().filter(now -> now.token().equals(info.token())).isEmpty();
  }

  /** Somebody has this rank's place. Null if its run is over. */
  private @Nullable Joined refuse(RunDirectory directory) throws BackendFailure, IOException {
    int rank = self.rank();
    boolean alive = directory.isAlive(rank);
    Optional<RankRecord> holder = directory.read(rank);
    if (holder.isEmpty() || holder.get().left()) {
      return null;
    }
    boolean near = holder.get().hostId().equals(self.hostId());
    if (near && !alive) {
      RankStatus dead =
          new RankStatus(
              rank,
              RankStatus.State.DEAD,
              OptionalLong.of(holder.get().pid()),
              Operation.words(holder.get().operation()),
              "");
      Failure failure = new Failure.PeerFailed(dead);
      directory.decide(JOIN, Verdict.broken(failure, rank));
      throw new BackendFailure(failure, wait.waited());
    }
    Failure failure = twice(rank, holder.get().pid(), self.pid());
    directory.decide(JOIN, Verdict.broken(failure, rank));
    throw new BackendFailure(failure, wait.waited());
  }

  private static Failure twice(int rank, long pid, long otherPid) {
    return new Failure.Mismatch("process", rank, "pid " + pid, rank, "pid " + otherPid);
  }

  private static boolean isLeaderDead(Member member) throws IOException {
    return member.roster().status(0).state() == RankStatus.State.DEAD;
  }

  /** Leaves a run that has not formed. */
  private void withdraw(Member member) {
    try {
      member.own().change(RankRecord::leaving);
      member.own().close();
      if (self.rank() == 0 || isLeaderDead(member)) {
        file.remove(member.token());
      }
      if (self.rank() != 0 && member.directory().verdict(JOIN).isEmpty()) {
        // The run may go on without this rank, or with another process in its place.
        PlainFiles.delete(member.directory().record(self.rank()));
      }
      member.directory().removeIfDone(self.size(), self.hostId());
    } catch (IOException | BackendFailure e) {
      // The failure of joining is on its way; what stays is swept by the next run.
      System.getLogger(Joining.class.getName())
          .log(System.Logger.Level.DEBUG, "can't remove what joining left", e);
    }
  }
}
