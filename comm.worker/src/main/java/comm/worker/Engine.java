package comm.worker;

import comm.worker.wire.Mailbox;
import comm.worker.wire.RemoteFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves work through the mailboxes of all chips. Whoever waits does the moving; while nobody waits
 * and something is queued behind something else, a thread of the engine's own does. Any thread may
 * call.
 *
 * <p>Work of one chip is done in the order in which it was submitted. The members of a group begin
 * when all their chips have come to them, and groups were submitted one after the other, so none
 * waits for one that waits for it.
 */
final class Engine {

  /** How often the engine's own thread looks while nobody waits. */
  private static final long BACKGROUND_NANOS = 200_000;

  private final List<Lane> lanes;
  private final Duration taskTimeout;
  private final boolean spins;
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread background = new Thread(this::moveInBackground, "comm-worker-engine");

  private @Nullable WorkerException firstError;

  /** Why nothing can be asked for any more. */
  private volatile @Nullable WorkerException broken;

  private volatile boolean queued;
  private volatile boolean closed;

  Engine(List<Lane> lanes, Duration taskTimeout, boolean spins) {
    this.lanes = List.copyOf(lanes);
    this.taskTimeout = taskTimeout;
    this.spins = spins;
    background.setDaemon(true);
    background.start();
  }

  /**
   * Takes in work that belongs together, all of it or nothing.
   *
   * @throws WorkerException the first error of this run, if there was one
   */
  void submit(List<? extends Work> works) {
    lock.lock();
    try {
      throwIfFailed();
      for (Work work : works) {
        lanes.get(work.chip()).queue().add(work);
      }
      move();
    } finally {
      lock.unlock();
    }
    if (queued) {
      LockSupport.unpark(background);
    }
  }

  /** Throws the first error of this run, if there was one. */
  void throwIfFailed() {
    lock.lock();
    try {
      if (firstError != null) {
        throw firstError;
      }
      if (broken != null) {
        throw broken;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Moves what can be moved, without waiting. */
  void poll() {
    boolean unused = moveOnce();
  }

  /** Waits until something is so, and moves work meanwhile. */
  void await(BooleanSupplier done) {
    Idle idle = new Idle(spins);
    while (!done.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new WorkerException(
            "interrupted while chips work; nobody knows when they are free again: close the worker",
            null);
      }
      if (moveOnce()) {
        idle.reset();
      } else {
        idle.pause();
      }
    }
  }

  private boolean moveOnce() {
    lock.lock();
    try {
      return move();
    } finally {
      lock.unlock();
    }
  }

  private void moveInBackground() {
    while (!closed) {
      if (queued) {
        moveOnce();
        LockSupport.parkNanos(this, BACKGROUND_NANOS);
      } else {
        LockSupport.park(this);
      }
    }
  }

  /** Takes answers and begins what can begin; whether anything moved. The lock is held. */
  private boolean move() {
    boolean moved = false;
    boolean waiting = false;
    for (Lane lane : lanes) {
      moved |= take(lane);
      moved |= begin(lane);
      waiting |= !lane.queue().isEmpty();
    }
    queued = waiting;
    return moved;
  }

  private boolean take(Lane lane) {
    Work work = lane.current();
    if (work == null) {
      return false;
    }
    Mailbox mailbox = lane.mailbox();
    int state = mailbox.state();
    if (state == Mailbox.State.TASK_DONE || state == Mailbox.State.CONTROL_DONE) {
      mailbox.idle();
      if (mailbox.errorCode() != 0) {
        fail(work, remote(lane, work));
        lane.endCurrent();
      } else if (work.take(mailbox)) {
        work.end(null);
        lane.endCurrent();
      } else {
        lane.post(work);
      }
      return true;
    }
    if (System.nanoTime() - lane.started() > taskTimeout.toNanos()) {
      breakWith(tooLong(lane, work));
    }
    return false;
  }

  private boolean begin(Lane lane) {
    boolean moved = false;
    while (lane.current() == null && !lane.queue().isEmpty()) {
      Work next = lane.queue().element();
      Work.Group group = next.group().orElse(null);
      if (firstError != null) {
        // Its results would be thrown away. Groups begin on all their chips at once, so none has.
        lane.dropHead();
        next.end(firstError);
      } else if (group == null) {
        lane.begin();
      } else {
        if (!lane.hasArrived()) {
          lane.arrive();
          group.arrive();
        }
        if (!group.isComplete()) {
          return moved;
        }
        beginAll(group);
      }
      moved = true;
    }
    return moved;
  }

  private void beginAll(Work.Group group) {
    for (Lane lane : lanes) {
      Work head = lane.queue().peek();
      if (head != null && head.group().orElse(null) == group) {
        lane.begin();
      }
    }
  }

  private void fail(Work work, WorkerException error) {
    work.end(error);
    failRun(error);
  }

  /** Nothing that has not begun begins any more in this run; the first reason stays. */
  void failRun(WorkerException error) {
    lock.lock();
    try {
      if (firstError == null) {
        firstError = error;
      } else if (firstError != error) {
        firstError.addSuppressed(error);
      }
    } finally {
      lock.unlock();
    }
  }

  private static RemoteChipException remote(Lane lane, Work work) {
    Mailbox mailbox = lane.mailbox();
    Optional<RemoteFailure> failure = mailbox.failure();
    return new RemoteChipException(
        lane.index(),
        work.step(),
        lane.describe()
            + ": "
            + work.describe()
            + " failed (code="
            + mailbox.errorCode()
            + "): "
            + failure.map(RemoteFailure::toString).orElse("it could not be told why"),
        mailbox.errorCode(),
        failure);
  }

  private WorkerTimeoutException tooLong(Lane lane, Work work) {
    return new WorkerTimeoutException(
        List.of(lane.index()),
        lane.describe()
            + ": "
            + work.describe()
            + " has not ended after "
            + taskTimeout.toMillis() / 1000.0
            + " s (the worker's task timeout); close the worker, and see what the chip does (its last"
            + " step: "
            + lane.mailbox().step()
            + ") or raise the timeout");
  }

  /** Ends everything that is not ended, now and from here on; the first reason stays. */
  void breakWith(WorkerException why) {
    lock.lock();
    try {
      if (broken != null) {
        return;
      }
      broken = why;
      for (Lane lane : lanes) {
        Work current = lane.current();
        if (current != null) {
          lane.endCurrent();
          current.end(why);
        }
        lane.queue().forEach(work -> work.end(why));
        lane.queue().clear();
      }
      failRun(why);
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing can be asked for any more, if that is so. */
  @Nullable WorkerException broken() {
    return broken;
  }

  /** Waits until nothing is queued or runs. */
  void awaitAll() {
    await(this::isQuiet);
  }

  private boolean isQuiet() {
    lock.lock();
    try {
      return lanes.stream().allMatch(lane -> lane.current() == null && lane.queue().isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /** The first error since the last call; it is forgotten, and the next run begins without one. */
  @Nullable WorkerException takeFirstError() {
    lock.lock();
    try {
      WorkerException error = firstError;
      firstError = null;
      return error;
    } finally {
      lock.unlock();
    }
  }

  /** What a chip is asked for at this moment, for messages. */
  Optional<String> currentOf(int chip) {
    lock.lock();
    try {
      Work work = lanes.get(chip).current();
      return work == null ? Optional.empty() : Optional.of(work.describe());
    } finally {
      lock.unlock();
    }
  }

  void close() {
    closed = true;
    LockSupport.unpark(background);
  }
}
