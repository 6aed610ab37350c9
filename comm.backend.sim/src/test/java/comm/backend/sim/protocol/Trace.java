package comm.backend.sim.protocol;

import java.util.ArrayList;
import java.util.List;

/** Moves as lines that people can read. */
final class Trace {

  private Trace() {}

  static List<String> of(Scenario scenario, List<Move> moves) {
    World world = new World(scenario);
    List<String> lines = new ArrayList<>();
    for (Move move : moves) {
      String what = Physics.apply(world, move, true);
      lines.add(scenario.members().get(move.process()).name() + ": " + what);
    }
    lines.add("then " + status(world));
    return lines;
  }

  private static String status(World world) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < world.processes.length; i++) {
      ProcessState process = world.processes[i];
      String conclusions = process.conclusions().isEmpty() ? "" : " " + process.conclusions();
      Operation pending = process.pending();
      all.add(
          world.scenario.members().get(i).name()
              + " "
              + process.status()
              + (pending == null || process.isOver() ? "" : " before " + pending.step())
              + conclusions);
    }
    return String.join(", ", all);
  }
}
