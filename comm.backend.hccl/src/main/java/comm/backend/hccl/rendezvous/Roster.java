package comm.backend.hccl.rendezvous;

import comm.api.RankStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Who is there and in which state, for errors and for people. */
final class Roster {

  private final RunDirectory directory;
  private final Self self;
  private volatile boolean formed;

  Roster(RunDirectory directory, Self self) {
    this.directory = directory;
    this.self = self;
  }

  /** From now on a rank that isn't there has left. */
  void formed() {
    formed = true;
  }

  List<RankStatus> all() throws IOException {
    List<RankStatus> all = new ArrayList<>();
    for (int rank = 0; rank < self.size(); rank++) {
      all.add(status(rank));
    }
    return all;
  }

  /** The same where a record that can't be read must not keep the others from being shown. */
  List<RankStatus> allReadable() {
    List<RankStatus> all = new ArrayList<>();
    for (int rank = 0; rank < self.size(); rank++) {
      try {
        all.add(status(rank));
      } catch (IOException e) {
        all.add(
            new RankStatus(
                rank,
                RankStatus.State.ALIVE,
                OptionalLong.empty(),
                "",
                "its record can't be read: " + e));
      }
    }
    return all;
  }

  RankStatus status(int rank) throws IOException {
    // The lock first: a rank that leaves says so before it lets go of its lock.
    boolean alive = rank == self.rank() || directory.isAlive(rank);
    Optional<RankRecord> found = directory.read(rank);
    if (found.isEmpty()) {
      return new RankStatus(
          rank,
          formed ? RankStatus.State.LEFT : RankStatus.State.NEVER_JOINED,
          OptionalLong.empty(),
          "",
          "");
    }
    RankRecord record = found.get();
    boolean near = isNear(record);
    RankStatus.State state =
        record.left()
            ? RankStatus.State.LEFT
            : near && !alive ? RankStatus.State.DEAD : RankStatus.State.ALIVE;
    return new RankStatus(
        rank,
        state,
        OptionalLong.of(record.pid()),
        Operation.words(record.operation()),
        near ? nearRemark(record, state) : farRemark(record));
  }

  private boolean isNear(RankRecord record) {
    return record.hostId().equals(self.hostId());
  }

  private static String nearRemark(RankRecord record, RankStatus.State state) {
    boolean stopped =
        state == RankStatus.State.ALIVE
            && ProcessStat.of(record.pid())
                .filter(stat -> stat.startTime() == record.startTime() && stat.stopped())
                .isPresent();
    return stopped ? "stopped by a signal or a debugger" : "";
  }

  private static String farRemark(RankRecord record) {
    Duration silence = Duration.ofMillis(System.currentTimeMillis() - record.heard());
    return "on host "
        + record.hostName()
        + (record.left() ? "" : ", last heard of " + Math.max(0, silence.toSeconds()) + " s ago");
  }

  /** The first other rank that is dead, as far as this host's locks tell. */
  Optional<RankStatus> dead() throws IOException {
    for (int rank = 0; rank < self.size(); rank++) {
      if (rank != self.rank()) {
        boolean alive = directory.isAlive(rank);
        if (!alive) {
          RankStatus status = status(rank);
          if (status.state() == RankStatus.State.DEAD) {
            return Optional.of(status);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Whether all ranks are of this host. */
  boolean isOnOneHost() throws IOException {
    for (int rank = 0; rank < self.size(); rank++) {
      if (directory.read(rank).filter(record -> !isNear(record)).isPresent()) {
        return false;
      }
    }
    return true;
  }
}
