package comm.worker.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Exit codes that stand for signals. */
class SignalsTest {

  @Test
  void knows_the_signals_that_end_ranks() {
    assertEquals(Optional.of("SIGKILL"), Signals.ofExitCode(137));
    assertEquals(Optional.of("SIGTERM"), Signals.ofExitCode(143));
    assertEquals(Optional.of("SIGINT"), Signals.ofExitCode(130));
    assertEquals(Optional.of("SIGSEGV"), Signals.ofExitCode(139));
    assertEquals(Optional.of("SIGABRT"), Signals.ofExitCode(134));
  }

  @Test
  void takes_other_codes_for_what_they_are() {
    for (int code : new int[] {0, 1, 70, 127, 128, 200, 255}) {
      assertEquals(Optional.empty(), Signals.ofExitCode(code), "code " + code);
    }
  }
}
