package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;

/** Failures of native calls, from a CANN that isn't there. */
public final class Failures {

  private Failures() {}

  public static Cann nothing() {
    return new Cann(CannAt.libraries(Map.of()));
  }

  /** A new one each time. */
  public static CannException failure() {
    return assertThrows(CannException.class, () -> nothing().acl().init());
  }
}
