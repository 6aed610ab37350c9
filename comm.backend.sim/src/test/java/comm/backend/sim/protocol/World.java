package comm.backend.sim.protocol;

import comm.backend.sim.protocol.ProcessState.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a model: all that processes share, and where each of them is. */
final class World {

  static final int NO_FILE = -1;

  private static final long[] NOTHING = {};

  final Scenario scenario;
  final ProcessState[] processes;
  final List<Segment> segments = new ArrayList<>();

  /** Plain writes that only their process sees so far: segment, offset and value of each. */
  final long[][] buffers;

  /** The run that the rootinfo file names. */
  int path = NO_FILE;

  int crashesLeft;
  int endingsLeft;
  int spuriousLeft;

  /** Whether a wait has ended by itself. */
  boolean ended;

  /** The process whose wait ended first, and who had arrived at its barrier by then, as bits. */
  int endedFirst = -1;

  long arrivedWhenEnded;

  World(Scenario scenario) {
    this.scenario = scenario;
    int count = scenario.members().size();
    processes = new ProcessState[count];
    buffers = new long[count][];
    Arrays.fill(buffers, NOTHING);
    crashesLeft = scenario.faults().crashes();
    endingsLeft = scenario.faults().endings();
    spuriousLeft = scenario.faults().spurious();
    if (scenario.freedom().joined()) {
      Segment segment = new Segment(0, scenario.size());
      for (int rank = 0; rank < scenario.size(); rank++) {
        segment.holders[rank] = rank;
        segment.set(ControlLayout.state(rank), ControlLayout.JOINED);
      }
      segments.add(segment);
    }
    ProcessState unborn =
        new ProcessState(
            Status.READY, null, null, 0, null, 0, Execution.NO_BELL, 0, 0, 0, List.of());
    Arrays.fill(processes, unborn);
    for (int process = 0; process < count; process++) {
      replay(process, null);
    }
  }

  private World(World other) {
    scenario = other.scenario;
    processes = other.processes.clone();
    buffers = other.buffers.clone();
    for (Segment segment : other.segments) {
      segments.add(segment.copy());
    }
    path = other.path;
    crashesLeft = other.crashesLeft;
    endingsLeft = other.endingsLeft;
    spuriousLeft = other.spuriousLeft;
    ended = other.ended;
    endedFirst = other.endedFirst;
    arrivedWhenEnded = other.arrivedWhenEnded;
  }

  World copy() {
    return new World(this);
  }

  void replay(int process, @Nullable History history) {
    Scenario.Member member = scenario.members().get(process);
    processes[process] =
        Execution.replay(member.program(), member.rank(), history, processes[process]);
  }

  boolean hasStarted(int process) {
    for (int earlier : scenario.members().get(process).after()) {
      if (!processes[earlier].isOver()) {
        return false;
      }
    }
    return true;
  }

  boolean isOver() {
    for (ProcessState process : processes) {
      if (!process.isOver()) {
        return false;
      }
    }
    return true;
  }

  boolean hasCrashed(int process) {
    return processes[process].status() == Status.CRASHED;
  }

  boolean someoneCrashed() {
    for (ProcessState process : processes) {
      if (process.status() == Status.CRASHED) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing went wrong, and nothing will. */
  boolean isFaultless() {
    return scenario.isFaultless() && !isTroubled();
  }

  /** Whether something happened that ranks find out by looking, or by running out of time. */
  boolean isTroubled() {
    return ended || isSomeoneGone();
  }

  /** Whether a rank has crashed or left, which the others find out by asking for its lock. */
  boolean isSomeoneGone() {
    if (someoneCrashed()) {
      return true;
    }
    for (Segment segment : segments) {
      for (int rank = 0; rank < segment.size(); rank++) {
        if (segment.get(ControlLayout.state(rank)) == ControlLayout.LEFT) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a wait that is bound to fail may do so now, so that nobody needs a clock. */
  boolean mayRunOut(int process) {
    boolean othersAreOver = true;
    for (int other = 0; other < processes.length; other++) {
      if (other == process || scenario.members().get(process).after().contains(other)) {
        continue;
      }
      othersAreOver &= processes[other].isOver();
      if (processes[other].status() == Status.CRASHED) {
        return true;
      }
      for (Conclusion conclusion : processes[other].conclusions()) {
        if (!conclusion.what().equals(RendezvousScenarios.FORMED)) {
          return true;
        }
      }
    }
    return othersAreOver || (ended && scenario.faults().endings() > 0);
  }

  long poison(int segment) {
    return segments.get(segment).get(ControlLayout.POISON);
  }

  /** Bells only matter to those who are about to sleep until they ring. */
  private boolean hasBellRung(ProcessState process) {
    if (process.bell() == Execution.NO_BELL || process.isOver()) {
      return false;
    }
    for (History at = process.history(); at != null; at = at.before()) {
      Operation operation = at.operation();
      if (operation.step() == Step.READ && Execution.isBell(operation.place())) {
        return segments.get(operation.segment()).get(operation.place()) != process.bell();
      }
    }
    return false;
  }

  long hash(long seed) {
    long hash = seed;
    for (int i = 0; i < processes.length; i++) {
      ProcessState process = processes[i];
      hash = Hash.mix(hash, process.hash());
      hash = Hash.mix(hash, Hash.code(process.status()));
      hash = Hash.mix(hash, hasBellRung(process) ? 1 : 0);
      for (long stored : buffers[i]) {
        hash = Hash.mix(hash, stored);
      }
    }
    for (Segment segment : segments) {
      hash = segment.hash(hash);
    }
    hash = Hash.mix(hash, path);
    hash = Hash.mix(hash, (crashesLeft * 16L + endingsLeft) * 16 + spuriousLeft);
    return Hash.mix(Hash.mix(hash, endedFirst + (ended ? 64 : 0)), arrivedWhenEnded);
  }
}
