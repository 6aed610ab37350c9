package comm.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GateTest {

  private final Gate gate = new Gate(CommConfig.of(2, 4, Path.of("x")), "toy");
  private final CommException cause =
      new CommInterruptedException(gate.call("barrier", Duration.ZERO), "failed");

  @Test
  void lets_calls_pass_while_it_is_open() {
    gate.check("a");
    gate.enter("b");
    assertTrue(gate.isOccupied());
    gate.exit();
    gate.enterWait("c");
    assertTrue(gate.isOccupied());
    gate.exitWait();
    assertFalse(gate.isOccupied());
  }

  @Test
  void lets_only_one_collective_in_but_waits_beside_it() {
    gate.enter("barrier");

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> gate.enter("allocateWindows"));

    assertEquals(
        "allocateWindows: another thread is inside a collective of rank 2; collectives of one"
            + " communicator come from one thread at a time",
        e.getMessage());
    gate.enterWait("await");
    gate.enterWait("await");
    gate.exitWait();
    gate.exitWait();
    assertTrue(gate.isOccupied());
    gate.exit();
    assertDoesNotThrow(() -> gate.enter("barrier"));
  }

  @Test
  void refuses_with_the_first_cause_once_it_is_broken() {
    gate.breakWith(cause);
    gate.breakWith(new CommInterruptedException(gate.call("later", Duration.ZERO), "failed"));

    for (Runnable call :
        new Runnable[] {() -> gate.check("x"), () -> gate.enter("x"), () -> gate.enterWait("x")}) {
      CommBrokenException e = assertThrows(CommBrokenException.class, call::run);
      assertSame(cause, e.firstCause());
      assertEquals("x", e.operation());
    }
    assertFalse(gate.isOccupied());
  }

  @Test
  void refuses_as_closed_once_it_is_closed_even_if_it_was_broken() {
    gate.breakWith(cause);

    assertTrue(gate.close());
    assertFalse(gate.close());

    assertTrue(gate.isClosed());
    for (Runnable call :
        new Runnable[] {() -> gate.check("x"), () -> gate.enter("x"), () -> gate.enterWait("x")}) {
      IllegalStateException e = assertThrows(IllegalStateException.class, call::run);
      assertEquals("x: the communicator of rank 2 of 4 is closed", e.getMessage());
    }
    assertFalse(gate.isOccupied());
  }

  @Test
  void stays_closed_when_it_breaks_afterwards() {
    gate.close();

    gate.breakWith(cause);

    assertTrue(gate.isClosed());
    assertThrows(IllegalStateException.class, () -> gate.check("x"));
  }

  @Test
  void waits_until_the_calls_inside_have_ended_or_gives_up() throws InterruptedException {
    gate.enter("barrier");
    assertFalse(gate.drain(1));
    Thread ending = new Thread(gate::exit);
    ending.start();

    assertTrue(gate.drain(Duration.ofSeconds(20).toNanos()));

    ending.join();
    assertTrue(gate.drain(1));
  }
}
