package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.Comparison;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ProgramTest {

  private static void assertRefused(String reason, Supplier<?> call) {
    assertEquals(reason, assertThrows(IllegalArgumentException.class, call::get).getMessage());
  }

  @Test
  void the_code_is_the_calls_with_their_numbers() {
    Program program =
        Program.of(2)
            .allocate(64)
            .barrier()
            .put(0, 0, 1, 8, 2, 1)
            .compareAndSet(1, 0, 1, 16, 0, -5)
            .signalAdd(0, 0, 1, 24, 3)
            .await(1, 0, 1, 24, Comparison.GE, 3)
            .close(1, 0)
            .end();
    assertEquals(
        """
        Program.of(2)
            .allocate(64) // 0
            .barrier() // 1
            .put(0, 0, 1, 8, 2, 1) // 2
            .compareAndSet(1, 0, 1, 16, 0L, -5L) // 3
            .signalAdd(0, 0, 1, 24, 3L) // 4
            .await(1, 0, 1, 24, Comparison.GE, 3L) // 5
            .close(1, 0) // 6
            .end()""",
        program.toString());
  }

  @Test
  void a_program_comes_back_from_its_serial_form() throws IOException, ClassNotFoundException {
    Program program =
        Program.of(3)
            .allocate(64)
            .barrier()
            .put(0, 0, 1, 8, 2, 1)
            .get(2, 0, 2, 0, 4)
            .add(1, 0, 0, 16, 1)
            .add(2, 0, 0, 16, 1)
            .getAndSet(2, 0, 2, 32, 4)
            .compareAndSet(1, 0, 1, 24, 0, 5)
            .signal(0, 0, 2, 40, 7)
            .await(2, 0, 2, 40, Comparison.EQ, 7)
            .signalAdd(0, 0, 1, 48, 3)
            .barrier()
            .close(1, 0)
            .end();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(program);
    }
    Program back;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      back = (Program) in.readObject();
    }
    assertEquals(program, back);
    assertEquals(program.hashCode(), back.hashCode());
    assertFalse(back.isExact(4), "an addition while another rank adds");
    assertTrue(back.isExact(6), "an exchange that nobody meets");
  }

  @Test
  void programs_of_other_sizes_or_steps_are_others() {
    Program program = Program.of(2).allocate(8).end();
    assertNotEquals(program, Program.of(3).allocate(8).end());
    assertNotEquals(program, Program.of(2).allocate(16).end());
    assertNotEquals(program, Program.of(2).allocate(8).barrier().end());
  }

  @Test
  void what_is_added_later_is_not_in_a_program_that_has_ended() {
    ProgramBuilder builder = Program.of(1).allocate(8);
    Program before = builder.end();
    Program after = builder.barrier().end();
    assertEquals(1, before.steps().size());
    assertEquals(2, after.steps().size());
  }

  @Test
  void numbers_of_ranks_that_cannot_be_are_refused() {
    assertRefused("size must be 1 to 64, but is 0", () -> Program.of(0));
    assertRefused("size must be 1 to 64, but is 65", () -> Program.of(65));
  }

  @Test
  void a_step_without_windows_is_refused() {
    assertRefused(
        "step 0, get(0, 0, 0, 0, 1): nothing has been allocated",
        () -> Program.of(1).get(0, 0, 0, 0, 1));
  }

  @Test
  void a_step_that_does_not_fit_is_refused_with_one_that_does() {
    ProgramBuilder builder = Program.of(2).allocate(16);
    assertRefused(
        "step 1, put(2, 0, 1, 0, 1, 1): doesn't fit; this would: put(0, 0, 1, 0, 1, 1)",
        () -> builder.put(2, 0, 1, 0, 1, 1));
    assertRefused(
        "step 1, get(0, 0, 1, 12, 5): doesn't fit; this would: get(0, 0, 1, 11, 5)",
        () -> builder.get(0, 0, 1, 12, 5));
    assertRefused(
        "step 1, add(0, 0, 0, 4, 1L): doesn't fit; this would: add(0, 0, 0, 0, 1L)",
        () -> builder.add(0, 0, 0, 4, 1));
    assertRefused(
        "step 1, await(0, 0, 0, 0, Comparison.GT, 0L): doesn't fit; this would:"
            + " await(0, 0, 0, 0, Comparison.EQ, 0L)",
        () -> builder.await(0, 0, 0, 0, Comparison.GT, 0));
    assertRefused(
        "step 1, allocate(0): doesn't fit; this would: allocate(1)", () -> builder.allocate(0));
    assertRefused(
        "step 1, allocate(1048577): doesn't fit; this would: allocate(1048576)",
        () -> builder.allocate(1048577));
    assertEquals(1, builder.end().steps().size(), "what was refused has left nothing");
  }

  @Test
  void a_long_in_windows_that_are_too_small_is_refused() {
    assertRefused(
        "step 1, signal(0, 0, 0, 0, 1L): windows of 7 bytes have no room for a long",
        () -> Program.of(1).allocate(7).signal(0, 0, 0, 0, 1));
  }

  @Test
  void a_step_on_windows_that_the_rank_has_closed_is_refused() {
    assertRefused(
        "step 2, get(1, 0, 0, 0, 1): rank 1 has closed set 0",
        () -> Program.of(2).allocate(8).close(1, 0).get(1, 0, 0, 0, 1));
  }

  @Test
  void too_many_sets_are_refused() {
    ProgramBuilder builder = Program.of(1);
    for (int set = 0; set < Program.MAX_SETS; set++) {
      builder.allocate(8);
    }
    assertRefused("step 16, allocate(8): a program has at most 16 sets", () -> builder.allocate(8));
  }

  @Test
  void a_race_is_refused_with_what_it_races_with() {
    assertRefused(
        "step 3, get(1, 0, 1, 0, 8): needs a barrier before it: nothing orders it after step 2,"
            + " put(0, 0, 1, 0, 4, 1)",
        () -> Program.of(2).allocate(8).barrier().put(0, 0, 1, 0, 4, 1).get(1, 0, 1, 0, 8));
  }

  @Test
  void a_write_to_windows_that_the_peer_may_not_have_yet_is_refused() {
    assertRefused(
        "step 1, put(0, 0, 1, 0, 1, 1): needs a barrier before it: nothing orders it after step 0,"
            + " allocate(8)",
        () -> Program.of(2).allocate(8).put(0, 0, 1, 0, 1, 1));
  }

  @Test
  void closing_windows_right_after_writes_to_others_is_refused() {
    assertRefused(
        "step 3, close(0, 0): needs a barrier before it: rank 0 wrote to others' windows of the"
            + " set",
        () -> Program.of(2).allocate(8).barrier().put(0, 0, 1, 0, 1, 1).close(0, 0));
  }

  @Test
  void an_await_that_different_signals_may_end_is_refused() {
    assertRefused(
        "step 4, await(0, 0, 0, 0, Comparison.GE, 1L): needs a barrier before it: what it waits for"
            + " may be there and gone, or come from different signals",
        () ->
            Program.of(3)
                .allocate(8)
                .barrier()
                .signalAdd(1, 0, 0, 0, 1)
                .signalAdd(2, 0, 0, 0, 1)
                .await(0, 0, 0, 0, Comparison.GE, 1));
  }

  @Test
  void programs_are_not_drawn_of_impossible_numbers() {
    assertRefused("maxSteps must be at least 1, but is 0", () -> Programs.upTo(0));
    assertRefused("no numbers of ranks: 0 to 4", () -> Programs.upTo(1).withRanks(0, 4));
    assertRefused("no numbers of ranks: 5 to 4", () -> Programs.upTo(1).withRanks(5, 4));
    assertRefused("no numbers of ranks: 1 to 65", () -> Programs.upTo(1).withRanks(1, 65));
  }
}
