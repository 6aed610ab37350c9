package comm.tests.conformance;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.AvailabilityContract;
import comm.testkit.conformance.BarrierContract;
import comm.testkit.conformance.CloseContract;
import comm.testkit.conformance.FailureContract;
import comm.testkit.conformance.SessionContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The backend {@code sim} with ranks as threads keeps the contract. */
class SimThreadsTest {

  private static final BackendUnderTest SIM =
      BackendUnderTest.threads("sim").withPlace(Path.of("/dev/shm"));

  @Nested
  class Barrier extends BarrierContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Failures extends FailureContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Availabilities extends AvailabilityContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Sessions extends SessionContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Closing extends CloseContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }
}
