package comm.backend.sim.protocol;

import comm.backend.sim.protocol.ProcessState.Status;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a world changes by a move: memory, store buffers, futexes, kernel locks and file names. */
final class Physics {

  private static final int ENTRY = 3;

  private final World world;
  private final int process;

  private Physics(World world, int process) {
    this.world = world;
    this.process = process;
  }

  /**
   * Changes the world.
   *
   * @return what happened, for a trace
   */
  static String apply(World world, Move move, boolean describe) {
    return new Physics(world, move.process()).apply(move.kind(), describe);
  }

  private String apply(Move.Kind kind, boolean describe) {
    ProcessState state = world.processes[process];
    switch (kind) {
      case CRASH -> {
        crash();
        return "is killed";
      }
      case WAKE_SPURIOUSLY -> {
        world.spuriousLeft--;
        world.processes[process] = state.with(Status.WOKEN);
        return "wakes up for no reason";
      }
      case END_SLICE, END_SLICE_EARLY -> {
        world.processes[process] = state.with(Status.WOKEN);
        return "has slept its slice";
      }
      case DRAIN -> {
        int offset = (int) world.buffers[process][1];
        long value = drainOne();
        return describe ? "write of " + Cells.name(offset) + "=" + value + " gets visible" : "";
      }
      default -> {
        Operation pending = Objects.requireNonNull(state.pending());
        if (pending.step() == Step.SLEEP
            && state.status() == Status.READY
            && load(pending.segment(), pending.place(), false) == (int) pending.first()) {
          world.processes[process] = state.with(Status.ASLEEP);
          return describe ? "falls asleep on " + Cells.name(pending.place()) : "";
        }
        long answer = perform(pending, kind);
        // A step may change this process's own state, but never its history.
        world.replay(process, History.append(state.history(), pending, answer));
        return describe ? pending.describe(answer) : "";
      }
    }
  }

  private void crash() {
    while (world.buffers[process].length > 0) {
      drainOne();
    }
    world.crashesLeft--;
    release();
    world.processes[process] = world.processes[process].crashed();
  }

  private void release() {
    for (Segment segment : world.segments) {
      segment.release(process);
      if (segment.fileHolder == process) {
        segment.fileHolder = Segment.NOBODY;
      }
    }
  }

  private long perform(Operation operation, Move.Kind kind) {
    int place = operation.place();
    int run = operation.segment();
    @Nullable Segment segment = run < 0 ? null : world.segments.get(run);
    return switch (operation.step()) {
      case READ -> load(run, place, true);
      case WRITE -> {
        store(run, place, operation.first());
        yield 0;
      }
      case PUBLISH -> {
        drain();
        of(segment).set(place, operation.first());
        yield 0;
      }
      case REPLACE -> {
        drain();
        boolean expected = of(segment).get(place) == operation.first();
        if (expected) {
          of(segment).set(place, operation.second());
        }
        yield expected ? 1 : 0;
      }
      case ADD -> {
        drain();
        of(segment).set(place, of(segment).get(place) + operation.first());
        yield 0;
      }
      case CHECK_DUE -> kind == Move.Kind.OTHERWISE ? 1 : 0;
      case STAY_AWAKE -> kind == Move.Kind.OTHERWISE ? 0 : 1;
      case ENDING -> ending(kind, run);
      case SLEEP, IDLE -> 0;
      case WAKE -> {
        wake(run, place);
        yield 0;
      }
      case IS_HELD -> {
        int holder = of(segment).holders[place];
        yield holder == Segment.NOBODY || holder == process ? 0 : 1;
      }
      case CLAIM -> {
        boolean free = of(segment).holders[place] == Segment.NOBODY;
        if (free) {
          of(segment).holders[place] = process;
        }
        yield free ? 1 : 0;
      }
      case CLOSE -> {
        drain();
        of(segment).release(process);
        yield 0;
      }
      case CREATE -> {
        world.segments.add(new Segment(process, place));
        yield world.segments.size() - 1;
      }
      case ATTACH -> of(segment).named ? run : -1;
      case REMOVE_NAME -> {
        of(segment).named = false;
        yield 0;
      }
      case IS_SEGMENT_HELD -> of(segment).isHeldByOther(process) ? 1 : 0;
      case LINK -> {
        boolean free = world.path == World.NO_FILE;
        if (free) {
          world.path = run;
          of(segment).fileHolder = process;
        }
        yield free ? 1 : 0;
      }
      case OPEN_FILE -> world.path;
      case IS_FILE_LOCKED -> {
        int holder = of(segment).fileHolder;
        yield holder == Segment.NOBODY || holder == process ? 0 : 1;
      }
      case LOCK_FILE -> {
        boolean free = of(segment).fileHolder == Segment.NOBODY;
        if (free) {
          of(segment).fileHolder = process;
        }
        yield free ? 1 : 0;
      }
      case UNLOCK_FILE -> {
        if (of(segment).fileHolder == process) {
          of(segment).fileHolder = Segment.NOBODY;
        }
        yield 0;
      }
      case IS_AT_PATH -> world.path == run ? 1 : 0;
      case REMOVE_FILE -> {
        world.path = World.NO_FILE;
        yield 0;
      }
    };
  }

