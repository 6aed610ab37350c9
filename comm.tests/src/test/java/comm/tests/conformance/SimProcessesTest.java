package comm.tests.conformance;

import comm.testkit.BackendUnderTest;
import comm.testkit.conformance.AvailabilityContract;
import comm.testkit.conformance.BarrierContract;
import comm.testkit.conformance.CloseContract;
import comm.testkit.conformance.FailureContract;
import comm.testkit.conformance.MemoryContract;
import comm.testkit.conformance.SessionContract;
import comm.testkit.conformance.WindowContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The backend {@code sim} with ranks as processes keeps the contract. */
class SimProcessesTest {

  private static final BackendUnderTest SIM =
      BackendUnderTest.processes("sim").withPlace(Path.of("/dev/shm"));

  @Nested
  class Availability extends AvailabilityContract {
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
  class Windows extends WindowContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Memory extends MemoryContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }

  @Nested
  class Barriers extends BarrierContract {
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
  class Close extends CloseContract {
    @Override
    protected BackendUnderTest backend() {
      return SIM;
    }
  }
}
