package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Programs against schedulers that know nothing of clocks: any order of ranks gives the same. */
class FittingProperties {

  @Provide
  Arbitrary<Program> programs() {
    return Programs.upTo(20).withRanks(1, 6).arbitrary();
  }

  @Property
  void fitting_a_program_changes_nothing(@ForAll("programs") Program program) {
    assertEquals(program, Program.fitted(program.size(), program.steps()));
  }

  @Property
  void ranks_in_any_order_get_to_the_end_with_the_same_results(
      @ForAll("programs") Program program, @ForAll Random random) {
    List<Step> steps = program.steps();
    int[] next = new int[program.size()];
    ReferenceModel memory = new ReferenceModel(program.size());
    ReferenceModel model = new ReferenceModel(program.size());
    List<byte[]> expected = new ArrayList<>();
    for (Step step : steps) {
      expected.add(model.run(step));
      if (step instanceof Step.Allocate) {
        memory.run(step);
      }
    }
    while (true) {
      boolean meeting = true;
      boolean ended = true;
      List<Integer> ready = new ArrayList<>();
      for (int rank = 0; rank < next.length; rank++) {
        while (next[rank] < steps.size() && !concerns(steps.get(next[rank]), rank)) {
          next[rank]++;
        }
        if (next[rank] == steps.size()) {
          meeting = false;
          continue;
        }
        ended = false;
        Step step = steps.get(next[rank]);
        meeting &= step instanceof Step.Barrier;
        if (!(step instanceof Step.Barrier) && !waits(step, memory)) {
          ready.add(rank);
        }
      }
      if (ended) {
        break;
      }
      if (meeting) {
        for (int rank = 0; rank < next.length; rank++) {
          next[rank]++;
        }
        continue;
      }
      assertTrue(!ready.isEmpty(), "no rank can go on");
      int rank = ready.get(random.nextInt(ready.size()));
      int number = next[rank]++;
      byte[] result = steps.get(number) instanceof Access access ? memory.run(access) : new byte[0];
      if (program.isExact(number)) {
        assertArrayEquals(expected.get(number), result, () -> "step " + number);
      }
    }
    int set = 0;
    for (Step step : steps) {
      if (step instanceof Step.Allocate) {
        for (int rank = 0; rank < program.size(); rank++) {
          assertEquals(
              model.memory(set, rank).clear(), memory.memory(set, rank).clear(), "at the end");
        }
        set++;
      }
    }
  }

  private static boolean concerns(Step step, int rank) {
    if (step instanceof Access access) {
      return access.place().rank() == rank;
    }
    return !(step instanceof CloseSet close) || close.rank() == rank;
  }

  private static boolean waits(Step step, ReferenceModel memory) {
    if (step instanceof Await await) {
      ByteBuffer window = memory.memory(await.place().set(), await.place().target());
      return !await.holds(Results.of(window.getLong(await.place().index())));
    }
    return false;
  }
}