  private static Segment of(@Nullable Segment segment) {
    return Objects.requireNonNull(segment, "the step is about a segment");
  }

  private long ending(Move.Kind kind, int run) {
    Wait.Ending ending =
        switch (kind) {
          case TIME_OUT, RUN_OUT -> Wait.Ending.TIMED_OUT;
          case INTERRUPT -> Wait.Ending.INTERRUPTED;
          case CANCEL -> Wait.Ending.CANCELLED;
          default -> Wait.Ending.NONE;
        };
    if (ending != Wait.Ending.NONE) {
      if (world.endingsLeft > 0) {
        world.endingsLeft--;
      }
      world.ended = true;
      if (run >= 0 && world.endedFirst < 0) {
        world.endedFirst = process;
        world.arrivedWhenEnded = arrived(world.processes[process].arrived());
      }
    }
    return Hash.code(ending);
  }

  private long arrived(int barriers) {
    long ranks = 0;
    for (int other = 0; other < world.processes.length; other++) {
      if (world.processes[other].arrived() >= barriers) {
        ranks |= 1L << world.scenario.members().get(other).rank();
      }
    }
    return ranks;
  }

  private void wake(int segment, int place) {
    for (int other = 0; other < world.processes.length; other++) {
      ProcessState state = world.processes[other];
      Operation pending = state.pending();
      if (state.status() == Status.ASLEEP
          && pending != null
          && pending.segment() == segment
          && pending.place() == place) {
        world.processes[other] = state.with(Status.WOKEN);
      }
    }
  }

  private long load(int segment, int offset, boolean ownFirst) {
    if (ownFirst) {
      long[] buffer = world.buffers[process];
      for (int i = buffer.length - ENTRY; i >= 0; i -= ENTRY) {
        if (buffer[i] == segment && buffer[i + 1] == offset) {
          return buffer[i + 2];
        }
      }
      return world.segments.get(segment).get(offset);
    }
    return (int) world.segments.get(segment).get(offset);
  }

  private void store(int segment, int offset, long value) {
    if (!world.scenario.freedom().storeBuffers()) {
      world.segments.get(segment).set(offset, value);
      return;
    }
    long[] buffer = world.buffers[process];
    long[] longer = Arrays.copyOf(buffer, buffer.length + ENTRY);
    longer[buffer.length] = segment;
    longer[buffer.length + 1] = offset;
    longer[buffer.length + 2] = value;
    world.buffers[process] = longer;
  }

  private void drain() {
    while (world.buffers[process].length > 0) {
      drainOne();
    }
  }

  private long drainOne() {
    long[] buffer = world.buffers[process];
    world.segments.get((int) buffer[0]).set((int) buffer[1], buffer[2]);
    world.buffers[process] = Arrays.copyOfRange(buffer, ENTRY, buffer.length);
    return buffer[2];
  }
}
