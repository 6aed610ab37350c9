package comm.tests.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.ChipContext;
import comm.worker.RemoteChipException;
import comm.worker.WorkerException;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Runs that fail, and what comes back from them. */
class WorkerErrorsTest extends OpenWorker {

  @Test
  void a_failed_task_comes_back_with_its_stack_trace_and_leaves_the_worker_usable() {
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () -> worker.run(orch -> orch.submit(1, FAIL, TaskArgs.of(42))));

    assertEquals(1, thrown.chip());
    assertEquals(1, thrown.code());
    assertEquals("run", thrown.step());
    assertEquals("java.lang.IllegalStateException", thrown.remoteType());
    assertEquals("number 42", thrown.remoteMessage());
    assertEquals(
        "chip 1 (device 1, pid "
            + worker.chips().get(1).pid()
            + "): task comm.tests/comm.tests.worker.Kernels$Fail failed (code=1):"
            + " java.lang.IllegalStateException: number 42",
        thrown.getMessage());
    Throwable remote = thrown.getCause();
    assertEquals("java.lang.IllegalStateException: number 42", remote.toString());
    assertEquals("comm.tests.worker.Kernels$Fail", remote.getStackTrace()[0].getClassName());
    assertEquals("java.io.IOException: the cause of it", remote.getCause().toString());
    assertEquals(5, (int) worker.run(orch -> 5));
  }

  @Test
  void errors_of_the_jvm_and_unknown_kernels_fail_their_task_only() {
    RemoteChipException overflow =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(
                    orch ->
                        orch.submit(0, ChipCallable.of(Kernels.Overflow.class), TaskArgs.none())));
    assertEquals("java.lang.StackOverflowError", overflow.remoteType());

    RemoteChipException unknown =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(orch -> orch.submit(0, ChipCallable.named("nosuch"), TaskArgs.none())));
    assertTrue(
        unknown.getMessage().contains("there is no kernel \"nosuch\"; known are: ["),
        unknown.getMessage());
  }

  @Test
  void after_a_failure_nothing_begins_and_each_call_throws_the_first_error() {
    AtomicReference<RemoteChipException> first = new AtomicReference<>();
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(
                    orch -> {
                      first.set(
                          assertThrows(
                              RemoteChipException.class,
                              orch.submit(0, FAIL, TaskArgs.of(1))::await));
                      assertSame(
                          first.get(),
                          assertThrows(WorkerException.class, () -> append(orch, 1, 7)));
                      return true;
                    }));
    assertSame(first.get(), thrown);

    assertEquals(0, (long) worker.run(orch -> word(orch, 1)));
  }

  @Test
  void the_first_error_has_the_others_suppressed_in_it() {
    List<Integer> all = List.of(0, 1, 2);
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(
                    orch ->
                        orch.submitGroup(
                            all, FAIL, List.of(TaskArgs.of(0), TaskArgs.of(1), TaskArgs.of(2)))));

    List<Integer> chips = new ArrayList<>(List.of(thrown.chip()));
    for (Throwable other : thrown.getSuppressed()) {
      chips.add(assertInstanceOf(RemoteChipException.class, other).chip());
    }
    assertEquals(all, chips.stream().sorted().toList());
  }

  @Test
  void what_the_function_throws_comes_back_and_tasks_are_waited_for() {
    IOException own = new IOException("mine");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                worker.run(
                    orch -> {
                      append(orch, 0, 3);
                      throw own;
                    })));
    assertEquals(3, (long) worker.run(orch -> word(orch, 0)));

    IllegalArgumentException plain = new IllegalArgumentException("mine");
    assertSame(
        plain,
        assertThrows(
            IllegalArgumentException.class,
            () ->
                worker.run(
                    orch -> {
                      throw plain;
                    })));
    AssertionError error = new AssertionError("mine");
    assertSame(
        error,
        assertThrows(
            AssertionError.class,
            () ->
                worker.run(
                    orch -> {
                      throw error;
                    })));
  }

  @Test
  void a_copy_past_the_window_fails_and_changes_nothing() {
    ChipContext chip = worker.chips().get(0);
    RemoteChipException thrown =
        assertThrows(
            RemoteChipException.class,
            () ->
                worker.run(
                    orch -> {
                      orch.copyTo(
                          0,
                          chip.localWindowBase() + chip.actualWindowSize() - 4,
                          ByteBuffer.allocate(8));
                      return true;
                    }));

    assertEquals("copy_to", thrown.step());
    assertTrue(thrown.remoteMessage().contains("reach past the end"), thrown.getMessage());
  }
}
