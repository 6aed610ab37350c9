package comm.backend.sim;

import comm.api.spi.BackendFailure;
import comm.api.spi.SessionRequest;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.Names;
import comm.backend.sim.posix.PosixException;
import comm.backend.sim.protocol.MeetingPlace;
import comm.backend.sim.protocol.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The rootinfo file and the control segment it leads to. */
final class ShmMeetingPlace implements MeetingPlace {

  private static final long FIRST_IDLE_NANOS = 50_000;
  private static final long LONGEST_IDLE_NANOS = 5_000_000;

  private final SessionRequest request;
  private final WaitPolicy policy;
  private final RootInfoFile file;
  private final long start = System.nanoTime();
  private long idleNanos = FIRST_IDLE_NANOS;

  ShmMeetingPlace(SessionRequest request, WaitPolicy policy) {
    this.request = request;
    this.policy = policy;
    this.file = new RootInfoFile(request.rootInfo());
  }

  RootInfoFile file() {
    return file;
  }

  @Override
  public ControlSegment create() throws BackendFailure {
    SharedSegment.sweep();
    return ControlSegment.create(request.size(), policy, request.limit());
  }

  @Override
  public boolean offer(Control control) throws BackendFailure {
    ControlSegment segment = (ControlSegment) control;
    RootInfo info =
        new RootInfo(
            segment.token(), segment.name(), request.size(), ProcessHandle.current().pid());
    Descriptor published = file.publish(info);
    if (published == null) {
      return false;
    }
    segment.published(published);
    return true;
  }

  @Override
  public @Nullable ControlSegment visit() throws BackendFailure {
    Optional<RootInfo> info = file.readLive();
    return info.isEmpty() ? null : ControlSegment.attach(info.get(), policy, request.limit());
  }

  @Override
  public void retract(Control control) {
    ControlSegment segment = (ControlSegment) control;
    try {
      Descriptor published = segment.takeFile();
      if (published != null) {
        file.retract(published);
      }
      Names.unlinkShared(segment.name());
    } catch (PosixException e) {
      // The next run on this path recognises both as dead and removes them.
      System.getLogger(ShmMeetingPlace.class.getName())
          .log(System.Logger.Level.WARNING, "can't remove the names of " + segment.name(), e);
    }
  }

  /** Removes what a dead rank 0 has left of a run that this rank had joined. */
  void removeDead(ControlSegment segment) {
    try {
      file.removeIfDead(segment.token());
      SharedSegment.removeIfDead(segment.name());
    } catch (PosixException | BackendFailure e) {
      System.getLogger(ShmMeetingPlace.class.getName())
          .log(System.Logger.Level.DEBUG, "can't remove the names of " + segment.name(), e);
    }
  }

  @Override
  public void idle() {
    LockSupport.parkNanos(this, idleNanos);
    idleNanos = Math.min(LONGEST_IDLE_NANOS, idleNanos * 2);
  }

  @Override
  public Wait.Ending ending() {
    if (Thread.currentThread().isInterrupted()) {
      return Wait.Ending.INTERRUPTED;
    }
    return System.nanoTime() - start >= request.limit().nanos()
        ? Wait.Ending.TIMED_OUT
        : Wait.Ending.NONE;
  }

  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
