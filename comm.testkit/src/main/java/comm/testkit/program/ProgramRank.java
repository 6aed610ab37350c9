package comm.testkit.program;

import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One rank's part of a {@link Program}, done on a communicator and compared with the model. */
public final class ProgramRank {

  /** How many bytes of a difference are shown. */
  private static final int SHOWN = 16;

  private final Program program;
  private final Communicator communicator;
  private final ReferenceModel model;
  private final Map<Integer, WindowSet> open = new TreeMap<>();

  /** For each set the ranks that have it open. */
  private final List<boolean[]> holders = new ArrayList<>();

  private ProgramRank(Program program, Communicator communicator) {
    this.program = program;
    this.communicator = communicator;
    this.model = new ReferenceModel(program.size());
  }

  /**
   * Does the steps of the communicator's rank, compares each result, meets all others, compares all
   * bytes of its own windows and of those whose next holder it is, and closes its windows. Blocks
   * as the communicator does, with the timeout of its configuration. After a failure windows may be
   * open still; closing the communicator closes them.
   *
   * @param program the same on every rank
   * @param communicator open, with as many ranks; not closed
   * @throws ProgramFailure if a result or a byte is wrong, or a step throws
   * @throws IllegalArgumentException if the sizes differ
   */
  public static void run(Program program, Communicator communicator) {
    if (program.size() != communicator.size()) {
      throw new IllegalArgumentException(
          "a program of " + program.size() + " ranks can't run on " + communicator);
    }
    new ProgramRank(program, communicator).run();
  }

  private void run() {
    List<Step> steps = program.steps();
    // All of it before the first step, so that between steps nothing delays a rank.
    List<byte[]> expected = new ArrayList<>();
    for (Step step : steps) {
      byte[] result = model.run(step);
      expected.add(isOwn(step) ? result : Access.NOTHING);
    }
    for (int number = 0; number < steps.size(); number++) {
      run(number, steps.get(number), expected.get(number));
    }
    perform("the last barrier", communicator::barrier);
    open.forEach(this::compareWindows);
    open.forEach((set, windows) -> perform("the end: close of set " + set, windows::close));
  }

  private boolean isOwn(Step step) {
    return step instanceof Access access && access.place().rank() == communicator.rank();
  }

  private void run(int number, Step step, byte[] expected) {
    String name = "step " + number + ", " + step;
    if (step instanceof Step.Allocate allocate) {
      WindowSet windows = attempt(name, () -> communicator.allocateWindows(allocate.bytes()));
      open.put(holders.size(), windows);
      boolean[] all = new boolean[program.size()];
      Arrays.fill(all, true);
      holders.add(all);
    } else if (step instanceof Step.Barrier) {
      perform(name, communicator::barrier);
    } else if (step instanceof CloseSet close) {
      holders.get(close.set())[close.rank()] = false;
      if (close.rank() == communicator.rank()) {
        WindowSet windows = set(close.set());
        open.remove(close.set());
        perform(name, windows::close);
      }
    } else if (step instanceof Access access && isOwn(step)) {
      Window window = set(access.place().set()).of(access.place().target());
      byte[] actual = attempt(name, () -> access.perform(window));
      if (program.isExact(number)) {
        compare("step " + number, access, expected, actual);
      } else if (access instanceof Await await && !await.holds(actual)) {
        throw new ProgramFailure(name + " returned " + await.show(actual));
      }
    }
  }

  private WindowSet set(int number) {
    WindowSet windows = open.get(number);
    if (windows == null) {
      throw new IllegalStateException("set " + number + " is not open");
    }
    return windows;
  }

  private void perform(String name, Runnable call) {
    attempt(
        name,
        () -> {
          call.run();
          return Access.NOTHING;
        });
  }

  private <T> T attempt(String name, Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw new ProgramFailure(
          name + ": rank " + communicator.rank() + " of " + program.size() + ": " + e, e);
    }
  }

  private void compareWindows(int set, WindowSet windows) {
    for (int target = 0; target < program.size(); target++) {
      if (target == communicator.rank() || nextHolder(set, target) == communicator.rank()) {
        int bytes = model.memory(set, target).capacity();
        Access.Get get = new Access.Get(new Place(communicator.rank(), set, target, 0), bytes);
        Window window = windows.of(target);
        byte[] actual = attempt("the end, " + get, () -> get.perform(window));
        compare("the end", get, model.run(get), actual);
      }
    }
  }

  /** The first rank after this one that has the set open; itself if no other has. */
  private int nextHolder(int set, int rank) {
    int next = (rank + 1) % program.size();
    while (next != rank && !holders.get(set)[next]) {
      next = (next + 1) % program.size();
    }
    return next;
  }

  /** Package-private for a test of the words. */
  static void compare(String when, Access access, byte[] expected, byte[] actual) {
    int first = Arrays.mismatch(expected, actual);
    if (first < 0) {
      return;
    }
    // Of a word all of it, of more bytes a few from the first difference on.
    int from = access.length() <= SHOWN ? 0 : first;
    int to = Math.min(from + SHOWN, access.length());
    boolean whole = !(access instanceof Access.Get);
    Place place = access.place();
    throw new ProgramFailure(
        "%s: rank %d %s window %d of set %d [%d, %d): expected %s, but was %s"
            .formatted(
                when,
                place.rank(),
                access.deed(),
                place.target(),
                place.set(),
                place.offset() + from,
                place.offset() + to,
                access.show(whole ? expected : Arrays.copyOfRange(expected, from, to)),
                access.show(whole ? actual : Arrays.copyOfRange(actual, from, to))));
  }
}
