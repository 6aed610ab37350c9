package comm.worker;

/** A task that was submitted. Any thread may use it. */
public final class TaskHandle {

  private final Engine engine;
  private final Work work;

  TaskHandle(Engine engine, Work work) {
    this.engine = engine;
    this.work = work;
  }

  /**
   * The chip that it was submitted to.
   *
   * @return its index among the worker's chips
   */
  public int chip() {
    return work.chip();
  }

  /**
   * Whether it has ended, well or not.
   *
   * @return true if {@link #await} would return or throw at once
   */
  public boolean isDone() {
    if (!work.isEnded()) {
      engine.poll();
    }
    return work.isEnded();
  }

  /**
   * Waits until it has ended. What the chip was asked for before comes first; it, and each of
   * those, is bounded by the worker's task timeout.
   *
   * @throws RemoteChipException if it failed, or another one did before it began
   * @throws WorkerException if the worker can't go on, or this thread is interrupted
   */
  public void await() {
    engine.await(work::isEnded);
    WorkerException failure = work.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /** {@return what it is, and whether it has ended} */
  @Override
  public String toString() {
    return work.describe() + " on chip " + chip() + (work.isEnded() ? " (ended)" : "");
  }
}
