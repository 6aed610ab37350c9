package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Whatever a program is made of, any order of ranks gives the same. */
@Tag("once")
class FittingProperties {

  @Provide
  Arbitrary<Program> programs() {
    return Programs.upTo(20).withRanks(1, 6).arbitrary();
  }

  /** Accesses by numbers that hardly ever fit. */
  @Provide
  Arbitrary<List<Access>> accesses() {
    return access().list().ofMaxSize(15);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> others =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-5, 5000).map(Step.Allocate::new),
            Arbitraries.longs().between(1, 70).map(Step.Allocate::new),
            Combinators.combine(Arbitraries.integers(), Arbitraries.integers()).as(CloseSet::new),
            Arbitraries.create(Step.Barrier::new));
    return Arbitraries.<Step>oneOf(access(), access(), access(), others).list().ofMaxSize(25);
  }

  private static Arbitrary<Access> access() {
    Arbitrary<Integer> ints = Arbitraries.integers();
    Arbitrary<Long> longs = Arbitraries.longs();
    Arbitrary<Long> near = Arbitraries.longs().between(-2, 70);
    Arbitrary<Place> places =
        Combinators.combine(ints, ints, ints, Arbitraries.oneOf(near, longs)).as(Place::new);
    Arbitrary<Integer> lengths = Arbitraries.oneOf(ints, Arbitraries.integers().between(-1, 20));
    Arbitrary<Long> values = Arbitraries.oneOf(longs, Arbitraries.longs().between(-2, 2));
    return Arbitraries.oneOf(
        Combinators.combine(places, lengths, ints).as(Access.Put::new),
        Combinators.combine(places, lengths).as(Access.Get::new),
        Combinators.combine(places, values).as(Atomic.Add::new),
        Combinators.combine(places, values).as(Atomic.GetAndSet::new),
        Combinators.combine(places, values, values).as(Atomic.CompareAndSet::new),
        Combinators.combine(places, values).as(Signalling.Signal::new),
        Combinators.combine(places, values).as(Signalling.SignalAdd::new),
        Combinators.combine(places, Arbitraries.of(Comparison.class), values).as(Await::new));
  }

  @Property
  void fitting_a_program_changes_nothing(@ForAll("programs") Program program) {
    assertEquals(program, Program.fitted(program.size(), program.steps()));
  }

  @Property
  void ranks_in_any_order_get_to_the_end_with_the_same_results(
      @ForAll("programs") Program program, @ForAll Random random) {
    new Schedule(program, Schedule.Mistake.NONE, random).check();
  }

  @Property
  void a_program_is_made_of_any_steps(
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(min = 1, max = 5) int size,
      @ForAll Random random) {
    Program program = Program.fitted(size, steps);
    assertEquals(program, Program.fitted(size, program.steps()));
    new Schedule(program, Schedule.Mistake.NONE, random).check();
  }

  @Property
  void no_access_is_left_out_where_windows_have_room_for_it(
      @ForAll("accesses") List<Access> accesses, @ForAll @IntRange(min = 1, max = 5) int size) {
    List<Step> raw = new ArrayList<>();
    raw.add(new Step.Allocate(64));
    raw.addAll(accesses);
    List<Step> fitted =
        Program.fitted(size, raw).steps().stream()
            .filter(step -> !(step instanceof Step.Barrier))
            .toList();
    assertEquals(
        raw.stream().map(Object::getClass).toList(),
        fitted.stream().map(Object::getClass).toList());
  }

  @Property(tries = 200)
  void drawn_programs_keep_to_the_ranks_and_operations_they_may_have(
      @ForAll("plain") Program program) {
    assertTrue(3 <= program.size() && program.size() <= 5, program::toCode);
    for (Step step : program.steps()) {
      assertTrue(!(step instanceof Atomic || step instanceof Signalling.SignalAdd), step::toString);
    }
  }

  @Provide
  Arbitrary<Program> plain() {
    return Programs.upTo(10)
        .withRanks(3, 5)
        .without(Operation.ATOMICS)
        .without(Operation.SIGNAL_ADD)
        .arbitrary();
  }
}
