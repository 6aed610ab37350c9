package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.ChipContext;
import comm.worker.Orchestrator;
import comm.worker.RemoteChipException;
import comm.worker.TaskHandle;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Runs that succeed: order, groups, copies. */
class WorkerTest extends OpenWorker {

  @Test
  void each_chip_says_what_it_has() {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < CHIPS; i++) {
      ChipContext chip = worker.chips().get(i);
      assertEquals(i, chip.index());
      assertEquals(i, chip.deviceId());
      assertEquals(i, chip.rank());
      assertEquals(CHIPS, chip.nranks());
      assertTrue(chip.deviceContext() != 0);
      assertTrue(chip.actualWindowSize() >= 1 << 16);
      assertEquals(List.of("word", "rows", "bytes"), List.copyOf(chip.buffers().keySet()));
      assertEquals(chip.localWindowBase(), chip.buffer("word"));
      assertEquals(chip.localWindowBase() + 8, chip.buffer("rows"));
      pids.add(chip.pid());
    }
    assertEquals(CHIPS, pids.stream().distinct().count());
    assertEquals(
        "chip 0 has no buffer \"wordd\"; it has [word, rows, bytes]",
        assertThrows(IllegalArgumentException.class, () -> worker.chips().get(0).buffer("wordd"))
            .getMessage());
  }

  @Test
  void tasks_of_one_chip_run_in_their_order_and_copies_between_them() {
    worker.run(
        orch -> {
          for (int digit = 1; digit <= 9; digit++) {
            append(orch, 1, digit);
          }
          assertEquals(123_456_789, word(orch, 1));
          append(orch, 1, 0).await();
          assertEquals(1_234_567_890, word(orch, 1));
          assertEquals(0, word(orch, 0));
          return true;
        });
  }

  @Test
  void tasks_that_nobody_waits_for_go_on_while_the_driver_does_something_else() {
    worker.run(
        orch -> {
          for (int i = 0; i < 20; i++) {
            append(orch, 0, 1);
          }
          orch.submit(0, ChipCallable.of(Kernels.Say.class), TaskArgs.of(20));
          output.await("said 20");
          return true;
        });
  }

  @Test
  void a_run_returns_what_its_function_returns_after_all_tasks_have_ended() {
    AtomicReference<TaskHandle> last = new AtomicReference<>();
    String result =
        worker.run(
            orch -> {
              for (int i = 0; i < 50; i++) {
                last.set(append(orch, 2, 1));
              }
              return "done";
            });

    assertEquals("done", result);
    assertTrue(last.get().isDone());
  }

  @Test
  void overlapping_groups_and_single_tasks_in_any_order_all_end() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      clear();
      long[] expected = new long[CHIPS];
      worker.run(
          orch -> {
            for (int i = 0; i < 8; i++) {
              submitAny(orch, random, i, expected);
            }
            for (int chip = 0; chip < CHIPS; chip++) {
              assertEquals(expected[chip], word(orch, chip), "chip " + chip);
            }
            return true;
          });
    }
  }

  /** Submits a group of two or three that meet, or one task; each adds a number of its own. */
  private static void submitAny(Orchestrator orch, Random random, int row, long[] expected) {
    int mask = 1 + random.nextInt((1 << CHIPS) - 1);
    List<Integer> members = new ArrayList<>();
    List<TaskArgs> args = new ArrayList<>();
    for (int chip = 0; chip < CHIPS; chip++) {
      if ((mask >> chip & 1) != 0) {
        ChipContext context = orch.chips().get(chip);
        members.add(chip);
        args.add(
            TaskArgs.of(
                context.deviceContext(),
                context.buffer("rows") + 8L * CHIPS * row,
                mask,
                context.buffer("word"),
                1L << row));
        expected[chip] += 1L << row;
      }
    }
    orch.submitGroup(members, ChipCallable.of(Kernels.MeetAndAdd.class), args);
  }

  @Test
  void a_group_with_a_mistake_in_it_submits_nothing() {
    worker.run(
        orch -> {
          TaskArgs args = TaskArgs.of(orch.chips().get(0).buffer("word"), 1);
          assertThrows(
              IllegalArgumentException.class,
              () -> orch.submitGroup(List.of(0, 0), APPEND, List.of(args, args)));
          assertThrows(
              IllegalArgumentException.class,
              () -> orch.submitGroup(List.of(0, 1), APPEND, List.of(args)));
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> orch.submitGroup(List.of(0, CHIPS), APPEND, List.of(args, args)));
          assertThrows(
              IllegalArgumentException.class, () -> orch.submitGroup(List.of(), APPEND, List.of()));
          assertThrows(
              IllegalArgumentException.class,
              () -> orch.submit(0, ChipCallable.named("x".repeat(2000)), args));
          assertEquals(0, word(orch, 0));
          return true;
        });
  }

  @Test
  void large_copies_and_allocations_work_and_freeing_twice_is_an_error() {
    byte[] bytes = new byte[(3 << 20) + 17];
    new Random(1).nextBytes(bytes);
    long address =
        worker.run(
            orch -> {
              long memory = orch.malloc(2, bytes.length);
              orch.copyTo(2, memory, ByteBuffer.wrap(bytes));
              ByteBuffer back = ByteBuffer.allocate(bytes.length);
              orch.copyFrom(2, back, memory);
              assertArrayEquals(bytes, back.array());
              orch.free(2, memory);
              return memory;
            });

    RemoteChipException twice =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(
                    orch -> {
                      orch.free(2, address);
                      return true;
                    }));
    assertEquals("free", twice.step());
    assertTrue(twice.remoteMessage().contains("has been freed before"), twice.getMessage());
  }

  @Test
  void runs_come_one_after_the_other_and_an_orchestrator_ends_with_its_run() {
    Orchestrator kept =
        worker.run(
            orch -> {
              assertThrows(IllegalStateException.class, () -> worker.run(inner -> true));
              return orch;
            });

    assertThrows(IllegalStateException.class, () -> append(kept, 0, 1));
    assertThrows(IllegalStateException.class, kept::awaitAll);
  }

  @Test
  void ten_thousand_runs_leave_no_descriptors_behind() throws IOException {
    long before = Processes.descriptors(worker);
    for (int i = 0; i < 10_000; i++) {
      int chip = i % CHIPS;
      boolean ended =
          worker.run(
              orch -> {
                append(orch, chip, 1);
                return true;
              });
      assertTrue(ended);
    }

    assertEquals(before, Processes.descriptors(worker));
    assertFalse(Arrays.asList(worker.toString().split(" ")).contains("(broken)"));
  }
}
