package comm.worker;

import static java.util.Objects.requireNonNull;

import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import comm.worker.wire.Mailbox;
import comm.worker.wire.Mailbox.Control;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The chips of a worker during one run. What one chip is asked for, tasks and copies alike, it does
 * in the order in which it was asked; different chips work at the same time. Once something has
 * failed, what has not begun never begins, and each further call throws the first error.
 *
 * <p>Valid until the orchestration function returns; any of its threads may call.
 */
public final class Orchestrator {

  private final Engine engine;
  private final List<ChipContext> chips;
  private volatile boolean over;

  Orchestrator(Engine engine, List<ChipContext> chips) {
    this.engine = engine;
    this.chips = chips;
  }

  /** The run is over. */
  void end() {
    over = true;
  }

  /**
   * The chips.
   *
   * @return one context a chip, in the order of the worker's configuration
   */
  public List<ChipContext> chips() {
    return chips;
  }

  /**
   * Submits a task, as {@link #submit(int, ChipCallable, TaskArgs, RunConfig)} with the default
   * configuration.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param callable what to run
   * @param args its arguments
   * @return the task
   */
  public TaskHandle submit(int chip, ChipCallable callable, TaskArgs args) {
    return submit(chip, callable, args, RunConfig.DEFAULT);
  }

  /**
   * Submits a task. Doesn't wait.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param callable what to run
   * @param args its arguments
   * @param config how to run it
   * @return the task
   * @throws IllegalArgumentException if the callable is too long to be sent
   * @throws IndexOutOfBoundsException if there is no such chip
   * @throws IllegalStateException if the run is over
   * @throws WorkerException the first error of this run, if something has failed
   */
  public TaskHandle submit(int chip, ChipCallable callable, TaskArgs args, RunConfig config) {
    check(chip);
    Mailbox.check(callable);
    Work work =
        new Work.Task(
            chip,
            callable,
            requireNonNull(args, "args"),
            requireNonNull(config, "config"),
            Optional.empty());
    engine.submit(List.of(work));
    return new TaskHandle(engine, work);
  }

  /**
   * Submits one task to each of several chips. They begin together, once all these chips have done
   * what they were asked for before, or none of them ever begins: so they may wait for each other.
   * Doesn't wait.
   *
   * @param chips different ones, at least one
   * @param callable what to run
   * @param args the arguments of each chip's task, in the order of the chips
   * @return the tasks, in the order of the chips
   * @throws IllegalArgumentException if a chip is there twice, the numbers differ, or the callable
   *     is too long to be sent; nothing has been submitted
   * @throws IndexOutOfBoundsException if there is no such chip; nothing has been submitted
   * @throws IllegalStateException if the run is over
   * @throws WorkerException the first error of this run, if something has failed
   */
  public List<TaskHandle> submitGroup(
      List<Integer> chips, ChipCallable callable, List<TaskArgs> args) {
    if (chips.isEmpty() || chips.size() != args.size()) {
      throw new IllegalArgumentException(
          "a group needs chips, and arguments for each: chips="
              + chips
              + ", arguments of "
              + args.size());
    }
    Set<Integer> seen = new HashSet<>();
    for (int chip : chips) {
      check(chip);
      if (!seen.add(chip)) {
        throw new IllegalArgumentException("chip " + chip + " is twice in the group " + chips);
      }
    }
    Mailbox.check(callable);
    Optional<Work.Group> group = Optional.of(new Work.Group(chips.size()));
    List<Work> works = new ArrayList<>();
    for (int i = 0; i < chips.size(); i++) {
      works.add(
          new Work.Task(
              chips.get(i),
              callable,
              requireNonNull(args.get(i), "args"),
              RunConfig.DEFAULT,
              group));
    }
    engine.submit(works);
    return works.stream().map(work -> new TaskHandle(engine, work)).toList();
  }

  /**
   * Allocates memory on a chip, which stays allocated when the run is over. Waits until the chip
   * has done what it was asked for before.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param bytes at least 1
   * @return its address on the chip
   * @throws IndexOutOfBoundsException if there is no such chip
   * @throws IllegalStateException if the run is over
   * @throws WorkerException if it fails, or something had failed before
   */
  public long malloc(int chip, long bytes) {
    check(chip);
    Work.Memory work = new Work.Memory(chip, Control.MALLOC, bytes);
    run(work);
    return work.result();
  }

  /**
   * Frees memory of {@link #malloc}. Waits until the chip has done what it was asked for before.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param address its address on the chip
   * @throws IndexOutOfBoundsException if there is no such chip
   * @throws IllegalStateException if the run is over
   * @throws WorkerException if it fails, or something had failed before
   */
  public void free(int chip, long address) {
    check(chip);
    run(new Work.Memory(chip, Control.FREE, address));
  }

  /**
   * Copies to a chip. Waits until the chip has done what it was asked for before, and this.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param address on the chip: in its window or of allocated memory
   * @param source what remains in it is copied; its position moves as far as was copied
   * @throws IndexOutOfBoundsException if there is no such chip
   * @throws IllegalStateException if the run is over
   * @throws WorkerException if it fails, or something had failed before
   */
  public void copyTo(int chip, long address, ByteBuffer source) {
    check(chip);
    if (source.hasRemaining()) {
      run(new Work.Copy(chip, true, address, source));
    }
  }

  /**
   * Copies from a chip. Waits until the chip has done what it was asked for before, and this.
   *
   * @param chip 0 ≤ chip &lt; number of chips
   * @param target filled from its position to its limit; its position moves as far as was copied
   * @param address on the chip: in its window, of allocated memory or of its device context
   * @throws IndexOutOfBoundsException if there is no such chip
   * @throws IllegalStateException if the run is over
   * @throws WorkerException if it fails, or something had failed before
   */
  public void copyFrom(int chip, ByteBuffer target, long address) {
    check(chip);
    if (target.hasRemaining()) {
      run(new Work.Copy(chip, false, address, target));
    }
  }

  /**
   * Waits until everything that was submitted has ended.
   *
   * @throws IllegalStateException if the run is over
   * @throws WorkerException the first error of this run, if something has failed
   */
  public void awaitAll() {
    checkNotOver();
    engine.awaitAll();
    engine.throwIfFailed();
  }

  private void run(Work work) {
    engine.submit(List.of(work));
    new TaskHandle(engine, work).await();
  }

  private void check(int chip) {
    checkNotOver();
    if (chip < 0 || chip >= chips.size()) {
      throw new IndexOutOfBoundsException(
          "chip must be 0 to " + (chips.size() - 1) + ", but is " + chip);
    }
  }

  private void checkNotOver() {
    if (over) {
      throw new IllegalStateException("this run is over; its orchestrator can't be used any more");
    }
  }
}
