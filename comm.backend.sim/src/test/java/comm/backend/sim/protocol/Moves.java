package comm.backend.sim.protocol;

import comm.backend.sim.protocol.Move.Kind;
import comm.backend.sim.protocol.ProcessState.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can happen next in a world.
 *
 * <p>One reduction: where a process is about to do something that nobody else can see, such as
 * asking its own clock, or to read a word that nobody will change any more, only that process is
 * moved. Its step commutes with everything the others could do, a crash included, so other orders
 * lead to the same states. Every loop of the protocols also has a step of another kind, since it
 * waits for a change, so nobody is put off for ever.
 */
final class Moves {

  private Moves() {}

  static List<Move> of(World world) {
    for (int process = 0; process < world.processes.length; process++) {
      ProcessState state = world.processes[process];
      @Nullable Operation pending = state.pending();
      if (state.status() == Status.WOKEN
          || (state.status() == Status.READY
              && pending != null
              && (pending.isPrivate() || isSettled(world, pending))
              && world.hasStarted(process))) {
        List<Move> moves = new ArrayList<>();
        addSteps(world, process, moves);
        return moves;
      }
    }
    return all(world);
  }

  /** Whether a read can only ever have this answer. */
  private static boolean isSettled(World world, Operation pending) {
    if (pending.step() != Step.READ) {
      return false;
    }
    Segment segment = world.segments.get(pending.segment());
    int place = pending.place();
    if (place == ControlLayout.POISON || place == ControlLayout.VERDICT) {
      return segment.get(place) != 0 || (world.scenario.freedom().joined() && world.isFaultless());
    }
    if (!world.scenario.freedom().signals()
        && place >= ControlLayout.signalSleepers(0)
        && place < ControlLayout.signalSleepers(ControlLayout.MAX_RANKS)) {
      return true;
    }
    if (!world.scenario.freedom().joined()) {
      return false;
    }
    for (int process = 0; process < world.processes.length; process++) {
      if (world.processes[process].isOver()
          && world.buffers[process].length == 0
          && (place == ControlLayout.epoch(process) || place == ControlLayout.state(process))) {
        return true;
      }
    }
    return false;
  }

  /** Without the reduction, and in an order where the usual comes first. */
  static List<Move> all(World world) {
    List<Move> moves = new ArrayList<>();
    for (int process = 0; process < world.processes.length; process++) {
      addSteps(world, process, moves);
    }
    for (int process = 0; process < world.processes.length; process++) {
      ProcessState state = world.processes[process];
      if (world.buffers[process].length > 0) {
        moves.add(new Move(process, Kind.DRAIN));
      }
      if (world.crashesLeft > 0
          && !state.isOver()
          && world.scenario.members().get(process).mortal()
          && world.hasStarted(process)) {
        moves.add(new Move(process, Kind.CRASH));
      }
    }
    return moves;
  }

  private static void addSteps(World world, int process, List<Move> moves) {
    ProcessState state = world.processes[process];
    if (!world.hasStarted(process)) {
      return;
    }
    switch (state.status()) {
      case READY -> addReady(world, process, state, moves);
      case WOKEN -> moves.add(new Move(process, Kind.STEP));
      case ASLEEP -> {
        if (world.isTroubled() || isCheckUseful(world, process)) {
          moves.add(new Move(process, Kind.END_SLICE));
        } else if (world.endingsLeft > 0) {
          moves.add(new Move(process, Kind.END_SLICE_EARLY));
        }
        if (world.spuriousLeft > 0) {
          moves.add(new Move(process, Kind.WAKE_SPURIOUSLY));
        }
      }
      case FINISHED, CRASHED -> {}
    }
  }

  private static boolean isCheckUseful(World world, int process) {
    return world.isTroubled() || (!world.scenario.freedom().patience() && world.mayRunOut(process));
  }

  private static void addReady(World world, int process, ProcessState state, List<Move> moves) {
    Operation pending = state.pending();
    if (pending == null) {
      throw new AssertionError("a process that is ready has a next step");
    }
    Scenario.Freedom freedom = world.scenario.freedom();
    boolean isCheckIdle = !freedom.idleChecks() && !isCheckUseful(world, process);
    if (pending.step() != Step.ENDING || !isCheckIdle || world.endingsLeft == 0) {
      moves.add(new Move(process, Kind.STEP));
    }
    switch (pending.step()) {
      case CHECK_DUE -> {
        if (freedom.idleChecks() || world.endingsLeft > 0 || isCheckUseful(world, process)) {
          moves.add(new Move(process, Kind.OTHERWISE));
        }
      }
      case STAY_AWAKE -> moves.add(new Move(process, Kind.OTHERWISE));
      case ENDING -> {
        if (world.endingsLeft > 0) {
          moves.add(new Move(process, isCheckIdle ? Kind.RUN_OUT : Kind.TIME_OUT));
          if (freedom.allEndings()) {
            moves.add(new Move(process, Kind.INTERRUPT));
            moves.add(new Move(process, Kind.CANCEL));
          }
        } else if (!freedom.patience() && world.mayRunOut(process)) {
          moves.add(new Move(process, Kind.RUN_OUT));
        }
      }
      default -> {}
    }
  }
}
